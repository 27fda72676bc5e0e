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
        guard m.variance > 0 else { return 1 }
        return m.sumOverPairs { i, j, p in (i - m.mean) * (j - m.mean) * p } / (m.variance + epsilon)
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
        let hx = entropy(m.marginal)
        return hx == 0 ? 0 : (entropy(m.p) - m.crossEntropy) / hx
    },
    .init("Imc2", "JN9H") { m in
        let (independent, joint) = (m.independentEntropy, entropy(m.p))
        // NaN where rounding makes the root's argument negative: PyRadiomics leaves such a direction out.
        return independent == joint ? 0 : (1 - exp(-2 * (independent - joint))).squareRoot()
    },
    .init("InverseVariance", "E8JP") { m in m.sumOverDifferences { k, p in k == 0 ? 0 : p / (k * k) } },
    .init("JointAverage", "60VM") { $0.mean },
    .init("JointEnergy", "8ZQL") { m in m.p.reduce(0) { $0 + $1 * $1 } },
    .init("JointEntropy", "TU9B") { entropy($0.p) },
    .init("MCC", nil) { $0.maximalCorrelation },
    .init("MaximumProbability", "GYBY") { $0.p.max() ?? .nan },
    .init("SumAverage", "ZGXS") { m in m.sum.indices.reduce(0) { $0 + Double($1) * m.sum[$1] } },
    .init("SumEntropy", "P6QZ") { entropy($0.sum) },
    .init("SumSquares", "UR99") { $0.variance },
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

    /// Σ (i + j − 2·mean)ᵒʳᵈᵉʳ · p(i, j).
    fileprivate func clusterMoment(_ order: Int) -> Double {
        sumOverPairs { i, j, p in
            let d = i + j - 2 * mean
            return p * (order == 2 ? d * d : order == 3 ? d * d * d : d * d * d * d)
        }
    }

    fileprivate var differenceAverage: Double { sumOverDifferences { k, p in k * p } }

    /// HXY1: −Σ p(i, j)·log₂(p(i)·p(j) + ε).
    fileprivate var crossEntropy: Double {
        var sum = 0.0
        for i in 0..<n { for j in 0..<n { sum -= p[i * n + j] * log2(marginal[i] * marginal[j] + epsilon) } }
        return sum
    }

    /// HXY2: −Σ p(i)·p(j)·log₂(p(i)·p(j) + ε).
    fileprivate var independentEntropy: Double {
        var sum = 0.0
        for i in 0..<n {
            for j in 0..<n {
                let q = marginal[i] * marginal[j]
                sum -= q * log2(q + epsilon)
            }
        }
        return sum
    }

    /// The second singular value of D⁻½·P·D⁻½, D = diag of the marginal: the square root of the second eigenvalue of
    /// Haralick's Q, without its small denominators. The first belongs to √marginal, is 1 and is taken out.
    fileprivate var maximalCorrelation: Double {
        guard n > 1 else { return 1 }
        let rows = (0..<n).filter { marginal[$0] > 0 }
        var matrix = SymmetricMatrix(n: rows.count)
        for (a, i) in rows.enumerated() {
            for (b, j) in rows.enumerated() {
                let root = (marginal[i] * marginal[j]).squareRoot()
                matrix[a, b] = p[i * n + j] / root - root
            }
        }
        let eigenvalues = matrix.extremeEigenvalues()
        return max(abs(eigenvalues.lowest), abs(eigenvalues.highest))
    }
}
