// Corrections for many tests at once.
import Foundation

/// How p values of one family are adjusted.
package enum MultipleTesting: String, Sendable, Hashable, Codable, CaseIterable {
    /// min(1, m·p).
    case bonferroni
    /// Step-down (S. Holm, Scand J Stat 1979;6:65); controls the family-wise error, never weaker than Bonferroni.
    case holm
    /// Step-up (Benjamini & Hochberg, J R Stat Soc B 1995;57:289); controls the false discovery rate.
    case benjaminiHochberg

    /// The adjusted values in the order given; each is compared with the level itself.
    /// - Throws: `AgreementError.outOfRange` naming the row of a p outside 0 to 1.
    package func adjusted(_ values: [Double]) throws(AgreementError) -> [Double] {
        if let row = values.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) {
            throw .outOfRange(row: row + 1, column: "p", value: values[row], allowed: "between 0 and 1")
        }
        let m = Double(values.count)
        var result = values
        let order = values.indices.sorted { values[$0] < values[$1] }
        switch self {
        case .bonferroni: return values.map { min(1, m * $0) }
        case .holm:
            var largest = 0.0
            for (rank, index) in order.enumerated() {
                largest = max(largest, min(1, (m - Double(rank)) * values[index]))
                result[index] = largest
            }
        case .benjaminiHochberg:
            var smallest = 1.0
            for (rank, index) in order.enumerated().reversed() {
                smallest = min(smallest, m / Double(rank + 1) * values[index])
                result[index] = smallest
            }
        }
        return result
    }
}
