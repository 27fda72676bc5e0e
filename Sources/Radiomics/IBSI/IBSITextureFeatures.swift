// The texture features of the IBSI reference manual in its order, with formulas shared with the pyradiomics mode where they agree.

/// Definitions by their identifiers, under other names and in another order.
private func renamed<Input>(
    _ definitions: [FeatureDefinition<Input>], _ names: KeyValuePairs<String, String>
) -> [FeatureDefinition<Input>] {
    names.compactMap { identifier, name in
        definitions.first { $0.ibsiID == identifier }.map { .init(name, identifier, $0.formula) }
    }
}

/// What PyRadiomics does not have.
private let otherCooccurrenceFeatures: [FeatureDefinition<CooccurrenceMatrix>] = [
    .init("sum_variance", "OEEB") { m in
        let mean = m.rows.mean + m.columns.mean
        return m.sum.indices.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) * m.sum[$1] }
    },
    .init("dissimilarity", "8S9J") { m in m.difference.indices.reduce(0) { $0 + Double($1) * m.difference[$1] } },
]

/// What PyRadiomics does not have.
private let otherDependenceFeatures: [FeatureDefinition<SizeMatrix>] = [
    .init("normalised_grey_level_non_uniformity", "5SPA") { $0.levelNonUniformity / $0.total },
    // Every voxel has a dependence: the manual keeps the feature for completeness.
    .init("dependence_count_percentage", "6XV8") { _ in 1 },
    .init("dependence_count_energy", "CAS9") { $0.energy },
]

/// Source: IBSI reference manual, LFYI.
let ibsiCooccurrenceFeatures: [FeatureDefinition<CooccurrenceMatrix>] = renamed(
    cooccurrenceFeatures + otherCooccurrenceFeatures,
    [
        "GYBY": "joint_maximum", "60VM": "joint_average", "UR99": "joint_variance", "TU9B": "joint_entropy",
        "TF7R": "difference_average", "D3YU": "difference_variance", "NTRS": "difference_entropy",
        "ZGXS": "sum_average",
        "OEEB": "sum_variance", "P6QZ": "sum_entropy", "8ZQL": "angular_second_moment", "ACUI": "contrast",
        "8S9J": "dissimilarity", "IB1Z": "inverse_difference", "NDRX": "normalised_inverse_difference",
        "WF0Z": "inverse_difference_moment", "1QCO": "normalised_inverse_difference_moment", "E8JP": "inverse_variance",
        "NI2N": "correlation", "QWB0": "autocorrelation", "DG8W": "cluster_tendency", "7NFM": "cluster_shade",
        "AE86": "cluster_prominence", "R8DG": "information_correlation_1", "JN9H": "information_correlation_2",
    ])

/// Source: IBSI reference manual, TP0I.
let ibsiRunLengthFeatures: [FeatureDefinition<SizeMatrix>] = renamed(
    runLengthFeatures,
    [
        "22OV": "short_runs_emphasis", "W4KF": "long_runs_emphasis", "V3SW": "low_grey_level_run_emphasis",
        "G3QZ": "high_grey_level_run_emphasis", "HTZT": "short_run_low_grey_level_emphasis",
        "GD3A": "short_run_high_grey_level_emphasis", "IVPO": "long_run_low_grey_level_emphasis",
        "3KUM": "long_run_high_grey_level_emphasis", "R5YN": "grey_level_non_uniformity",
        "OVBL": "normalised_grey_level_non_uniformity", "W92Y": "run_length_non_uniformity",
        "IC23": "normalised_run_length_non_uniformity", "9ZK5": "run_percentage", "8CE5": "grey_level_variance",
        "SXLW": "run_length_variance", "HJ9O": "run_entropy",
    ])

/// Source: IBSI reference manual, 9SAK.
let ibsiSizeZoneFeatures: [FeatureDefinition<SizeMatrix>] = renamed(
    sizeZoneFeatures,
    [
        "5QRC": "small_zone_emphasis", "48P8": "large_zone_emphasis", "XMSY": "low_grey_level_zone_emphasis",
        "5GN9": "high_grey_level_zone_emphasis", "5RAI": "small_zone_low_grey_level_emphasis",
        "HW1V": "small_zone_high_grey_level_emphasis", "YH51": "large_zone_low_grey_level_emphasis",
        "J17V": "large_zone_high_grey_level_emphasis", "JNSA": "grey_level_non_uniformity",
        "Y1RO": "normalised_grey_level_non_uniformity", "4JP3": "zone_size_non_uniformity",
        "VB3A": "normalised_zone_size_non_uniformity", "P30P": "zone_percentage", "BYLV": "grey_level_variance",
        "3NSA": "zone_size_variance", "GU8N": "zone_size_entropy",
    ])

/// Source: IBSI reference manual, VMDZ.
let ibsiDistanceZoneFeatures: [FeatureDefinition<DistanceZoneMatrix>] = [
    .init("small_distance_emphasis", "0GBI") { $0.matrix.smallEmphasis },
    .init("large_distance_emphasis", "MB4I") { $0.matrix.largeEmphasis },
    .init("low_grey_level_zone_emphasis", "S1RA") { $0.matrix.lowLevelEmphasis },
    .init("high_grey_level_zone_emphasis", "K26C") { $0.matrix.highLevelEmphasis },
    .init("small_distance_low_grey_level_emphasis", "RUVG") { $0.matrix.smallLowEmphasis },
    .init("small_distance_high_grey_level_emphasis", "DKNJ") { $0.matrix.smallHighEmphasis },
    .init("large_distance_low_grey_level_emphasis", "A7WM") { $0.matrix.largeLowEmphasis },
    .init("large_distance_high_grey_level_emphasis", "KLTH") { $0.matrix.largeHighEmphasis },
    .init("grey_level_non_uniformity", "VFT7") { $0.matrix.levelNonUniformity },
    .init("normalised_grey_level_non_uniformity", "7HP3") { $0.matrix.levelNonUniformity / $0.matrix.total },
    .init("zone_distance_non_uniformity", "V294") { $0.matrix.sizeNonUniformity },
    .init("normalised_zone_distance_non_uniformity", "IATH") { $0.matrix.sizeNonUniformity / $0.matrix.total },
    .init("zone_percentage", "VIWW") { $0.matrix.total / $0.voxels },
    .init("grey_level_variance", "QK93") { $0.matrix.levelVariance },
    .init("zone_distance_variance", "7WT1") { $0.matrix.sizeVariance },
    .init("zone_distance_entropy", "GBDU") { $0.matrix.entropy },
]

/// Source: IBSI reference manual, IPET.
let ibsiNeighbourhoodDifferenceFeatures: [FeatureDefinition<NeighbourhoodDifferenceMatrix>] = renamed(
    neighbourhoodDifferenceFeatures,
    ["QCDE": "coarseness", "65HE": "contrast", "NQ30": "busyness", "HDEZ": "complexity", "1X9X": "strength"])

/// Source: IBSI reference manual, REK0.
let ibsiNeighbourhoodDependenceFeatures: [FeatureDefinition<SizeMatrix>] = renamed(
    dependenceFeatures + otherDependenceFeatures,
    [
        "SODN": "low_dependence_emphasis", "IMOQ": "high_dependence_emphasis", "TL9H": "low_grey_level_count_emphasis",
        "OAE7": "high_grey_level_count_emphasis", "EQ3F": "low_dependence_low_grey_level_emphasis",
        "JA6D": "low_dependence_high_grey_level_emphasis", "NBZI": "high_dependence_low_grey_level_emphasis",
        "9QMG": "high_dependence_high_grey_level_emphasis", "FP8K": "grey_level_non_uniformity",
        "5SPA": "normalised_grey_level_non_uniformity", "Z87G": "dependence_count_non_uniformity",
        "OKJI": "normalised_dependence_count_non_uniformity", "6XV8": "dependence_count_percentage",
        "1PFV": "grey_level_variance", "DNX2": "dependence_count_variance", "FCBV": "dependence_count_entropy",
        "CAS9": "dependence_count_energy",
    ])
