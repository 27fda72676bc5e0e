// How a shell without gaps varies from place to place, as a covariance that filters are whitened with.
import Foundation

/// The covariance of relative cortical mass between the points of a square window of a chart.
///
/// A smooth part (the thickness changes over some millimetres), a part as fine as the scanner's blur (noise, trabeculae), an unknown
/// mean, and a little for each point alone. Only the proportions matter. Picked on tuning phantoms for the contrast of 1 mm slits; the
/// contrast changes by less than 5 % for lengths of 1.2–2 mm and twice or half the fine part (our choice).
struct ShellUnevenness {
    /// Points to each side of the window's middle; 5 mm at the charts' 0.5 mm.
    static let reach = 10
    static let side = 2 * reach + 1

    /// For points `BodySurface.pitchMM` apart.
    static let standard = ShellUnevenness(pitchMM: BodySurface.pitchMM)

    private static let smoothLengthMM = 1.5
    private static let fineShare = 0.7
    private static let fineSigmaMM = 0.35
    private static let meanVariance = 10.0
    private static let ownShare = 0.03

    /// The lower Cholesky factor, row by row.
    private let factor: [Double]

    private init(pitchMM: Double) {
        let n = Self.side * Self.side
        var l = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0...i {
                let dx = Double(i % Self.side - j % Self.side) * pitchMM
                let dy = Double(i / Self.side - j / Self.side) * pitchMM
                let squared = dx * dx + dy * dy
                var value =
                    exp(-squared / (2 * Self.smoothLengthMM * Self.smoothLengthMM))
                    + Self.fineShare * exp(-squared / (4 * Self.fineSigmaMM * Self.fineSigmaMM)) + Self.meanVariance
                if i == j { value += Self.ownShare }
                for k in 0..<j { value -= l[i * n + k] * l[j * n + k] }
                l[i * n + j] = i == j ? value.squareRoot() : value / l[j * n + j]
            }
        }
        factor = l
    }

    /// The weights w with w·shape = 1 whose answer varies least on a shell without gaps: C⁻¹s / (sᵀC⁻¹s).
    func weights(for shape: [Double]) -> [Double] {
        let n = shape.count
        var w = shape
        for i in 0..<n {
            for k in 0..<i { w[i] -= factor[i * n + k] * w[k] }
            w[i] /= factor[i * n + i]
        }
        for i in stride(from: n - 1, through: 0, by: -1) {
            w[i] /= factor[i * n + i]
            for k in 0..<i { w[k] -= factor[i * n + k] * w[i] }
        }
        let answer = zip(w, shape).reduce(0) { $0 + $1.0 * $1.1 }
        return w.map { $0 / answer }
    }
}
