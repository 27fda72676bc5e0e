// The voxels that features are computed from: the smallest box around a region.
import Domain
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
    /// Voxels inside.
    let count: Int

    var voxelVolumeMM3: Double { spacingMM.x * spacingMM.y * spacingMM.z }

    /// The grey values inside, in the order of the voxels.
    var valuesInside: [Double] { zip(values, inside).compactMap { $1 ? $0 : nil } }

    /// Checks and cuts an image and a mask on the same grid, resampling both first when the settings ask for it.
    ///
    /// - Throws: `RadiomicsError`.
    init(
        _ volume: Volume, _ mask: VoxelMask, storedAs type: StoredType = .int16, settings: RadiomicsSettings
    ) throws(RadiomicsError) {
        try requireSameGrid(volume.geometry, mask.geometry)
        guard let box = mask.boundingBox() else { throw .regionEmpty }
        try requireExtent(box, mask.count)
        guard let spacing = settings.resampledSpacingMM, !isSpacing(spacing, of: volume.geometry) else {
            let values = volume.cropped(from: box.lower, size: box.size).voxels.map { Double($0) }
            try self.init(values: values, mask: mask.cropped(to: box))
            return
        }
        let resampled = try ResampledRegion(volume, mask, box: box, spacingMM: spacing, storedAs: type)
        guard let newBox = resampled.mask.boundingBox() else { throw .regionEmpty }
        try requireExtent(newBox, resampled.mask.count)
        try self.init(values: resampled.values(in: newBox), mask: resampled.mask.cropped(to: newBox))
    }

    private init(values: [Double], mask: VoxelMask) throws(RadiomicsError) {
        for (value, isInside) in zip(values, mask.voxels) where isInside && !value.isFinite { throw .voxelNotFinite }
        size = mask.geometry.size
        spacingMM = mask.geometry.spacingMM
        self.values = values
        inside = mask.voxels
        count = mask.count
    }
}

/// PyRadiomics refuses a region of one voxel and one that extends along fewer than two axes (`minimumROIDimensions`).
private func requireExtent(_ box: IndexBox, _ voxels: Int) throws(RadiomicsError) {
    let axes = [box.size.x, box.size.y, box.size.z].filter { $0 > 1 }.count
    guard voxels > 1, axes > 1 else { throw .regionTooSmall(voxels: voxels, extendedAxes: axes) }
}

/// True when the image has the spacing already, so that PyRadiomics does not interpolate it (`numpy.allclose`). 0 keeps an axis.
private func isSpacing(_ wanted: SIMD3<Double>, of image: Geometry) -> Bool {
    (0..<3).allSatisfy { axis in
        wanted[axis] == 0 || abs(image.spacingMM[axis] - wanted[axis]) <= 1e-8 + 1e-5 * abs(wanted[axis])
    }
}

/// Largest difference of spacing, origin (both millimetres) and axes (cosines) between an image and its mask: PyRadiomics'
/// `geometryTolerance`.
private let gridTolerance = 1e-6

func requireSameGrid(_ image: Geometry, _ mask: Geometry) throws(RadiomicsError) {
    func differ(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> Bool {
        let d = a - b
        return max(abs(d.x), abs(d.y), abs(d.z)) > gridTolerance
    }
    if image.size != mask.size { throw .gridMismatch(property: "size") }
    if differ(image.spacingMM, mask.spacingMM) { throw .gridMismatch(property: "spacing") }
    if differ(image.originMM, mask.originMM) { throw .gridMismatch(property: "origin") }
    if differ(image.xAxis, mask.xAxis) || differ(image.yAxis, mask.yAxis) || differ(image.zAxis, mask.zAxis) {
        throw .gridMismatch(property: "orientation")
    }
}
