// The formulas of the 16 run-length features.

/// Source: PyRadiomics 3.0.1 `glrlm`; IBSI identifiers. Each is computed per direction; the value is the mean over directions.
let runLengthFeatures: [FeatureDefinition<SizeMatrix>] = [
    .init("GrayLevelNonUniformity", "R5YN") { $0.levelNonUniformity },
    .init("GrayLevelNonUniformityNormalized", "OVBL") { $0.levelNonUniformity / $0.total },
    .init("GrayLevelVariance", "8CE5") { $0.levelVariance },
    .init("HighGrayLevelRunEmphasis", "G3QZ") { $0.highLevelEmphasis },
    .init("LongRunEmphasis", "W4KF") { $0.largeEmphasis },
    .init("LongRunHighGrayLevelEmphasis", "3KUM") { $0.largeHighEmphasis },
    .init("LongRunLowGrayLevelEmphasis", "IVPO") { $0.largeLowEmphasis },
    .init("LowGrayLevelRunEmphasis", "V3SW") { $0.lowLevelEmphasis },
    .init("RunEntropy", "HJ9O") { $0.entropy },
    .init("RunLengthNonUniformity", "W92Y") { $0.sizeNonUniformity },
    .init("RunLengthNonUniformityNormalized", "IC23") { $0.sizeNonUniformity / $0.total },
    .init("RunPercentage", "9ZK5") { $0.total / $0.voxels },
    .init("RunVariance", "SXLW") { $0.sizeVariance },
    .init("ShortRunEmphasis", "22OV") { $0.smallEmphasis },
    .init("ShortRunHighGrayLevelEmphasis", "GD3A") { $0.smallHighEmphasis },
    .init("ShortRunLowGrayLevelEmphasis", "HTZT") { $0.smallLowEmphasis },
]
