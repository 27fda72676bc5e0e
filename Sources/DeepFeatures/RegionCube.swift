// From a region of a scan to the cube that a network is given.
import Domain
import Imaging
import NeuralNetworks

/// A region with its surroundings, resized to a cube of zero mean and unit variance, as Zou et al. 2025 (10.1186/s12938-025-01355-y) prepare
/// their images; the rules in full are in docs/deep-features.md.
package struct RegionCube: Sendable {
    /// What was cut from the scan, on its grid.
    package let box: IndexBox
    /// `inputSize`³ values: left fastest, then posterior, then superior.
    package let values: [Float]

    /// A reach of this part of a voxel is not worth one more: spacings travel in single precision (our choice).
    private static let negligibleVoxels = 1e-4

    /// - Parameters:
    ///   - region: the box of the region itself.
    ///   - marginMM: how far the cube reaches beyond the region, ≥ 0; less where the image ends.
    ///   - inputSize: edge of the cube.
    /// - Throws: `DeepFeaturesError` naming what is wrong with the region; a cancellation.
    package init(
        _ region: IndexBox, of volume: Volume, marginMM: Double, inputSize: Int, _ execution: Execution
    ) throws {
        try Self.check(region, in: volume.geometry.size)
        let reach = (SIMD3(repeating: marginMM) / volume.geometry.spacingMM - Self.negligibleVoxels).rounded(.up)
        let margin = Index3(x: max(0, Int(reach.x)), y: max(0, Int(reach.y)), z: max(0, Int(reach.z)))
        box = region.expanded(by: margin, within: volume.geometry.size)
        let (extents, cut) = AnatomicalAxes(volume.geometry).values(of: box, in: volume)
        let resized = try Interpolation.linear(alignCorners: false)(
            Tensor([1, 1] + extents, cut), to: [inputSize, inputSize, inputSize], execution)
        values = try Self.standardised(resized.values)
    }

    private static func check(_ region: IndexBox, in size: Index3) throws(DeepFeaturesError) {
        guard min(region.size.x, region.size.y, region.size.z) > 0 else { throw .regionEmpty }
        let axes = [
            (region.lower.x, region.size.x, size.x), (region.lower.y, region.size.y, size.y),
            (region.lower.z, region.size.z, size.z),
        ]
        for (lower, extent, limit) in axes where lower < 0 || lower > limit || extent > limit - lower {
            throw .regionOutsideImage(box: region, imageSize: size)
        }
        for (lower, extent, limit) in axes where lower == 0 || lower + extent == limit {
            throw .regionAtBorder(box: region, imageSize: size)
        }
    }

    /// The values less their mean, over their standard deviation (N below the fraction).
    private static func standardised(_ values: [Float]) throws(DeepFeaturesError) -> [Float] {
        let count = Double(values.count)
        let mean = values.reduce(0.0) { $0 + Double($1) } / count
        let variance = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
        // Not of values alone: resizing leaves rounding.
        guard variance.squareRoot() > 1e-6 * max(1, abs(mean)) else {
            throw .regionOfOneValue(values.first ?? 0)
        }
        let scale = 1 / variance.squareRoot()
        return values.map { Float((Double($0) - mean) * scale) }
    }
}
