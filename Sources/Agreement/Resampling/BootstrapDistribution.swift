// The replicates of a bootstrap and the limits read from them.
import Foundation

/// A statistic's replicates, sorted.
struct BootstrapDistribution {
    /// An interval or the reason why there is none.
    enum Limits {
        case some(Interval)
        case none(String)

        var interval: Interval? { if case .some(let interval) = self { interval } else { nil } }
        var reason: String? { if case .none(let reason) = self { reason } else { nil } }
    }

    let value: Double
    let replicates: [Double]

    private var mean: Double { replicates.reduce(0, +) / Double(replicates.count) }
    var bias: Double? { replicates.isEmpty ? nil : mean - value }
    var standardError: Double? {
        guard replicates.count > 1 else { return nil }
        let mean = mean
        return (replicates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(replicates.count - 1)).squareRoot()
    }

    func percentile(_ confidence: Double) -> Limits {
        .some(Interval(lower: quantile((1 - confidence) / 2), upper: quantile((1 + confidence) / 2)))
    }

    /// - Parameter leftOut: the statistic without each case; nil where one was undefined.
    func bca(_ confidence: Double, leftOut: [Double]?) -> Limits {
        guard let leftOut else {
            return .none("The statistic is undefined without one of the cases, so that BCa has no acceleration.")
        }
        // Replicates equal to the estimate count as one half below it (as SciPy's `bootstrap`).
        let below = Double(count { $0 < value } + count { $0 <= value }) / Double(2 * replicates.count)
        let normal = NormalDistribution()
        guard below > 0, below < 1, let shift = normal.quantile(below), let z = normal.quantile((1 + confidence) / 2)
        else {
            return .none("Every replicate lies on one side of the estimate, so that BCa has no bias correction.")
        }
        let acceleration = Self.acceleration(leftOut)
        func adjusted(_ z: Double) -> Double {
            normal.cumulative(shift + (shift + z) / (1 - acceleration * (shift + z)))
        }
        guard acceleration * (shift + z) < 1, acceleration * (shift - z) < 1 else {
            return .none("The acceleration is too large for limits at this confidence.")
        }
        return .some(Interval(lower: quantile(adjusted(-z)), upper: quantile(adjusted(z))))
    }

    /// Σ d³ / (6 (Σ d²)^1.5) of the jackknife's deviations; 0 where the statistic never moves.
    private static func acceleration(_ leftOut: [Double]) -> Double {
        let mean = leftOut.reduce(0, +) / Double(leftOut.count)
        var squares = 0.0
        var cubes = 0.0
        for value in leftOut {
            let deviation = mean - value
            squares += deviation * deviation
            cubes += deviation * deviation * deviation
        }
        return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0
    }

    private func count(_ holds: (Double) -> Bool) -> Int { replicates.reduce(0) { $0 + (holds($1) ? 1 : 0) } }

    /// By linear interpolation between order statistics (Hyndman and Fan 1996, Am Stat 50:361, type 7, as NumPy and SciPy).
    private func quantile(_ probability: Double) -> Double {
        let place = probability * Double(replicates.count - 1)
        let low = min(Int(place), replicates.count - 1)
        let high = min(low + 1, replicates.count - 1)
        return replicates[low] + (replicates[high] - replicates[low]) * (place - Double(low))
    }
}
