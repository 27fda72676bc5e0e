// The formulas of the 5 neighbourhood difference features.

/// Source: PyRadiomics 3.0.1 `ngtdm`; IBSI identifiers.
let neighbourhoodDifferenceFeatures: [FeatureDefinition<NeighbourhoodDifferenceMatrix>] = [
    .init("Busyness", "NQ30") { m in
        let spread = m.sumOverPairs { i, j in abs(m.levels[i] * m.shares[i] - m.levels[j] * m.shares[j]) }
        return spread == 0 ? 0 : m.meanDifference / spread
    },
    .init("Coarseness", "QCDE") { m in
        // 10⁶ where every voxel equals its neighbourhood: PyRadiomics' and IBSI's convention.
        m.meanDifference == 0 ? 1e6 : 1 / m.meanDifference
    },
    .init("Complexity", "HDEZ") { m in
        let sum = m.sumOverPairs { i, j in
            abs(m.levels[i] - m.levels[j]) * (m.shares[i] * m.differences[i] + m.shares[j] * m.differences[j])
                / (m.shares[i] + m.shares[j])
        }
        return sum / m.voxels
    },
    .init("Contrast", "65HE") { m in
        let n = Double(m.levels.count)
        guard n > 1 else { return 0 }
        let spread = m.sumOverPairs { i, j in
            m.shares[i] * m.shares[j] * (m.levels[i] - m.levels[j]) * (m.levels[i] - m.levels[j])
        }
        return spread * m.totalDifference / m.voxels / (n * (n - 1))
    },
    .init("Strength", "1X9X") { m in
        guard m.totalDifference != 0 else { return 0 }
        let sum = m.sumOverPairs { i, j in
            (m.shares[i] + m.shares[j]) * (m.levels[i] - m.levels[j]) * (m.levels[i] - m.levels[j])
        }
        return sum / m.totalDifference
    },
]
