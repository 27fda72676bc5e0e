// First-order statistics: grey values without regard to where they lie.
import Foundation

/// The grey values of a region and what the formulas share.
struct FirstOrder {
    /// In the order of the voxels.
    let values: [Double]
    let minimum, maximum: Double
    /// The 10th, 25th, 50th, 75th and 90th percentile.
    let p10, p25, median, p75, p90: Double
    let mean: Double
    /// Central moments of order 2, 3 and 4, divided by n.
    let m2, m3, m4: Double
    /// Σ (x + shift)².
    let energy: Double
    let voxelVolumeMM3: Double
    /// The share of each grey level that occurs.
    let probabilities: [Double]

    /// - Parameter shift: added to each value before it is squared (PyRadiomics' `voxelArrayShift`).
    init(_ region: RegionOfInterest, _ levels: GreyLevels, shift: Int = 0) {
        let shift = Double(shift)
        let values = region.valuesInside
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
        voxelVolumeMM3 = region.voxelVolumeMM3
        probabilities = levels.counts.map { Double($0) / n }
    }

    /// Mean |x − their mean| of the values from `low` to `high`, both included.
    func meanAbsoluteDeviation(from low: Double, through high: Double) -> Double {
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

/// Source: PyRadiomics 3.0.1 `firstorder`; IBSI identifiers of intensity-based statistics and, for Entropy and Uniformity,
/// of the intensity histogram. Kurtosis is **not** the excess that IBSI takes (3 more).
let firstOrderFeatures: [FeatureDefinition<FirstOrder>] = [
    .init("10Percentile", "QG58") { $0.p10 },
    .init("90Percentile", "8DWT") { $0.p90 },
    .init("Energy", "N8CA") { $0.energy },
    .init("Entropy", "TLU2") { f in -f.probabilities.reduce(0) { $0 + $1 * log2($1 + epsilon) } },
    .init("InterquartileRange", "SALO") { $0.p75 - $0.p25 },
    .init("Kurtosis", "IPH6") { $0.m2 == 0 ? 0 : $0.m4 / ($0.m2 * $0.m2) },
    .init("Maximum", "84IY") { $0.maximum },
    .init("MeanAbsoluteDeviation", "4FUA") { $0.meanAbsoluteDeviation(from: $0.minimum, through: $0.maximum) },
    .init("Mean", "Q4LE") { $0.mean },
    .init("Median", "Y12H") { $0.median },
    .init("Minimum", "1GSF") { $0.minimum },
    .init("Range", "2OJQ") { $0.maximum - $0.minimum },
    .init("RobustMeanAbsoluteDeviation", "1128") { $0.meanAbsoluteDeviation(from: $0.p10, through: $0.p90) },
    .init("RootMeanSquared", "5ZWQ") { ($0.energy / Double($0.values.count)).squareRoot() },
    .init("Skewness", "KE2M") { $0.m2 == 0 ? 0 : $0.m3 / pow($0.m2, 1.5) },
    .init("StandardDeviation", nil, isDeprecated: true) { $0.m2.squareRoot() },
    .init("TotalEnergy", nil) { $0.energy * $0.voxelVolumeMM3 },
    .init("Uniformity", "BJ5W") { f in f.probabilities.reduce(0) { $0 + $1 * $1 } },
    .init("Variance", "ECT3") { $0.m2 },
]
