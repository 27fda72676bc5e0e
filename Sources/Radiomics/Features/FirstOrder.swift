// First-order statistics: grey values without regard to where they lie.
import Foundation

/// The grey values of a region and what the formulas share.
struct FirstOrder {
    let grey: GreyStatistics
    let voxelVolumeMM3: Double
    /// The share of each grey level that occurs.
    let probabilities: [Double]

    /// - Parameter shift: see `GreyStatistics`.
    init(_ region: RegionOfInterest, _ levels: GreyLevels, shift: Int = 0) {
        grey = GreyStatistics(region.valuesInside, shift: Double(shift))
        voxelVolumeMM3 = region.voxelVolumeMM3
        let n = grey.count
        probabilities = levels.counts.map { Double($0) / n }
    }
}

/// Source: PyRadiomics 3.0.1 `firstorder`; IBSI identifiers of intensity-based statistics and, for Entropy and Uniformity,
/// of the intensity histogram. Kurtosis is **not** the excess that IBSI takes (3 more).
let firstOrderFeatures: [FeatureDefinition<FirstOrder>] = [
    .init("10Percentile", "QG58") { $0.grey.p10 },
    .init("90Percentile", "8DWT") { $0.grey.p90 },
    .init("Energy", "N8CA") { $0.grey.energy },
    .init("Entropy", "TLU2") { f in -f.probabilities.reduce(0) { $0 + $1 * log2($1 + epsilon) } },
    .init("InterquartileRange", "SALO") { $0.grey.interquartileRange },
    .init("Kurtosis", "IPH6") { $0.grey.m2 == 0 ? 0 : $0.grey.m4 / ($0.grey.m2 * $0.grey.m2) },
    .init("Maximum", "84IY") { $0.grey.maximum },
    .init("MeanAbsoluteDeviation", "4FUA") { $0.grey.meanAbsoluteDeviation },
    .init("Mean", "Q4LE") { $0.grey.mean },
    .init("Median", "Y12H") { $0.grey.median },
    .init("Minimum", "1GSF") { $0.grey.minimum },
    .init("Range", "2OJQ") { $0.grey.range },
    .init("RobustMeanAbsoluteDeviation", "1128") { $0.grey.robustMeanAbsoluteDeviation },
    .init("RootMeanSquared", "5ZWQ") { $0.grey.rootMeanSquare },
    .init("Skewness", "KE2M") { $0.grey.m2 == 0 ? 0 : $0.grey.m3 / pow($0.grey.m2, 1.5) },
    .init("StandardDeviation", nil, isDeprecated: true) { $0.grey.m2.squareRoot() },
    .init("TotalEnergy", nil) { $0.grey.energy * $0.voxelVolumeMM3 },
    .init("Uniformity", "BJ5W") { f in f.probabilities.reduce(0) { $0 + $1 * $1 } },
    .init("Variance", "ECT3") { $0.grey.m2 },
]
