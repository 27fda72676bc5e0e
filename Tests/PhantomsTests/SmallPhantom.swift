// Small phantoms that the tests share: one vertebra, quick to build, without what would blur a figure.
import Domain
import Imaging
import Phantoms

extension PhantomRecipe {
    /// One vertebra without noise, texture and unevenness, so that figures follow from the recipe by hand.
    static func plain(_ level: VertebralLevel = .L3, spacingMM: SIMD3<Double> = [0.7, 0.7, 1]) -> PhantomRecipe {
        var recipe = PhantomRecipe(seed: 11, levels: [level])
        recipe.spacingMM = spacingMM
        recipe.fieldOfViewMM = [104, 130]
        recipe.marginMM = 8
        recipe.noiseSDHU = 0
        recipe.textureSDHU = 0
        recipe.cortexThicknessVariation = 0
        return recipe
    }
}

extension Phantom {
    /// Mean HU of a ball; voxels whose centre lies in it.
    func meanHU(around centre: PointMM, radiusMM: Double) -> Double {
        var sum = 0.0
        var count = 0
        forEachVoxel { point, value, _ in
            if length(point - centre) <= radiusMM {
                sum += Double(value)
                count += 1
            }
        }
        return sum / Double(max(count, 1))
    }

    /// Calls `body` with each voxel's centre, HU and offset.
    func forEachVoxel(_ body: (PointMM, Float, Int) -> Void) {
        let size = volume.geometry.size
        var offset = 0
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    body(volume.geometry.point(at: Index3(x: x, y: y, z: z)), volume.voxels[offset], offset)
                    offset += 1
                }
            }
        }
    }

    /// Volume of the voxels of a label, millilitres.
    static func volumeML(of value: UInt16, in map: LabelMap) -> Double {
        Double(map.labels.count { $0 == value }) * map.geometry.voxelVolumeMM3 / 1000
    }
}
