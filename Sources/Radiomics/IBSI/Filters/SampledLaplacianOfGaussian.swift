// The Laplacian-of-Gaussian filter of IBSI 2.
import Domain
import Foundation

/// The Laplacian of a Gaussian, sampled at the voxels and cut off at a number of standard deviations; not normalised by σ².
///
/// `g(r) = −1/σ² · (2πσ²)^(−D/2) · (D − r²/σ²) · exp(−r²/2σ²)`, σ in voxels. `D − r²/σ²` is a sum over the axes, so the kernel
/// is a sum of separable ones.
struct SampledLaplacianOfGaussian: ConvolutionFilter {
    static let name = "log"
    static let ibsiID = "L6PA"

    var sigmaMM: Double
    /// Half the support's edge, in standard deviations.
    var truncation = 4.0
    /// The order of a Riesz transform along each axis; nil leaves the filter isotropic.
    var rieszOrder: [Int]?
    var dimensions = FilterDimensions.volume
    var boundary = BoundaryCondition.mirror

    func response(to image: GreyImage, cancellation: Cancellation) throws -> GreyImage {
        let sigma = try image.voxels(sigmaMM, setting: "sigmaMM", dimensions)
        guard truncation > 0, truncation.isFinite, truncation * sigma < reachLimit else {
            throw RadiomicsError.filterInvalid(setting: "truncation", reason: "\(truncation) standard deviations")
        }
        let reach = Int((truncation * sigma).rounded(.toNearestOrAwayFromZero))
        guard let rieszOrder else { return try laplacian(image, sigma, reach, boundary, cancellation) ?? image }
        let riesz = try RieszTransform(order: rieszOrder, dimensions: dimensions)
        // The Riesz transform reaches far: it is taken where the response has died away on all sides.
        let wide = image.padded(by: reach, boundary, dimensions).padded(by: reach, .zero, dimensions)
        guard let response = try laplacian(wide, sigma, reach, .zero, cancellation) else { return image }
        return try riesz.transformed(response, dimensions, cancellation: cancellation).unpadded(
            by: 2 * reach, dimensions)
    }

    private func laplacian(
        _ image: GreyImage, _ sigma: Double, _ reach: Int, _ boundary: BoundaryCondition, _ cancellation: Cancellation
    ) throws -> GreyImage? {
        let places = (-reach...reach).map { Double($0) / sigma }
        let gaussian = places.map { exp(-$0 * $0 / 2) / (2 * .pi * sigma * sigma).squareRoot() }
        let curvature = zip(places, gaussian).map { ($0 * $0 - 1) / (sigma * sigma) * $1 }
        // Smooth along the axes seen so far; the sum of their second derivatives beside it.
        var smooth = image
        var laplacian: GreyImage?
        for axis in 0..<dimensions.rawValue {
            try cancellation.check()
            let smoothing = AxisConvolution(axis: axis, kernel: gaussian, boundary: boundary)
            var bent = AxisConvolution(axis: axis, kernel: curvature, boundary: boundary)(smooth)
            if let before = laplacian.map({ smoothing($0) }) {
                for voxel in bent.values.indices { bent.values[voxel] += before.values[voxel] }
            }
            laplacian = bent
            if axis + 1 < dimensions.rawValue { smooth = smoothing(smooth) }
        }
        return laplacian
    }
}

/// Voxels: a longer kernel is a mistake of units (our choice).
let reachLimit = 1000.0

extension GreyImage {
    /// A length in voxels, along the axes that a filter works on; their spacing must be the same (IBSI 2).
    ///
    /// - Throws: `RadiomicsError.filterInvalid` when the length is not positive or the spacings differ.
    func voxels(_ lengthMM: Double, setting: String, _ dimensions: FilterDimensions) throws(RadiomicsError) -> Double {
        guard lengthMM > 0, lengthMM / spacingMM.x < reachLimit else {
            throw .filterInvalid(setting: setting, reason: "\(lengthMM) mm is not a usable length")
        }
        for axis in 1..<dimensions.rawValue where abs(spacingMM[axis] - spacingMM.x) > 1e-3 * spacingMM.x {
            throw .filterInvalid(
                setting: "dimensions",
                reason: "the spacing \(spacingMM.x) mm by \(spacingMM.y) mm by \(spacingMM.z) mm is not isotropic")
        }
        return lengthMM / spacingMM.x
    }
}

extension SampledLaplacianOfGaussian {
    init(_ settings: FilterTable) throws(RadiomicsError) {
        self.init(
            sigmaMM: try settings.required("sigmaMM"), truncation: try settings.optional("truncation") ?? 4,
            rieszOrder: try settings.optional("rieszOrder"), dimensions: try settings.optional("dimensions") ?? .volume,
            boundary: try settings.optional("boundary") ?? .mirror)
    }
}
