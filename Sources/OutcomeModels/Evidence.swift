// Published numbers, each with where it comes from and how well it is known.
import Foundation

/// How well a number is known.
package enum EvidenceGrade: String, Sendable, Codable {
    /// Read in the full text of a paper.
    case readInPaper = "S"
    /// Read in a public abstract or table, not in the full paper.
    case readInAbstract = "V"
    /// Computed from such numbers.
    case derived = "D"
    /// A weak prior or a prior of ours of ours: no source was verified.
    case unverified = "U"
}

/// A probability from the literature.
struct PublishedRate: Sendable {
    let value: Double
    let grade: EvidenceGrade
    let source: String
}

/// An odds ratio from the literature, with its 95 % interval.
struct OddsRatio: Sendable {
    let value: Double
    let low: Double
    let high: Double
    let grade: EvidenceGrade
    let source: String

    var logValue: Double { log(value) }

    /// Half the interval on the log scale over 1.96: (ln high − ln low) / 3.92.
    var logStandardError: Double { (log(high) - log(low)) / 3.92 }

    init(_ value: Double, _ low: Double, _ high: Double, _ grade: EvidenceGrade, _ source: String) {
        self.value = value
        self.low = low
        self.high = high
        self.grade = grade
        self.source = source
    }
}
