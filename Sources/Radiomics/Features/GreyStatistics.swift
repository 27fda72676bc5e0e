// Moments, percentiles and deviations of grey values, which both modes take.

/// Statistics of grey values without regard to where they lie. At least one value.
struct GreyStatistics {
    /// In the order given.
    let values: [Double]
    let minimum, maximum: Double
    /// The 10th, 25th, 50th, 75th and 90th percentile, interpolated linearly between ranks (NumPy's default, and what the
    /// consensus of IBSI takes).
    let p10, p25, median, p75, p90: Double
    let mean: Double
    /// Central moments of order 2, 3 and 4, divided by n.
    let m2, m3, m4: Double
    /// Σ (x + shift)².
    let energy: Double

    /// - Parameter shift: added to each value before it is squared (PyRadiomics' `voxelArrayShift`).
    init(_ values: [Double], shift: Double = 0) {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        var (m2, m3, m4, energy) = (0.0, 0.0, 0.0, 0.0)
        for x in values {
            let d = x - mean
            m2 += d * d
            m3 += d * d * d
            m4 += d * d * d * d
            energy += (x + shift) * (x + shift)
        }
        let percentiles = quantiles([0.1, 0.25, 0.5, 0.75, 0.9], of: values)
        (p10, p25, median, p75, p90) = (
            percentiles[0], percentiles[1], percentiles[2], percentiles[3], percentiles[4]
        )
        minimum = values.min() ?? .nan
        maximum = values.max() ?? .nan
        self.values = values
        self.mean = mean
        self.m2 = m2 / n
        self.m3 = m3 / n
        self.m4 = m4 / n
        self.energy = energy
    }

    var count: Double { Double(values.count) }
    var range: Double { maximum - minimum }
    var interquartileRange: Double { p75 - p25 }
    var rootMeanSquare: Double { (energy / count).squareRoot() }
    var meanAbsoluteDeviation: Double { meanAbsoluteDeviation(from: minimum, through: maximum) }
    /// Of the values between the 10th and the 90th percentile, both included.
    var robustMeanAbsoluteDeviation: Double { meanAbsoluteDeviation(from: p10, through: p90) }

    /// Mean |x − centre|.
    func meanDeviation(from centre: Double) -> Double { values.reduce(0) { $0 + abs($1 - centre) } / count }

    /// Mean |x − their mean| of the values from `low` to `high`, both included.
    private func meanAbsoluteDeviation(from low: Double, through high: Double) -> Double {
        var (n, sum, deviations) = (0.0, 0.0, 0.0)
        for x in values where x >= low && x <= high {
            n += 1
            sum += x
        }
        let mean = sum / n
        for x in values where x >= low && x <= high { deviations += abs(x - mean) }
        return deviations / n
    }
}
