// One label of an uploaded map as an image: bright inside, dark outside.
import Imaging

/// The neighbourhood of one label, thinned to about a millimetre where the map is finer, as grey values in which the
/// surface search finds the label's own border.
struct MaskGrid {
    /// 300 inside the label, 0 outside, slightly blurred.
    let volume: Volume
    /// The point that lies deepest inside the label: the middle of the body, its thickest part.
    let deepestMM: PointMM

    private static let insideValue: Float = 300
    /// Blur that turns the label's steps into edges with a sub-voxel position; our choice.
    private static let blurMM = 0.7
    private static let finestMM = 1.0

    /// - Parameter box: the voxels of `map` that hold the label, with a margin.
    init(of label: UInt16, in map: LabelMap, box: IndexBox) {
        let spacing = map.geometry.spacingMM
        let factor = Index3(
            x: max(1, Int(Self.finestMM / spacing.x)), y: max(1, Int(Self.finestMM / spacing.y)),
            z: max(1, Int(Self.finestMM / spacing.z)))
        let size = Index3(
            x: (box.size.x - 1) / factor.x + 1, y: (box.size.y - 1) / factor.y + 1,
            z: (box.size.z - 1) / factor.z + 1)
        var geometry = map.geometry.cropped(from: box.lower, size: size)
        geometry.spacingMM *= [Double(factor.x), Double(factor.y), Double(factor.z)]
        var inside = VoxelMask(geometry: geometry)
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    inside[x, y, z] =
                        map[
                            box.lower.x + x * factor.x, box.lower.y + y * factor.y, box.lower.z + z * factor.z] == label
                }
            }
        }
        let solid = inside.holesFilled()
        let depth = solid.depthMM()
        var deepest = 0
        for i in depth.voxels.indices where depth.voxels[i] > depth.voxels[deepest] { deepest = i }
        deepestMM = geometry.point(
            at: Index3(
                x: deepest % size.x, y: deepest / size.x % size.y, z: deepest / (size.x * size.y)))
        volume = Volume(geometry: geometry, voxels: solid.voxels.map { $0 ? Self.insideValue : 0 })
            .smoothed(sigmaMM: Self.blurMM)
    }

    /// How far the label reaches from the body's centre along a direction, in a patch of the given half width.
    func extentMM(from frame: VertebralFrame, along direction: SIMD3<Double>, patchMM: SIMD2<Double>) -> Double {
        var furthest = 0.0
        for a in -2...2 {
            for b in -2...2 {
                let start = frame.point([Double(a) / 2 * patchMM.x, Double(b) / 2 * patchMM.y, 0])
                var distance = 0.0
                while distance < 40, volume.value(at: start + direction * distance) > Self.insideValue / 2 {
                    distance += 0.5
                }
                furthest = max(furthest, distance)
            }
        }
        return furthest
    }
}
