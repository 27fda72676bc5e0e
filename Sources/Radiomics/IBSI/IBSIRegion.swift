// The processing chain of the ibsi mode: a scan and a mask become the image and the two masks that features are computed from.
import Domain
import Imaging

/// A resampled image with its morphological and its intensity mask.
///
/// Source: IBSI reference manual, chapter 2: resampling on a grid with the same centre, rounding, resegmentation by range, then
/// by outliers. Discretisation comes later and differs between families.
///
/// For filters (IBSI 2): take the whole image and filter `image`, then choose the voxels again by the response's own values
/// if the settings ask for it:
///
///     let region = try IBSIRegion(volume, mask, settings: settings, part: .wholeImage)
///     let response = filter.filtered(region.image)                    // GreyImage of the same size
///     let statistics = GreyStatistics(region.intensities(of: response))
struct IBSIRegion: Sendable {
    /// How much of the resampled image is kept.
    enum Part: Sendable {
        case wholeImage
        /// The region's box with a border of at least this much.
        case border(mm: Double)
    }

    /// The resampled, rounded image: all of it or a box.
    let image: GreyImage
    /// The resampled mask on the image's voxels: what morphology and distances are measured on.
    let morphologicalMask: [Bool]
    /// The voxels whose values count: the morphological mask after resegmentation. May be empty only before `init` returns.
    let intensityMask: [Bool]

    /// - Parameters:
    ///   - volume: grey values, HU for CT.
    ///   - mask: the region, on the volume's grid.
    /// - Throws: `RadiomicsError`: grids that differ, a region that is empty, before or after resegmentation, voxels that
    ///   are not finite, settings out of range.
    init(_ volume: Volume, _ mask: VoxelMask, settings: IBSISettings, part: Part) throws(RadiomicsError) {
        try requireSameGrid(volume.geometry, mask.geometry)
        guard let maskBox = mask.boundingBox() else { throw .regionEmpty }
        let spacing = try Self.spacing(volume.geometry, settings)
        if case .wholeImage = part {
            try requireAffordable(volume.geometry.size, of: volume.geometry, spacingMM: spacing)
        } else {
            try requireAffordable(maskBox.size, of: volume.geometry, spacingMM: spacing)
        }
        let grid = IBSIGrid(volume.geometry, spacingMM: spacing)
        let inside = BoxMask(mask, grid, over: maskBox, threshold: settings.maskThreshold)
        guard let box = inside.boundingBox else { throw .regionEmpty }
        let kept: IndexBox
        switch part {
        case .wholeImage: kept = IndexBox(lower: Index3(x: 0, y: 0, z: 0), size: grid.target.size)
        case .border(let mm):
            let margin = IndexBox.margin(mm: mm, in: grid.target)
            kept = box.expanded(by: margin, within: grid.target.size)
        }
        morphologicalMask = inside.voxels(in: kept)
        var values = Self.resampled(volume, grid, kept, settings.interpolation)
        if settings.roundsIntensities { for i in values.indices { values[i].round(.toNearestOrEven) } }
        image = GreyImage(size: kept.size, spacingMM: grid.target.spacingMM, values: values)
        intensityMask = try resegmented(morphologicalMask, values, settings)
    }

    /// The region cut to the box of its morphological mask.
    var tight: IBSIRegion {
        let whole = Geometry(size: image.size, spacingMM: image.spacingMM)
        let mask = VoxelMask(geometry: whole, voxels: morphologicalMask)
        guard let box = mask.boundingBox(), box.size != image.size else { return self }
        return IBSIRegion(
            image: GreyImage(
                size: box.size, spacingMM: image.spacingMM, values: cut(image.values, image.size, to: box)),
            morphologicalMask: cut(morphologicalMask, image.size, to: box),
            intensityMask: cut(intensityMask, image.size, to: box))
    }

    /// The region with a filter's response map in place of its image; the masks stay.
    func filtered(by filter: IBSIFilter, cancellation: Cancellation) throws -> IBSIRegion {
        IBSIRegion(
            image: try filter.filtered(image, cancellation: cancellation), morphologicalMask: morphologicalMask,
            intensityMask: intensityMask)
    }

    private init(image: GreyImage, morphologicalMask: [Bool], intensityMask: [Bool]) {
        self.image = image
        self.morphologicalMask = morphologicalMask
        self.intensityMask = intensityMask
    }

    /// The values of an image of this size inside the intensity mask, in the order of the voxels.
    func intensities(of image: GreyImage) -> [Double] {
        zip(image.values, intensityMask).compactMap { $1 ? $0 : nil }
    }

    private static func spacing(_ old: Geometry, _ settings: IBSISettings) throws(RadiomicsError) -> SIMD3<Double> {
        guard var spacing = settings.spacingMM else { return old.spacingMM }
        if settings.dimension == .slices { spacing.z = old.spacingMM.z }
        for axis in 0..<3 where !(spacing[axis] > 0 && spacing[axis].isFinite) { throw .spacingInvalid(spacing[axis]) }
        return spacing
    }

    private static func resampled(
        _ volume: Volume, _ grid: IBSIGrid, _ box: IndexBox, _ interpolation: IBSISettings.Interpolation
    ) -> [Double] {
        switch interpolation {
        case .linear:
            let sources = grid.sources(of: box)
            let old = volume.cropped(from: sources.lower, size: sources.size).voxels.map { Double($0) }
            return grid.interpolated(old, in: box)
        case .cubicSpline:
            // Beyond 32 voxels a value's influence on the spline is below 1e-16 (`BSplineVolume`).
            let margin = Index3(x: 32, y: 32, z: 32)
            let reach = grid.sources(of: box).expanded(by: margin, within: volume.geometry.size)
            return BSplineVolume(volume, within: reach)
                .sampled(on: grid.target.cropped(from: box.lower, size: box.size), outside: nil)
        }
    }
}

/// The values of a box inside a grid of this size, x fastest.
private func cut<Value>(_ values: [Value], _ size: Index3, to box: IndexBox) -> [Value] {
    var part: [Value] = []
    part.reserveCapacity(box.size.count)
    for z in box.lower.z..<box.lower.z + box.size.z {
        for y in box.lower.y..<box.lower.y + box.size.y {
            let start = (z * size.y + y) * size.x + box.lower.x
            part += values[start..<start + box.size.x]
        }
    }
    return part
}

/// A mask on a box of a grid; nothing lies outside the box.
private struct BoxMask {
    let box: IndexBox
    let voxels: [Bool]

    /// The voxels around a box of the old grid where the interpolated mask reaches the threshold.
    init(_ mask: VoxelMask, _ grid: IBSIGrid, over old: IndexBox, threshold: Double) {
        box = grid.box(over: old)
        let shares = grid.interpolated(mask.cropped(to: grid.sources(of: box)).voxels.map { $0 ? 1 : 0 }, in: box)
        voxels = shares.map { $0 >= threshold }
    }

    private var part: VoxelMask { VoxelMask(geometry: Geometry(size: box.size, spacingMM: [1, 1, 1]), voxels: voxels) }

    /// In indices of the grid; nil when the mask is empty.
    var boundingBox: IndexBox? {
        guard var inner = part.boundingBox() else { return nil }
        inner.lower = Index3(
            x: inner.lower.x + box.lower.x, y: inner.lower.y + box.lower.y, z: inner.lower.z + box.lower.z)
        return inner
    }

    /// The mask on another box of the grid, x fastest.
    func voxels(in other: IndexBox) -> [Bool] {
        var result = [Bool](repeating: false, count: other.size.count)
        for z in 0..<other.size.z {
            let k = z + other.lower.z - box.lower.z
            guard k >= 0, k < box.size.z else { continue }
            for y in 0..<other.size.y {
                let j = y + other.lower.y - box.lower.y
                guard j >= 0, j < box.size.y else { continue }
                for x in 0..<other.size.x {
                    let i = x + other.lower.x - box.lower.x
                    guard i >= 0, i < box.size.x else { continue }
                    result[(z * other.size.y + y) * other.size.x + x] = voxels[(k * box.size.y + j) * box.size.x + i]
                }
            }
        }
        return result
    }
}

/// The voxels of a mask whose values lie in the range and then within the outlier bound of what is left.
private func resegmented(
    _ mask: [Bool], _ values: [Double], _ settings: IBSISettings
) throws(RadiomicsError) -> [Bool] {
    for i in mask.indices where mask[i] && !values[i].isFinite { throw .voxelNotFinite }
    var kept = mask
    if let range = settings.intensityRange {
        for i in kept.indices where kept[i] && !range.contains(values[i]) { kept[i] = false }
    }
    if let sigma = settings.outlierSigma {
        var (count, mean, spread) = (0.0, 0.0, 0.0)
        for i in kept.indices where kept[i] {
            count += 1
            mean += values[i]
        }
        mean /= count
        for i in kept.indices where kept[i] { spread += (values[i] - mean) * (values[i] - mean) }
        let bound = sigma * (spread / count).squareRoot()
        for i in kept.indices where kept[i] && abs(values[i] - mean) > bound { kept[i] = false }
    }
    guard kept.contains(true) else { throw .intensityMaskEmpty }
    return kept
}
