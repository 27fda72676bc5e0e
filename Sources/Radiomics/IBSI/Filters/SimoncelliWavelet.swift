// The non-separable wavelet of IBSI 2.
import Domain
import Foundation
import Imaging

/// The isotropic band-pass wavelet of Simoncelli (Portilla and Simoncelli, Int. J. Comput. Vis. 40:49, 2000), in the Fourier
/// domain of the image itself: the image goes on periodically.
///
/// `ĝ(ν) = cos(π/2 · log₂(2ν/ν_N))` for `ν_N/4 ≤ ν ≤ ν_N`, else 0; `ν_N = 2^(1 − level)` of the Nyquist frequency.
struct SimoncelliWavelet: ConvolutionFilter {
    static let name = "simoncelli"
    static let ibsiID = "LODD"

    /// 1 is the band of the finest detail.
    var level = 1
    var dimensions = FilterDimensions.volume
    /// The order of a Riesz transform along each axis; nil leaves the wavelet isotropic.
    var rieszOrder: [Int]?

    func response(to image: GreyImage, cancellation: Cancellation) throws -> GreyImage {
        guard (1...levelLimit).contains(level) else {
            throw RadiomicsError.filterInvalid(setting: "level", reason: "\(level) is outside 1…\(levelLimit)")
        }
        let riesz = try rieszOrder.map { try RieszTransform(order: $0, dimensions: dimensions) }
        let slice = Index3(x: image.size.x, y: image.size.y, z: dimensions == .volume ? image.size.z : 1)
        let frequencies = FrequencyGrid(size: slice)
        let nyquist = exp2(1 - Double(level))
        let band = frequencies.norms.map { norm in
            nyquist / 4 <= norm && norm <= nyquist ? cos(.pi / 2 * log2(2 * norm / nyquist)) : 0
        }
        return try image.inFourierDomain(dimensions, cancellation) { grid in
            for place in band.indices {
                grid.real[place] *= band[place]
                grid.imaginary[place] *= band[place]
            }
            riesz?.apply(to: &grid, frequencies)
        }
    }
}

/// No image has more octaves (our choice).
private let levelLimit = 16

extension SimoncelliWavelet {
    init(_ settings: FilterTable) throws(RadiomicsError) {
        self.init(
            level: try settings.optional("level") ?? 1, dimensions: try settings.optional("dimensions") ?? .volume,
            rieszOrder: try settings.optional("rieszOrder"))
    }
}
