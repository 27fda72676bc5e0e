// The formulas of the 24 co-occurrence features.
import Foundation

/// Source: PyRadiomics 3.0.1 `glcm`; IBSI identifiers. Each is computed per direction; the value is the mean over directions.
let cooccurrenceFeatures: [FeatureDefinition<CooccurrenceMatrix>] = [
    .init("Autocorrelation", "QWB0") { m in m.sumOverPairs { i, j, p in i * j * p } },
    .init("ClusterProminence", "AE86") { $0.clusterMoment(4) },
    .init("ClusterShade", "7NFM") { $0.clusterMoment(3) },
    .init("ClusterTendency", "DG8W") { $0.clusterMoment(2) },
    .init("Contrast", "ACUI") { m in m.sumOverDifferences { k, p in k * k * p } },
    .init("Correlation", "NI2N") { m in
        let deviations = m.rows.variance.squareRoot() * m.columns.variance.squareRoot()
        guard deviations > 0 else { return 1 }
        let covariance = m.sumOverPairs { i, j, p in (i - m.rows.mean) * (j - m.columns.mean) * p }
        return covariance / (deviations + epsilon)
    },
    .init("DifferenceAverage", "TF7R") { $0.differenceAverage },
    .init("DifferenceEntropy", "NTRS") { entropy($0.difference) },
    .init("DifferenceVariance", "D3YU") { m in
        let average = m.differenceAverage
        return m.sumOverDifferences { k, p in (k - average) * (k - average) * p }
    },
    .init("Id", "IB1Z") { m in m.sumOverDifferences { k, p in p / (1 + k) } },
    .init("Idm", "WF0Z") { m in m.sumOverDifferences { k, p in p / (1 + k * k) } },
    .init("Idmn", "1QCO") { m in m.sumOverDifferences { k, p in p / (1 + k * k / (m.highestLevel * m.highestLevel)) } },
    .init("Idn", "NDRX") { m in m.sumOverDifferences { k, p in p / (1 + k / m.highestLevel) } },
    .init("Imc1", "R8DG") { m in
        let h = max(entropy(m.rows.p), entropy(m.columns.p))
        return h == 0 ? 0 : (m.jointEntropy - m.crossEntropy) / h
    },
    .init("Imc2", "JN9H") { m in
        let (independent, joint) = (m.independentEntropy, m.jointEntropy)
        // NaN where rounding makes the root's argument negative: PyRadiomics leaves such a direction out.
        return independent == joint ? 0 : (1 - exp(-2 * (independent - joint))).squareRoot()
    },
    .init("InverseVariance", "E8JP") { m in m.sumOverDifferences { k, p in k == 0 ? 0 : p / (k * k) } },
    .init("JointAverage", "60VM") { $0.rows.mean },
    .init("JointEnergy", "8ZQL") { m in m.p.reduce(0) { $0 + $1 * $1 } },
    .init("JointEntropy", "TU9B") { $0.jointEntropy },
    .init("MCC", nil) { $0.maximalCorrelation },
    .init("MaximumProbability", "GYBY") { $0.p.max() ?? .nan },
    .init("SumAverage", "ZGXS") { m in m.sum.indices.reduce(0) { $0 + Double($1) * m.sum[$1] } },
    .init("SumEntropy", "P6QZ") { entropy($0.sum) },
    .init("SumSquares", "UR99") { $0.rows.variance },
]

extension CooccurrenceMatrix {
    /// Σ over all pairs of a term in i, j and p(i, j).
    fileprivate func sumOverPairs(_ term: (Double, Double, Double) -> Double) -> Double {
        var sum = 0.0
        for i in 0..<n { for j in 0..<n { sum += term(level[i], level[j], p[i * n + j]) } }
        return sum
    }

    /// Σ over k of a term in k and p₋(k).
    fileprivate func sumOverDifferences(_ term: (Double, Double) -> Double) -> Double {
        var sum = 0.0
        for k in difference.indices { sum += term(Double(k), difference[k]) }
        return sum
    }

    /// Σ (i + j − both means)ᵒʳᵈᵉʳ · p(i, j).
    fileprivate func clusterMoment(_ order: Int) -> Double {
        let means = rows.mean + columns.mean
        return sumOverPairs { i, j, p in
            let d = i + j - means
            return p * (order == 2 ? d * d : order == 3 ? d * d * d : d * d * d * d)
        }
    }

    fileprivate var differenceAverage: Double { sumOverDifferences { k, p in k * p } }

    /// HXY1: −Σ p(i, j)·log₂(p(i)·p(j) + ε).
    fileprivate var crossEntropy: Double {
        var sum = 0.0
        for cell in p.indices { sum -= p[cell] * logOfProduct[cell] }
        return sum
    }

    /// HXY2: −Σ p(i)·p(j)·log₂(p(i)·p(j) + ε).
    fileprivate var independentEntropy: Double {
        var sum = 0.0
        for i in 0..<n {
            for j in 0..<n { sum -= rows.p[i] * columns.p[j] * logOfProduct[i * n + j] }
        }
        return sum
    }

    /// The second singular value of X⁻½·P·Y⁻½, X and Y the diagonals of the marginals: the square root of the second
    /// eigenvalue of Haralick's Q, without its small denominators. The first belongs to √marginal, is 1 and is taken out.
    /// PyRadiomics adds ε to each product of marginals, which counts where a level is rare in a large region; under the root
    /// it changes the eigenvalues as in Q but for terms in ε².
    fileprivate var maximalCorrelation: Double {
        guard n > 1 else { return 1 }
        var (matrix, opposite) = (SymmetricMatrix(n: n), 0.0)
        var reduced = [Double](repeating: 0, count: n * n)
        for i in 0..<n where rows.p[i] > 0 {
            for j in 0..<n where columns.p[j] > 0 {
                let product = rows.p[i] * columns.p[j]
                reduced[i * n + j] = p[i * n + j] / (product + epsilon).squareRoot() - product.squareRoot()
                opposite = max(opposite, abs(p[i * n + j] - p[j * n + i]))
            }
        }
        if opposite == 0 {
            for i in 0..<n { for j in 0..<n { matrix[i, j] = reduced[i * n + j] } }
            return matrix.spectralRadius(atMost: 1)
        }
        // Singular values of a matrix are the roots of the eigenvalues of its product with its transpose.
        for i in 0..<n {
            for j in 0..<n {
                for k in 0..<n { matrix[i, j] += reduced[i * n + k] * reduced[j * n + k] }
            }
        }
        return matrix.spectralRadius(atMost: 1).squareRoot()
    }
}
