// The formulas of the 16 size-zone features.

/// Source: PyRadiomics 3.0.1 `glszm`; IBSI identifiers.
let sizeZoneFeatures: [FeatureDefinition<SizeMatrix>] = [
    .init("GrayLevelNonUniformity", "JNSA") { $0.levelNonUniformity },
    .init("GrayLevelNonUniformityNormalized", "Y1RO") { $0.levelNonUniformity / $0.total },
    .init("GrayLevelVariance", "BYLV") { $0.levelVariance },
    .init("HighGrayLevelZoneEmphasis", "5GN9") { $0.highLevelEmphasis },
    .init("LargeAreaEmphasis", "48P8") { $0.largeEmphasis },
    .init("LargeAreaHighGrayLevelEmphasis", "J17V") { $0.largeHighEmphasis },
    .init("LargeAreaLowGrayLevelEmphasis", "YH51") { $0.largeLowEmphasis },
    .init("LowGrayLevelZoneEmphasis", "XMSY") { $0.lowLevelEmphasis },
    .init("SizeZoneNonUniformity", "4JP3") { $0.sizeNonUniformity },
    .init("SizeZoneNonUniformityNormalized", "VB3A") { $0.sizeNonUniformity / $0.total },
    .init("SmallAreaEmphasis", "5QRC") { $0.smallEmphasis },
    .init("SmallAreaHighGrayLevelEmphasis", "HW1V") { $0.smallHighEmphasis },
    .init("SmallAreaLowGrayLevelEmphasis", "5RAI") { $0.smallLowEmphasis },
    .init("ZoneEntropy", "GU8N") { $0.entropy },
    .init("ZonePercentage", "P30P") { $0.total / $0.voxels },
    .init("ZoneVariance", "3NSA") { $0.sizeVariance },
]
