// The Gabor filter of IBSI 2.
import Domain
import Foundation
import Imaging

/// The modulus of the response to a plane wave under a Gaussian, in the planes of the image.
///
/// `g(x, y) = exp(−(x̃² + γ²ỹ²)/2σ² + 2πi·x̃/λ)` with `x̃ = x·cos θ + y·sin θ`, `ỹ = x·sin θ − y·cos θ`.
struct GaborFilter: ConvolutionFilter {
    static let name = "gabor"
    static let ibsiID = "Q88H"

    var sigmaMM: Double
    var lambdaMM: Double
    /// The Gaussian is γ times as wide along the wave as across it.
    var gamma: Double
    /// Orientation, clockwise as the image is displayed.
    var thetaDegrees = 0.0
    /// Pools over the orientations of the full circle in these steps, and in a volume over the three orthogonal planes; nil uses
    /// `thetaDegrees` and the axial planes alone.
    var thetaStepDegrees: Double?
    var pooling = ResponsePooling.average
    var dimensions = FilterDimensions.volume
    var boundary = BoundaryCondition.mirror

    func response(to image: GreyImage, cancellation: Cancellation) throws -> GreyImage {
        guard gamma > 0, gamma.isFinite else {
            throw RadiomicsError.filterInvalid(setting: "gamma", reason: "\(gamma) is not a number above 0")
        }
        let isAxial = dimensions == .slices || thetaStepDegrees == nil
        let planes: [(Int, Int)] = isAxial ? [(0, 1)] : [(0, 1), (1, 2), (0, 2)]
        let spacingOf: FilterDimensions = isAxial ? .slices : .volume
        let sigma = try image.voxels(sigmaMM, setting: "sigmaMM", spacingOf)
        let lambda = try image.voxels(lambdaMM, setting: "lambdaMM", spacingOf)
        // The Gaussian is below 2e-8 of its height beyond 6 σ (our choice: the manual gives no cut-off).
        let reach = Int((6 * sigma * max(1, 1 / gamma)).rounded(.up))
        let thetas = try thetas().map { $0 * .pi / 180 }
        var sum = image
        for voxel in sum.values.indices { sum.values[voxel] = 0 }
        for plane in planes {
            let slices = PaddedSlices(of: image, plane: plane, reach: reach, boundary: boundary)
            let kernels = thetas.map { theta in
                slices.spectrum { x, y in
                    let (u, v) = (x * cos(theta) + y * sin(theta), x * sin(theta) - y * cos(theta))
                    let height = exp(-(u * u + gamma * gamma * v * v) / (2 * sigma * sigma))
                    return (height * cos(2 * .pi * u / lambda), height * sin(2 * .pi * u / lambda))
                }
            }
            for slice in 0..<slices.count {
                try cancellation.check()
                let spectrum = slices.spectrum(of: slice, in: image)
                for kernel in kernels {
                    slices.add(modulusOf: spectrum, times: kernel, slice: slice, to: &sum, pooling)
                }
            }
        }
        guard pooling == .average else { return sum }
        let count = Double(planes.count * thetas.count)
        for voxel in sum.values.indices { sum.values[voxel] /= count }
        return sum
    }

    /// The modulus is the same at θ and θ + 180°, so half the circle does when the steps divide it.
    private func thetas() throws(RadiomicsError) -> [Double] {
        guard let step = thetaStepDegrees else { return [thetaDegrees] }
        guard step > 0, step <= 360, 360 / step <= orientationLimit else {
            throw .filterInvalid(setting: "thetaStepDegrees", reason: "\(step) is not a usable step")
        }
        let isHalf = abs((180 / step).rounded() - 180 / step) < 1e-9
        let count = Int(((isHalf ? 180 : 360) / step).rounded(.up))
        return (0..<count).map { thetaDegrees + Double($0) * step }
    }
}

/// More orientations than one a degree tell nothing new (our choice).
private let orientationLimit = 360.0

extension GaborFilter {
    init(_ settings: FilterTable) throws(RadiomicsError) {
        self.init(
            sigmaMM: try settings.required("sigmaMM"), lambdaMM: try settings.required("lambdaMM"),
            gamma: try settings.required("gamma"), thetaDegrees: try settings.optional("thetaDegrees") ?? 0,
            thetaStepDegrees: try settings.optional("thetaStepDegrees"),
            pooling: try settings.optional("pooling") ?? .average,
            dimensions: try settings.optional("dimensions") ?? .volume,
            boundary: try settings.optional("boundary") ?? .mirror)
    }
}
