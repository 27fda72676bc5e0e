// The formulas of the 14 dependence features.

/// Source: PyRadiomics 3.0.1 `gldm`; IBSI identifiers of the neighbouring grey level dependence matrix.
let dependenceFeatures: [FeatureDefinition<SizeMatrix>] = [
    .init("DependenceEntropy", "FCBV") { $0.entropy },
    .init("DependenceNonUniformity", "Z87G") { $0.sizeNonUniformity },
    .init("DependenceNonUniformityNormalized", "OKJI") { $0.sizeNonUniformity / $0.total },
    .init("DependenceVariance", "DNX2") { $0.sizeVariance },
    .init("GrayLevelNonUniformity", "FP8K") { $0.levelNonUniformity },
    .init("GrayLevelVariance", "1PFV") { $0.levelVariance },
    .init("HighGrayLevelEmphasis", "OAE7") { $0.highLevelEmphasis },
    .init("LargeDependenceEmphasis", "IMOQ") { $0.largeEmphasis },
    .init("LargeDependenceHighGrayLevelEmphasis", "9QMG") { $0.largeHighEmphasis },
    .init("LargeDependenceLowGrayLevelEmphasis", "NBZI") { $0.largeLowEmphasis },
    .init("LowGrayLevelEmphasis", "TL9H") { $0.lowLevelEmphasis },
    .init("SmallDependenceEmphasis", "SODN") { $0.smallEmphasis },
    .init("SmallDependenceHighGrayLevelEmphasis", "JA6D") { $0.smallHighEmphasis },
    .init("SmallDependenceLowGrayLevelEmphasis", "EQ3F") { $0.smallLowEmphasis },
]
