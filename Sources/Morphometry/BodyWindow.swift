// The body of one vertebra cut out of the scan: grey values, mask and depth on one small grid.
import Domain
import Imaging

/// A box of the vertebra's grid around its body. All arrays follow `box`.
struct BodyWindow {
    /// The box inside the grid of `vertebra.parts`.
    let box: IndexBox
    /// HU.
    let volume: Volume
    /// The body, its holes filled: gas inside the bone is part of the body though a mask by density may leave it out.
    let body: VoxelMask
    /// Distance from each body voxel to the nearest voxel outside, mm; 0 outside.
    let depthMM: Volume
    /// The trabecular region (`TrabecularRegion`).
    let trabecular: VoxelMask
    /// Median HU of the trabecular region; nil where it is empty.
    let marrowHU: Double?

    /// - Throws: `MorphometryError.bodyEmpty`.
    init(_ vertebra: Vertebra, in volume: Volume) throws {
        let wide = vertebra.bodyMask().holesFilled()
        guard let tight = wide.boundingBox() else { throw MorphometryError.bodyEmpty(level: vertebra.level) }
        let inner = vertebra.parts.geometry.size
        let margin = (wide.geometry.size.x - inner.x) / 2
        let onParts = IndexBox(
            lower: Index3(x: tight.lower.x - margin, y: tight.lower.y - margin, z: tight.lower.z - margin),
            size: tight.size)
        box = onParts.expanded(by: IndexBox.margin(mm: Self.marginMM, in: vertebra.parts.geometry), within: inner)
        let shifted = IndexBox(
            lower: Index3(x: box.lower.x + margin, y: box.lower.y + margin, z: box.lower.z + margin), size: box.size)
        body = wide.cropped(to: shifted)
        let depth = wide.depthMM()
        depthMM = depth.cropped(from: shifted.lower, size: shifted.size)
        trabecular = TrabecularRegion.mask(of: vertebra).cropped(to: box)
        let low = vertebra.lowerIndex
        self.volume = volume.cropped(
            from: Index3(x: low.x + box.lower.x, y: low.y + box.lower.y, z: low.z + box.lower.z), size: box.size)
        var values: [Float] = []
        for i in trabecular.voxels.indices where trabecular.voxels[i] { values.append(self.volume.voxels[i]) }
        marrowHU = values.isEmpty ? nil : Double(median(of: values))
    }

    /// Room for the blur of the surface and for what bulges beyond it (our choice).
    private static let marginMM = 2.0

    /// Frame coordinates of a voxel of the window.
    func local(_ offset: Int, _ frame: VertebralFrame) -> SIMD3<Double> {
        let size = box.size
        let row = offset / size.x
        return frame.local(
            volume.geometry.point(at: Index3(x: offset - row * size.x, y: row % size.y, z: row / size.y)))
    }
}
