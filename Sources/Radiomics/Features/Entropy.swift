// Shannon's entropy as PyRadiomics computes it.
import Foundation

/// 2⁻⁵²: PyRadiomics adds it inside logarithms and denominators.
let epsilon = 2.220446049250313e-16

/// −Σ p·log₂(p + ε), p = count / total, in bits. Empty cells add nothing and cost nothing.
func entropy(_ counts: [Double], total: Double = 1) -> Double {
    var sum = 0.0
    for count in counts where count != 0 {
        let p = count / total
        sum -= p * log2(p + epsilon)
    }
    return sum
}
