// How sparse and how directed the trabecular bone of a body looks.
import Imaging

/// Image texture of the trabecular region. At clinical resolution single trabeculae are not seen: these numbers describe grey values and are no
/// micro-CT measures.
package struct TrabecularTexture: Sendable, Hashable {
    /// Share of the region's voxels below `sparseHU`, 0…1.
    package var sparsity: Double
    /// 1 − least over greatest eigenvalue of the structure tensor, 0…1; 0 where grey values change alike in every direction.
    package var anisotropy: Double
    /// Unit vector in the vertebral frame along which grey values change least: where structures run.
    package var mainDirection: SIMD3<Double>

    /// Below the marrow of most patients over 90 years (89 ± 38 HU: Jang 2019, 10.1148/radiol.2019181648) by one standard
    /// deviation (our choice).
    package static let sparseHU = 50.0
    package static let sparsityDefinition =
        "share of the trabecular region's voxels below 50 HU (our choice of threshold)"
    package static let anisotropyDefinition = """
        1 - least/greatest eigenvalue of the structure tensor (mean outer product of gradients of the scan smoothed by 1 mm) over the \
        trabecular region: image texture, blur and voxel shape included, not micro-CT
        """

    /// - Parameter region: on the grid of `vertebra.parts`.
    /// - Returns: nil for fewer than 100 voxels.
    init?(_ region: VoxelMask, vertebra: Vertebra, volume: Volume) {
        guard region.count >= Self.leastVoxels, let tight = region.boundingBox() else { return nil }
        let margin = IndexBox.margin(mm: 3 * Self.smoothingMM, in: region.geometry)
        let box = tight.expanded(by: margin, within: region.geometry.size)
        let low = vertebra.lowerIndex
        let part = volume.cropped(
            from: Index3(x: low.x + box.lower.x, y: low.y + box.lower.y, z: low.z + box.lower.z), size: box.size)
        let inside = region.cropped(to: box).voxels
        let smooth = part.smoothed(sigmaMM: Self.smoothingMM)
        let size = box.size
        let spacing = part.geometry.spacingMM
        let (dy, dz) = (size.x, size.x * size.y)
        var sparse = 0
        var count = 0
        // xx, yy, zz, xy, xz, yz along the image axes.
        var tensor = [Double](repeating: 0, count: 6)
        smooth.voxels.withUnsafeBufferPointer { v in
            for z in 1..<max(size.z - 1, 1) {
                for y in 1..<max(size.y - 1, 1) {
                    for x in 1..<max(size.x - 1, 1) {
                        let i = (z * size.y + y) * size.x + x
                        guard inside[i] else { continue }
                        count += 1
                        if part.voxels[i] < Float(Self.sparseHU) { sparse += 1 }
                        let gx = Double(v[i + 1] - v[i - 1]) / (2 * spacing.x)
                        let gy = Double(v[i + dy] - v[i - dy]) / (2 * spacing.y)
                        let gz = Double(v[i + dz] - v[i - dz]) / (2 * spacing.z)
                        tensor[0] += gx * gx
                        tensor[1] += gy * gy
                        tensor[2] += gz * gz
                        tensor[3] += gx * gy
                        tensor[4] += gx * gz
                        tensor[5] += gy * gz
                    }
                }
            }
        }
        guard count >= Self.leastVoxels else { return nil }
        let principal = SymmetricMoments(
            xx: tensor[0], yy: tensor[1], zz: tensor[2], xy: tensor[3], xz: tensor[4], yz: tensor[5]
        ).principalAxes()
        guard principal[0].variance > 0 else { return nil }
        sparsity = Double(sparse) / Double(count)
        anisotropy = min(max(1 - principal[2].variance / principal[0].variance, 0), 1)
        let axis = principal[2].axis
        let geometry = part.geometry
        let direction = geometry.xAxis * axis.x + geometry.yAxis * axis.y + geometry.zAxis * axis.z
        let frame = vertebra.frame
        let local: SIMD3<Double> = [dot(direction, frame.x), dot(direction, frame.y), dot(direction, frame.z)]
        mainDirection = local.z < 0 ? -local : local
    }

    private static let leastVoxels = 100
    private static let smoothingMM = 1.0
}
