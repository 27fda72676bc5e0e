// The image types `square`, `squareroot`, `logarithm` and `exponential`: grey values mapped one by one.
import Foundation

/// Maps that keep the largest magnitude of the image where it is; formulas of PyRadiomics 3.0.1 (`imageoperations`).
enum PointwiseFilter: String, CaseIterable, Sendable {
    case square, squareroot, logarithm, exponential

    /// PyRadiomics' name of the image type.
    var name: String { rawValue }

    /// The mapped image; nil where the map is undefined because the image is 0 everywhere (PyRadiomics: NaN).
    ///
    /// - Parameter maximumMagnitude: max |x| over the whole image, of which `image` may be a part.
    func filtered(_ image: GreyImage, maximumMagnitude: Double) -> GreyImage? {
        guard maximumMagnitude > 0 || self == .squareroot else { return nil }
        var filtered = image
        switch self {
        case .square:
            let scale = 1 / maximumMagnitude.squareRoot()
            filtered.values = image.values.map { (scale * $0) * (scale * $0) }
        case .squareroot:
            filtered.values = image.values.map { value in
                let root = (abs(value) * maximumMagnitude).squareRoot()
                return value < 0 ? -root : root
            }
        case .logarithm:
            let scale = maximumMagnitude / log(maximumMagnitude + 1)
            filtered.values = image.values.map { value in
                let logarithm = log(abs(value) + 1)
                return (value < 0 ? -logarithm : logarithm) * scale
            }
        case .exponential:
            let rate = log(maximumMagnitude) / maximumMagnitude
            filtered.values = image.values.map { exp(rate * $0) }
        }
        return filtered
    }
}
