// Statistics of grey values without regard to where they lie, as the IBSI reference manual defines them.

/// The values of a region in ascending order, and what the formulas share. At least one value.
struct IBSIStatistics {
    let sorted: [Double]
    let mean: Double
    /// Central moments of order 2, 3 and 4, divided by the number of values.
    let m2, m3, m4: Double
    /// Σ x².
    let energy: Double

    init(_ values: [Double]) {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        var (m2, m3, m4, energy) = (0.0, 0.0, 0.0, 0.0)
        for x in values {
            let d = x - mean
            m2 += d * d
            m3 += d * d * d
            m4 += d * d * d * d
            energy += x * x
        }
        sorted = values.sorted()
        self.mean = mean
        self.m2 = m2 / n
        self.m3 = m3 / n
        self.m4 = m4 / n
        self.energy = energy
    }

    var count: Double { Double(sorted.count) }
    var minimum: Double { sorted.first ?? .nan }
    var maximum: Double { sorted.last ?? .nan }
    var interquartileRange: Double { quantile(0.75) - quantile(0.25) }

    /// The value at rank (n − 1)·q, interpolated linearly. The manual leaves the method open; the consensus values take this one.
    func quantile(_ q: Double) -> Double {
        guard let last = sorted.last else { return .nan }
        let rank = Double(sorted.count - 1) * q
        let lower = Int(rank)
        let upper = lower + 1 < sorted.count ? sorted[lower + 1] : last
        return sorted[lower] + (upper - sorted[lower]) * (rank - Double(lower))
    }

    func meanDeviation(from centre: Double) -> Double { sorted.reduce(0) { $0 + abs($1 - centre) } / count }

    /// The mean absolute deviation of the values between the 10th and the 90th percentile, both included.
    var robustMeanDeviation: Double {
        let (low, high) = (quantile(0.1), quantile(0.9))
        return IBSIStatistics(sorted.filter { $0 >= low && $0 <= high }).meanAbsoluteDeviation
    }

    var meanAbsoluteDeviation: Double { meanDeviation(from: mean) }
}

/// Source: IBSI reference manual, chapter 3, "Intensity-based statistical features" (UHIW). Undefined: a ratio whose
/// denominator is 0; skewness and kurtosis of equal values are 0 as the manual says.
let ibsiStatisticsFeatures: [FeatureDefinition<IBSIStatistics>] = [
    .init("mean", "Q4LE") { $0.mean },
    .init("variance", "ECT3") { $0.m2 },
    .init("skewness", "KE2M") { $0.m2 == 0 ? 0 : $0.m3 / ($0.m2 * $0.m2.squareRoot()) },
    .init("excess_kurtosis", "IPH6") { $0.m2 == 0 ? 0 : $0.m4 / ($0.m2 * $0.m2) - 3 },
    .init("median", "Y12H") { $0.quantile(0.5) },
    .init("minimum", "1GSF") { $0.minimum },
    .init("10th_percentile", "QG58") { $0.quantile(0.1) },
    .init("90th_percentile", "8DWT") { $0.quantile(0.9) },
    .init("maximum", "84IY") { $0.maximum },
    .init("interquartile_range", "SALO") { $0.interquartileRange },
    .init("range", "2OJQ") { $0.maximum - $0.minimum },
    .init("mean_absolute_deviation", "4FUA") { $0.meanAbsoluteDeviation },
    .init("robust_mean_absolute_deviation", "1128") { $0.robustMeanDeviation },
    .init("median_absolute_deviation", "N72L") { $0.meanDeviation(from: $0.quantile(0.5)) },
    .init("coefficient_of_variation", "7TET") { $0.m2.squareRoot() / $0.mean },
    .init("quartile_coefficient_of_dispersion", "9S40") {
        $0.interquartileRange / ($0.quantile(0.75) + $0.quantile(0.25))
    },
    .init("energy", "N8CA") { $0.energy },
    .init("root_mean_square", "5ZWQ") { ($0.energy / $0.count).squareRoot() },
]
