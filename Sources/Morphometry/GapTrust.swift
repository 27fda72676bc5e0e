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

    /// - Parameter smallestWidthMM: the narrowest gap that the scan shows.
    init(pixelMM: Double, smallestWidthMM: Double?) {
        let caution = Self.perScore * (Self.claimScore(smallestWidthMM: smallestWidthMM) - Self.leastScore)
        intercept = Self.intercept + Self.perPixelMM * max(pixelMM - 0.5, 0) + caution
    }

    /// 0…1; above 0.5 a gap may be claimed.
    func confidence(_ answer: Answer) -> Double {
        let evidence =
            Self.perScore * Double(answer.score) + Self.perOpenness * Double(min(answer.openness, 1.2))
            + Self.perDeficit * Double(answer.deficit)
        return 1 / (1 + exp(intercept - evidence))
    }

    /// True where the deficit is reported as a gap.
    static func isClaimed(_ gap: CorticalGap, _ settings: CortexMap.Settings) -> Bool {
        gap.confidence >= claim && gap.score >= settings.scoreThreshold && gap.deficit >= settings.deficitThreshold
    }

    /// The least score of a claim on a scan that shows gaps of this width.
    ///
    /// No gap is claimed on less than 4, however the rest looks. Where only gaps of 2 mm are shown, 6.5 is asked for: real bone is less even
    /// than the phantoms' (on a whole thoracic vertebra of 0.78 mm pixels nine places scored 4 to 6). Both our choice.
    static func claimScore(smallestWidthMM: Double?) -> Double { smallestWidthMM == 1 ? leastScore : 6.5 }

    private static let leastScore = 4.0

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
    /// No gap is claimed on a smaller mean deficit (our choice).
    static let claimDeficit = 0.2
}
