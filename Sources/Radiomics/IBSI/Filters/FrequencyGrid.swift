// The frequencies that belong to the places of a discrete spectrum.
import Imaging

/// The frequency at each place of a spectrum, in units of the Nyquist frequency.
///
/// An axis of n voxels runs from −1 to 1 in n equal steps around its middle, as in the software that IBSI's reference response
/// maps agree with. (With an even n its zero lies half a step beside the spectrum's; the true frequencies are up to 8 % of the
/// response range away from the reference maps at level 3.)
struct FrequencyGrid: Sendable {
    let size: Index3
    private let axes: [[Double]]

    init(size: Index3) {
        self.size = size
        axes = [size.x, size.y, size.z].map { length in
            guard length > 1 else { return [0] }
            let middle = Double(length - 1) / 2
            return (0..<length).map { (Double(($0 + length / 2) % length) - middle) / middle }
        }
    }

    /// The length of the frequency vector at each place, x fastest.
    var norms: [Double] {
        var norms: [Double] = []
        norms.reserveCapacity(size.count)
        for z in axes[2] {
            for y in axes[1] {
                for x in axes[0] { norms.append((x * x + y * y + z * z).squareRoot()) }
            }
        }
        return norms
    }

    /// The frequency vector at a place.
    func vector(_ place: Int) -> SIMD3<Double> {
        [axes[0][place % size.x], axes[1][place / size.x % size.y], axes[2][place / (size.x * size.y)]]
    }
}
