// How far the answers of the gap filters speak for a real gap.
import Foundation

/// Turns a filter's answer into a confidence, by logistic regression on tuning phantoms (docs/cortex.md; seeds and figures there).
struct GapTrust {
    /// What the best filter says of one point.
    struct Answer {
        /// Openness over its robust standard deviation on this chart.
        var score: Float = 0
        /// Open share of the slit against its surroundings.
        var openness: Float = 0
        /// Mean deficit in the slit.
        var deficit: Float = 0
    }

    private let intercept: Double

    init(pixelMM: Double) {
        intercept = Self.intercept + Self.perPixelMM * max(pixelMM - 0.5, 0)
    }

    /// 0…1; above 0.5 a gap may be claimed.
    func confidence(_ answer: Answer) -> Double {
        let evidence =
            Self.perScore * Double(answer.score) + Self.perOpenness * Double(min(answer.openness, 1.2))
            + Self.perDeficit * Double(answer.deficit)
        return 1 / (1 + exp(intercept - evidence))
    }

    /// True where the deficit is reported as a gap.
    static func isClaimed(_ gap: CorticalGap) -> Bool {
        gap.confidence >= claim && gap.score >= claimScore && gap.deficit >= claimDeficit
    }

    /// Fitted weights on pixels of 0.5 mm.
    private static let perScore = 1.21
    private static let perOpenness = 12.6
    private static let perDeficit = 8.3
    private static let intercept = 21.2
    /// Coarser pixels let more chance deficits through; this holds their number near that of fine ones (our choice).
    private static let perPixelMM = 3.0

    /// Weaker deficits kept as suspects (our choice).
    static let suspect = 0.02
    private static let claim = 0.5
    /// No gap is claimed on less, however the rest looks (our choice).
    static let claimScore = 4.0
    static let claimDeficit = 0.2
}
