// First-order statistics: grey values without regard to where they lie.
import Foundation

/// The grey values of a region and what the formulas share.
struct FirstOrder {
    /// Ascending.
    let sorted: [Double]
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
        sorted = ascending(values)
        self.mean = mean
        self.m2 = m2 / n
        self.m3 = m3 / n
        self.m4 = m4 / n
        self.energy = energy
        voxelVolumeMM3 = region.voxelVolumeMM3
        probabilities = levels.counts.map { Double($0) / n }
    }

    /// The value at rank (n − 1)·q, interpolated linearly (NumPy's default).
    func quantile(_ q: Double) -> Double {
        let rank = Double(sorted.count - 1) * q
        let lower = Int(rank)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (sorted[upper] - sorted[lower]) * (rank - Double(lower))
    }

    func meanAbsoluteDeviation(of values: ArraySlice<Double>) -> Double {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        return values.reduce(0) { $0 + abs($1 - mean) } / n
    }
}

/// Source: PyRadiomics 3.0.1 `firstorder`; IBSI identifiers of intensity-based statistics and, for Entropy and Uniformity,
/// of the intensity histogram. Kurtosis is **not** the excess that IBSI takes (3 more).
let firstOrderFeatures: [FeatureDefinition<FirstOrder>] = [
    .init("10Percentile", "QG58") { $0.quantile(0.1) },
    .init("90Percentile", "8DWT") { $0.quantile(0.9) },
    .init("Energy", "N8CA") { $0.energy },
    .init("Entropy", "TLU2") { f in -f.probabilities.reduce(0) { $0 + $1 * log2($1 + epsilon) } },
    .init("InterquartileRange", "SALO") { $0.quantile(0.75) - $0.quantile(0.25) },
    .init("Kurtosis", "IPH6") { $0.m2 == 0 ? 0 : $0.m4 / ($0.m2 * $0.m2) },
    .init("Maximum", "84IY") { $0.sorted.last ?? .nan },
    .init("MeanAbsoluteDeviation", "4FUA") { $0.meanAbsoluteDeviation(of: $0.sorted[...]) },
    .init("Mean", "Q4LE") { $0.mean },
    .init("Median", "Y12H") { $0.quantile(0.5) },
    .init("Minimum", "1GSF") { $0.sorted.first ?? .nan },
    .init("Range", "2OJQ") { ($0.sorted.last ?? .nan) - ($0.sorted.first ?? .nan) },
    .init("RobustMeanAbsoluteDeviation", "1128") { f in
        // Only values between the 10th and 90th percentile, both included.
        let (low, high) = (f.quantile(0.1), f.quantile(0.9))
        return f.meanAbsoluteDeviation(of: f.sorted.drop { $0 < low }.prefix { $0 <= high })
    },
    .init("RootMeanSquared", "5ZWQ") { ($0.energy / Double($0.sorted.count)).squareRoot() },
    .init("Skewness", "KE2M") { $0.m2 == 0 ? 0 : $0.m3 / pow($0.m2, 1.5) },
    .init("StandardDeviation", nil, isDeprecated: true) { $0.m2.squareRoot() },
    .init("TotalEnergy", nil) { $0.energy * $0.voxelVolumeMM3 },
    .init("Uniformity", "BJ5W") { f in f.probabilities.reduce(0) { $0 + $1 * $1 } },
    .init("Variance", "ECT3") { $0.m2 },
]
