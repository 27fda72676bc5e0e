// Whether a segmented vertebra may be simulated, or a person should look first.
import Domain
import Imaging
import Segmentation

/// The verdict on one segmented vertebra.
struct SegmentationReview: Sendable, Hashable {
    /// Why a person should look at it; empty when it is accepted.
    let reasons: [String]
    /// Whether the request wants it rehearsed all the same.
    let isOverruled: Bool

    var needsReview: Bool { !reasons.isEmpty }
    var verdict: String { needsReview ? "needs-review" : "accepted" }

    /// Share of the body's surface that must be a clear fall from bone to its surroundings: half as much again as the share below which
    /// the segmentation refuses the body (our choice).
    private static let leastSharpShare = 0.45

    /// What the search of the spine thinks of a vertebra.
    init(_ review: VertebraReview, isOverruled: Bool) {
        reasons = review.reasons
        self.isOverruled = isOverruled
    }

    init(_ vertebra: Vertebra, _ quality: SpineSegmentation.Quality) {
        var reasons: [String] = []
        if !vertebra.isWhole { reasons.append("The vertebra is cut by the border of the scan.") }
        if let sharp = quality.sharpShare, sharp < Self.leastSharpShare {
            reasons.append(
                "Only \(Int((100 * sharp).rounded())) % of the body's surface is a clear edge of bone: its outline may be wrong."
            )
        }
        self.reasons = reasons
        isOverruled = false
    }
}
