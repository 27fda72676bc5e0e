// A region ready for filters: the image around it and its mask, on one grid.
import Imaging

/// What filters and feature classes start from.
struct PreparedRegion: Sendable {
    let label: Int
    let grid: Geometry
    /// The image on the grid: the region, and what filters need around it.
    let image: GreyImage
    /// Voxels of the grid that belong to the region before and after resegmentation, x fastest; equal without one.
    let inside: [Bool]
    let resegmented: [Bool]
    /// The smallest box around the region as resegmented.
    let box: IndexBox
    /// Which voxels of the box belong to the region as resegmented.
    private let insideBox: [Bool]
    /// Largest |x| of the whole image that a filter is meant to see, of which `image` may be a part.
    let maximumMagnitude: Double
    /// How the image stores its values; normalised ones are double.
    let storedType: StoredType

    /// - Parameters:
    ///   - known: the values of the voxels in the plan's `source` box; their memory is used again.
    ///   - type: how the image stores its values.
    /// - Throws: `RadiomicsError`: a region that is too small, a voxel that is not finite, a range that leaves too little.
    init(
        _ plan: RegionPlan, values known: consuming [Double], of survey: ImageSurvey, storedAs type: StoredType,
        _ normalisation: Normalisation?, settings: RadiomicsSettings
    ) throws(RadiomicsError) {
        label = plan.label
        grid = plan.grid
        var values = known
        normalisation?.apply(to: &values)
        if plan.isResampled {
            let sampled = Self.resampled(consume values, plan, survey.geometry, settings)
            values = normalisation == nil ? stored(sampled, as: type) : sampled
        }
        image = GreyImage(size: grid.size, spacingMM: grid.spacingMM, values: values)
        storedType = normalisation == nil ? type : .float64
        inside = plan.inside
        try requireExtent(inside, grid, label, settings)
        guard zip(values, inside).allSatisfy({ !$1 || $0.isFinite }) else { throw .voxelNotFinite }
        resegmented = try resegment(inside, values, label, settings) ?? inside
        box = try requireExtent(resegmented, grid, label, settings)
        insideBox = crop(resegmented, of: grid.size, from: box.lower, size: box.size)
        if plan.isResampled || settings.preCrop || settings.resampledSpacingMM != nil {
            maximumMagnitude = values.reduce(0) { max($0, abs($1)) }
        } else {
            var ends = [survey.minimum, survey.maximum]
            normalisation?.apply(to: &ends)
            maximumMagnitude = ends.reduce(0) { max($0, abs($1)) }
        }
    }

    /// The region cut to its box, for shape.
    func shapeRegion(_ settings: RadiomicsSettings) -> RegionOfInterest {
        RegionOfInterest(image, inside: settings.resegmentShape ? resegmented : inside, in: box)
    }

    /// A filtered image cut to the region's box.
    func region(of filtered: GreyImage) -> RegionOfInterest {
        RegionOfInterest(
            size: box.size, spacingMM: filtered.spacingMM,
            values: crop(filtered.values, of: filtered.size, from: box.lower, size: box.size), inside: insideBox)
    }

    private static func resampled(
        _ values: consuming [Double], _ plan: RegionPlan, _ image: Geometry, _ settings: RadiomicsSettings
    ) -> [Double] {
        switch settings.interpolator {
        case .nearestNeighbor: nearest(values, in: plan.source, of: image, on: plan.grid, outside: 0)
        case .linear: interpolatedLinearly(values, in: plan.source, of: image, on: plan.grid, outside: 0)
        case .bSpline, nil:
            BSplineVolume(values, in: plan.source, of: image, for: image.box(around: plan.grid))
                .sampled(on: plan.grid, outside: 0)
        }
    }
}

/// Interpolated values as the image's own type holds them: ITK clamps to its range and cuts towards zero.
private func stored(_ values: [Double], as type: StoredType) -> [Double] {
    if let range = type.wholeNumberRange {
        return values.map { min(max($0, range.lowerBound), range.upperBound).rounded(.towardZero) }
    }
    return type == .float32 ? values.map { Double(Float($0)) } : values
}

/// The smallest box around a region. PyRadiomics refuses a region of one voxel, one that extends along too few axes
/// (`minimumROIDimensions`) and one that is not larger than `minimumROISize`.
@discardableResult
private func requireExtent(
    _ inside: [Bool], _ grid: Geometry, _ label: Int, _ settings: RadiomicsSettings
) throws(RadiomicsError) -> IndexBox {
    let mask = VoxelMask(geometry: grid, voxels: inside)
    guard let box = mask.boundingBox() else { throw .labelLost(label) }
    let axes = [box.size.x, box.size.y, box.size.z].filter { $0 > 1 }.count
    let count = mask.count
    guard axes > 0, axes >= settings.minimumROIDimensions else {
        throw .regionTooSmall(voxels: count, extendedAxes: axes, neededAxes: max(settings.minimumROIDimensions, 1))
    }
    if let least = settings.minimumROISize, count <= least { throw .regionTooFew(voxels: count, minimum: least) }
    return box
}

/// Which voxels lie within `resegmentRange` (PyRadiomics 3.0.1 `resegmentMask`); nil when there is none.
private func resegment(
    _ inside: [Bool], _ values: [Double], _ label: Int, _ settings: RadiomicsSettings
) throws(RadiomicsError) -> [Bool]? {
    guard var thresholds = settings.resegmentRange?.sorted() else { return nil }
    guard let lowest = thresholds.first, thresholds.count <= 2 else { throw .resegmentRangeInvalid(thresholds.count) }
    let region = zip(values, inside).compactMap { $1 ? $0 : nil }
    switch settings.resegmentMode {
    case .absolute: break
    case .relative:
        let largest = region.max() ?? 0
        thresholds = thresholds.map { largest * $0 }
    case .sigma:
        let n = Double(region.count)
        let mean = region.reduce(0, +) / n
        let deviation = (region.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n).squareRoot()
        thresholds = thresholds.map { mean + deviation * $0 }
    }
    let low = thresholds.first ?? lowest
    let high = thresholds.count == 2 ? thresholds[1] : .infinity
    let kept = zip(values, inside).map { $1 && $0 >= low && $0 <= high }
    let count = kept.reduce(0) { $0 + ($1 ? 1 : 0) }
    guard count > 1 else { throw .resegmentationEmpty(label: label, voxels: count) }
    return kept
}
