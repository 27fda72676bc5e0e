// The intensity histogram of the IBSI reference manual: statistics of grey levels and of how often they occur.
import Foundation

/// The histogram of a region's grey levels.
struct IBSIHistogram {
    /// Voxels of level 1, 2, …
    let counts: [Int]
    /// Statistics of the levels.
    let statistics: GreyStatistics
    /// The slope of the histogram at each level: central differences, one-sided at the ends.
    let gradient: [Double]

    init(_ levels: IBSILevels) {
        let counts = levels.histogram
        self.counts = counts
        statistics = GreyStatistics(levels.levels.filter { $0 > 0 }.map { Double($0) })
        gradient = counts.indices.map { i in
            let (before, after) = (max(i - 1, 0), min(i + 1, counts.count - 1))
            return after > before ? Double(counts[after] - counts[before]) / Double(after - before) : 0
        }
    }

    var probabilities: [Double] { counts.map { Double($0) / statistics.count } }

    /// The most frequent level; of several the one nearest to the mean, then the lowest.
    var mode: Double {
        let most = counts.max() ?? 0
        let modes = counts.indices.filter { counts[$0] == most }.map { Double($0 + 1) }
        return modes.min { abs($0 - statistics.mean) < abs($1 - statistics.mean) } ?? .nan
    }

    /// The lowest level where the gradient has this value.
    func level(ofGradient value: Double?) -> Double {
        gradient.firstIndex { $0 == value }.map { Double($0 + 1) } ?? .nan
    }
}

/// Source: IBSI reference manual, chapter 3, "Intensity histogram features" (ZVCW).
let ibsiHistogramFeatures: [FeatureDefinition<IBSIHistogram>] =
    zip(ibsiStatisticsFeatures, histogramIdentifiers).compactMap { statistic, identifier in
        identifier.map { id in .init(statistic.name, id) { statistic.formula($0.statistics) } }
    } + [
        .init("mode", "AMMC") { $0.mode },
        .init("entropy", "TLU2") { h in h.probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log2($1) : $0 } },
        .init("uniformity", "BJ5W") { h in h.probabilities.reduce(0) { $0 + $1 * $1 } },
        .init("maximum_gradient", "12CE") { $0.gradient.max() ?? .nan },
        .init("maximum_gradient_level", "8E6O") { $0.level(ofGradient: $0.gradient.max()) },
        .init("minimum_gradient", "VQB3") { $0.gradient.min() ?? .nan },
        .init("minimum_gradient_level", "RHQZ") { $0.level(ofGradient: $0.gradient.min()) },
    ]

/// The identifiers that the statistics have when they are taken of grey levels, in the order of `ibsiStatisticsFeatures`;
/// energy and root mean square are not taken.
private let histogramIdentifiers: [String?] = [
    "X6K6", "CH89", "88K1", "C3I7", "WIFQ", "1PR8", "GPMT", "OZ0C", "3NCY", "WR0O", "5Z3W", "D2ZX", "WRZB", "4RNL",
    "CWYJ", "SLWD", nil, nil,
]
