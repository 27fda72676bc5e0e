// What is to be done for one label, known before the image is read: its grid, its mask there, and the voxels that are needed.
import Imaging

/// A region on the grid on which filters run.
struct RegionPlan {
    let label: Int
    /// The region as the mask has it: box, voxels, parts.
    let original: LabelRegion
    /// The grid: a new one, or a box of the image's own.
    let grid: Geometry
    /// Which voxels of the grid belong to the region, x fastest.
    let inside: [Bool]
    /// The voxels of the image that values on the grid depend on.
    let source: IndexBox
    /// Values are interpolated; otherwise `source` is the grid.
    let isResampled: Bool
    /// The mask had to be brought to the image's grid (`correctMask`).
    let isCorrected: Bool

    /// - Throws: `RadiomicsError`: grids that differ, a region outside the image or too small on its grid.
    init(
        _ region: LabelRegion, mask: Geometry, image: Geometry, settings: RadiomicsSettings
    ) throws(RadiomicsError) {
        label = region.label
        original = region
        let tolerance = settings.geometryTolerance ?? defaultGeometryTolerance
        if let wanted = settings.resampledSpacingMM, settings.interpolator != nil {
            try requireInside(image, region, of: mask)
            let spacing = mask.resamplingSpacing(wanted, around: region.box)
            if !image.hasSpacing(spacing) {
                try requireAffordable(region.box.size, of: mask, spacingMM: spacing)
                grid = mask.resamplingGrid(around: region.box, spacingMM: spacing, border: settings.padDistance)
                inside = nearest(
                    region.inside(region.box), in: region.box, of: mask, on: grid,
                    within: .whole(grid))
                let reach =
                    switch (settings.interpolator, settings.normalize) {
                    case (.bSpline, true): BSplineVolume.reachVoxels
                    case (.bSpline, false): BSplineVolume.exactReachVoxels
                    default: 1
                    }
                source = image.box(around: grid)
                    .expanded(by: Index3(x: reach, y: reach, z: reach), within: image.size)
                (isResampled, isCorrected) = (true, false)
                return
            }
        }
        isResampled = false
        let isResamplingMask = settings.resampledSpacingMM != nil && settings.interpolator != nil
        let (box, regionBox, insideBox, corrected) = try Self.onImage(
            region, mask, image, tolerance, mayMove: isResamplingMask || settings.correctMask)
        isCorrected = corrected
        if isResamplingMask || settings.preCrop {
            let pad = settings.padDistance
            source = regionBox.expanded(by: Index3(x: pad, y: pad, z: pad), within: image.size)
        } else {
            source = filterBox(regionBox, image, settings.images)
        }
        grid = image.cropped(from: source.lower, size: source.size)
        inside = moved(insideBox, from: box, to: source)
    }

    /// The region on the image's grid: a box with which of its voxels belong to it, and the smallest such box.
    private static func onImage(
        _ region: LabelRegion, _ mask: Geometry, _ image: Geometry, _ tolerance: Double, mayMove: Bool
    ) throws(RadiomicsError) -> (box: IndexBox, regionBox: IndexBox, inside: [Bool], isMoved: Bool) {
        do throws(RadiomicsError) {
            try requireSameGrid(image, mask, tolerance: tolerance)
            return (region.box, region.box, region.inside(region.box), false)
        } catch {
            guard mayMove else { throw error }
            try requireInside(image, region, of: mask)
            let box = image.box(around: region.box, of: mask)
            let inside = nearest(region.inside(region.box), in: region.box, of: mask, on: image, within: box)
            let moved = VoxelMask(geometry: image.cropped(from: box.lower, size: box.size), voxels: inside)
            guard var tight = moved.boundingBox() else { throw .labelLost(region.label) }
            tight.lower = Index3(
                x: tight.lower.x + box.lower.x, y: tight.lower.y + box.lower.y, z: tight.lower.z + box.lower.z)
            return (box, tight, inside, true)
        }
    }
}

/// The part of the image that filters must see so that the region's values are those of the whole image.
private func filterBox(_ region: IndexBox, _ image: Geometry, _ images: [ImageSettings]) -> IndexBox {
    func most(_ images: [ImageSettings]) -> Index3 {
        let reach = images.map { $0.reachVoxels(spacingMM: image.spacingMM) }
        return Index3(x: reach.map(\.x).max() ?? 0, y: reach.map(\.y).max() ?? 0, z: reach.map(\.z).max() ?? 0)
    }
    var box = region.expanded(by: most(images), within: image.size)
    // A wavelet continues an image at its opposite side: near a border the whole axis takes part.
    let reach = most(images.filter { $0.type == .wavelet })
    if region.lower.x < reach.x || region.lower.x + region.size.x + reach.x > image.size.x {
        (box.lower.x, box.size.x) = (0, image.size.x)
    }
    if region.lower.y < reach.y || region.lower.y + region.size.y + reach.y > image.size.y {
        (box.lower.y, box.size.y) = (0, image.size.y)
    }
    if region.lower.z < reach.z || region.lower.z + region.size.z + reach.z > image.size.z {
        (box.lower.z, box.size.z) = (0, image.size.z)
    }
    return box
}

/// The voxels of one box laid into another; what only one of them has is outside the region.
private func moved(_ inside: [Bool], from box: IndexBox, to other: IndexBox) -> [Bool] {
    var result = [Bool](repeating: false, count: other.size.count)
    let both = box.intersection(other)
    for z in both.lower.z..<both.lower.z + both.size.z {
        for y in both.lower.y..<both.lower.y + both.size.y {
            let from = ((z - box.lower.z) * box.size.y + y - box.lower.y) * box.size.x + both.lower.x - box.lower.x
            let to =
                ((z - other.lower.z) * other.size.y + y - other.lower.y) * other.size.x + both.lower.x
                - other.lower.x
            for i in 0..<both.size.x { result[to + i] = inside[from + i] }
        }
    }
    return result
}
