// How the p of a rank test is computed.
import Foundation

/// How the null distribution of a rank test is got.
package enum RankTestMethod: String, Sendable, Hashable, Codable {
    /// Exact up to 50 values without ties or zeros, else normal with continuity correction (the rule of R's wilcox.test).
    case automatic
    /// The exact permutation distribution given the midranks, also with ties.
    case exact
    /// Normal, the variance corrected for ties.
    case normal
    /// Normal, corrected for ties and for continuity.
    case normalWithContinuity
}
