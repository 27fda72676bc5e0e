// How much each run of a table counts for a needle: by how near its tip lay.
import Foundation

/// Gaussian weights in the distance of the tips.
struct TipKernel {
    /// Standard deviation, mm.
    let bandwidthMM: Double
    /// One per run, the nearest possible tip weighs 1.
    let weights: [Double]

    /// Not narrower: a tip is known to about 2 mm along each axis, and two runs' tips lie some 5 mm apart (our choice).
    static let narrowestMM = 3.0
    /// Not wider: beyond, the answer would be the whole body's (our choice).
    static let widestMM = 8.0
    /// The kernel is made as wide as this many effective runs ask for, between those limits. Sixty let a risk of 5 % be told from
    /// none: Wilson's upper 95 % limit (one-sided) for no leak in 60 is 4.3 %.
    static let wantedRuns = 60.0

    init(at tip: SIMD3<Double>, tips: [SIMD3<Double>]) {
        let distances = tips.map { other -> Double in
            let d = other - tip
            return (d * d).sum()
        }
        func weights(_ bandwidth: Double) -> [Double] { distances.map { exp(-$0 / (2 * bandwidth * bandwidth)) } }
        var (low, high) = (Self.narrowestMM, Self.widestMM)
        if effectiveCount(weights(low)) >= Self.wantedRuns {
            high = low
        } else if effectiveCount(weights(high)) > Self.wantedRuns {
            for _ in 0..<16 {
                let middle = (low + high) / 2
                if effectiveCount(weights(middle)) >= Self.wantedRuns { high = middle } else { low = middle }
            }
        }
        bandwidthMM = high
        self.weights = weights(high)
    }
}

/// How many equal weights tell as much: (Σw)² / Σw² (Kish 1965, Survey Sampling).
func effectiveCount(_ weights: some Sequence<Double>) -> Double {
    var sum = 0.0
    var squares = 0.0
    for weight in weights {
        sum += weight
        squares += weight * weight
    }
    return squares > 0 ? sum * sum / squares : 0
}
