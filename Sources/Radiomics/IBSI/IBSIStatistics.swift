// The intensity statistics of the IBSI reference manual in its order.

/// Source: IBSI reference manual, chapter 3, "Intensity-based statistical features" (UHIW). Undefined: a ratio whose
/// denominator is 0; skewness and kurtosis of equal values are 0 as the manual says.
let ibsiStatisticsFeatures: [FeatureDefinition<GreyStatistics>] = [
    .init("mean", "Q4LE") { $0.mean },
    .init("variance", "ECT3") { $0.m2 },
    .init("skewness", "KE2M") { $0.m2 == 0 ? 0 : $0.m3 / ($0.m2 * $0.m2.squareRoot()) },
    .init("excess_kurtosis", "IPH6") { $0.m2 == 0 ? 0 : $0.m4 / ($0.m2 * $0.m2) - 3 },
    .init("median", "Y12H") { $0.median },
    .init("minimum", "1GSF") { $0.minimum },
    .init("10th_percentile", "QG58") { $0.p10 },
    .init("90th_percentile", "8DWT") { $0.p90 },
    .init("maximum", "84IY") { $0.maximum },
    .init("interquartile_range", "SALO") { $0.interquartileRange },
    .init("range", "2OJQ") { $0.range },
    .init("mean_absolute_deviation", "4FUA") { $0.meanAbsoluteDeviation },
    .init("robust_mean_absolute_deviation", "1128") { $0.robustMeanAbsoluteDeviation },
    .init("median_absolute_deviation", "N72L") { $0.meanDeviation(from: $0.median) },
    .init("coefficient_of_variation", "7TET") { $0.m2.squareRoot() / $0.mean },
    .init("quartile_coefficient_of_dispersion", "9S40") {
        $0.interquartileRange / ($0.p75 + $0.p25)
    },
    .init("energy", "N8CA") { $0.energy },
    .init("root_mean_square", "5ZWQ") { $0.rootMeanSquare },
]
