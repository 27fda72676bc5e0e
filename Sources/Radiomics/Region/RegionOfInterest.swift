// The voxels that features are computed from: the smallest box around a region.
import Imaging

/// A region cut to its box: grey values, and which of them count.
struct RegionOfInterest: Sendable {
    /// Voxels of the box along x, y, z.
    let size: Index3
    let spacingMM: SIMD3<Double>
    /// One grey value per voxel of the box, x fastest.
    let values: [Double]
    /// Whether each voxel of the box belongs to the region.
    let inside: [Bool]
    /// The grey values inside, in the order of the voxels.
    let valuesInside: [Double]

    /// Voxels inside.
    var count: Int { valuesInside.count }

    var voxelVolumeMM3: Double { spacingMM.x * spacingMM.y * spacingMM.z }

    init(size: Index3, spacingMM: SIMD3<Double>, values: [Double], inside: [Bool]) {
        self.size = size
        self.spacingMM = spacingMM
        self.values = values
        self.inside = inside
        valuesInside = [Double](unsafeUninitializedCapacity: values.count) { out, n in
            values.withUnsafeBufferPointer { values in
                inside.withUnsafeBufferPointer { inside in
                    var next = 0
                    for i in 0..<values.count {
                        // Written in any case, kept only inside: no branch that cannot be foretold.
                        out[next] = values[i]
                        next += inside[i] ? 1 : 0
                    }
                    n = next
                }
            }
        }
    }

    /// The part of an image and of a mask of the same size in a box.
    init(_ image: GreyImage, inside: [Bool], in box: IndexBox) {
        self.init(
            size: box.size, spacingMM: image.spacingMM,
            values: crop(image.values, of: image.size, from: box.lower, size: box.size),
            inside: crop(inside, of: image.size, from: box.lower, size: box.size))
    }
}
