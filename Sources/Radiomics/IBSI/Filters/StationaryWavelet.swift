// The separable wavelets of IBSI 2.
import Domain

/// A separable wavelet decomposition that keeps the image's size: the filters are widened by zeros instead of the image being
/// thinned out (à trous; Shensa, IEEE Trans. Signal Process. 40:2464, 1992).
struct StationaryWavelet: ConvolutionFilter {
    static let name = "wavelet"
    static let ibsiID = "25BO"

    /// A wavelet's name in `WaveletBank`, such as `db3`.
    var wavelet: String
    /// `L` and `H` along x, y and, for a volume, z.
    var band: String
    /// Decompositions; all but the last take the low-pass filter along every axis.
    var level = 1
    var rotationInvariance = true
    var pooling = ResponsePooling.average
    var boundary = BoundaryCondition.mirror

    func response(to image: GreyImage, cancellation: Cancellation) throws -> GreyImage {
        guard let bank = WaveletBank(wavelet) else {
            throw RadiomicsError.filterInvalid(setting: "wavelet", reason: "\"\(wavelet)\" is not a known wavelet")
        }
        guard 2...3 ~= band.count, band.allSatisfy({ "LH".contains($0) }) else {
            throw RadiomicsError.filterInvalid(setting: "band", reason: "\"\(band)\" is not two or three of L and H")
        }
        guard 1...levelLimit ~= level else {
            throw RadiomicsError.filterInvalid(setting: "level", reason: "\(level) is outside 1…\(levelLimit)")
        }
        let axes = band.map { letter in
            (1...level).map { step in
                dilated(step == level && letter == "H" ? bank.highPass : bank.lowPass, by: 1 << (step - 1))
            }
        }
        let filter = SeparableFilter(axes: axes, boundary: boundary)
        return try filter.response(
            to: image, pooling: rotationInvariance ? pooling : nil, cancellation: cancellation)
    }
}

/// At 8 levels the holes are 128 voxels wide (our choice).
private let levelLimit = 8

/// The filter with its weights this many voxels apart. The zero that makes its length odd is added first, so that the centre
/// stays at the same weight.
private func dilated(_ filter: [Double], by step: Int) -> [Double] {
    let odd = filter.count.isMultiple(of: 2) ? filter + [0] : filter
    var result = [Double](repeating: 0, count: (odd.count - 1) * step + 1)
    for (place, weight) in odd.enumerated() { result[place * step] = weight }
    return result
}

extension StationaryWavelet {
    init(_ settings: FilterTable) throws(RadiomicsError) {
        self.init(
            wavelet: try settings.required("wavelet"), band: try settings.required("band"),
            level: try settings.optional("level") ?? 1,
            rotationInvariance: try settings.optional("rotationInvariance") ?? true,
            pooling: try settings.optional("pooling") ?? .average,
            boundary: try settings.optional("boundary") ?? .mirror)
    }
}
