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

    /// No gap is claimed on a smaller score, however the rest looks.
    let claimScore: Double
    private let perScore: Double
    private let perOpenness: Double
    private let perDeficit: Double
    private let intercept: Double

    /// - Parameters:
    ///   - sliceMM: thickness or spacing of the slices, whichever is larger.
    ///   - smallestWidthMM: the narrowest gap that the scan shows.
    init(sliceMM: Double, smallestWidthMM: Double?) {
        if smallestWidthMM == 1 {
            // Thinner slices than 1 mm show every gap of 1 mm on weaker evidence than chance deficits reach; they are asked for more (our
            // choice).
            (perScore, perOpenness, perDeficit) = (1.21, 12.6, 8.3)
            intercept = 21.2 + 2 * max(1 - sliceMM, 0)
            claimScore = 4
        } else {
            // Wide gaps on coarse scans: how much mass is missing tells more than the shape does. Thicker slices spread it thinner, by up
            // to half a unit of evidence at 1.5 mm (our choice).
            (perScore, perOpenness, perDeficit) = (1.22, 3.6, 16.7)
            intercept = 18.85 - min(max(sliceMM - 1, 0), 0.5)
            claimScore = 3.5
        }
    }

    /// 0…1; above 0.5 a gap may be claimed. What stands out too little for a claim is never surer than that.
    func confidence(_ answer: Answer) -> Double {
        let evidence =
            perScore * Double(answer.score) + perOpenness * Double(min(answer.openness, 1.2))
            + perDeficit * Double(answer.deficit)
        let confidence = 1 / (1 + exp(intercept - evidence))
        return Double(answer.score) < claimScore ? min(confidence, Self.claim) : confidence
    }

    /// True where the deficit is reported as a gap.
    static func isClaimed(_ gap: CorticalGap, _ settings: CortexMap.Settings) -> Bool {
        gap.confidence >= claim && gap.score >= settings.scoreThreshold && gap.deficit >= settings.deficitThreshold
    }

    /// Weaker deficits kept as suspects (our choice).
    static let suspect = 0.02
    private static let claim = 0.5
    /// No gap is claimed on a smaller mean deficit (our choice).
    static let claimDeficit = 0.2
}
