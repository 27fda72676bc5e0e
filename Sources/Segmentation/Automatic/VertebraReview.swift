// Judges a vertebra that was found automatically: a score, and every reason why a person should look.
import Domain
import Imaging

/// The verdict on one vertebra. All limits are our choice; none was fitted to outcomes.
package struct VertebraReview: Sendable, Equatable {
    /// 1: nothing speaks against it; 0: no plausible body.
    package var score: Double
    /// Plain sentences; empty when it is accepted.
    package var reasons: [String]

    package var needsReview: Bool { !reasons.isEmpty }

    /// What is judged.
    struct Evidence: Equatable {
        var bodyML: Double
        /// The body's millilitres against the mean of its neighbours; nil without neighbours.
        var volumeRatio: Double?
        /// Share of the vertebra's voxels that hang together.
        var connectedShare: Double
        /// Share of the body's surface that is a clear edge of bone.
        var sharpShare: Double?
        /// Dice of the body's outline with what the outlining network calls its body; nil without that network.
        var agreement: Double?
        /// The step to one neighbour against the step to the other; nil at the ends.
        var stepRatio: Double?
        var isWhole: Bool
        /// Share of the vertebra's box that is metal.
        var metalShare: Double
    }

    private static let leastSharpShare = 0.45
    private static let leastAgreement = 0.8
    private static let volumeRatios = 0.55...1.8
    private static let stepRatios = 0.65...1.55
    private static let leastConnectedShare = 0.95
    private static let leastBodyML = 1.5
    private static let mostMetal = 0.002

    /// No body that could be measured.
    init(noBody finding: String) {
        score = 0
        reasons = ["No plausible body was found: \(finding)."]
    }

    init(_ evidence: Evidence) {
        score = 1
        reasons = []
        func weigh(_ isWrong: Bool, _ share: Double, _ reason: @autoclosure () -> String) {
            guard isWrong else { return }
            score *= min(max(share, 0.1), 0.9)
            reasons.append(reason())
        }
        weigh(!evidence.isWhole, 0.5, "The vertebra is cut by the border of the scan.")
        weigh(
            evidence.bodyML < Self.leastBodyML, evidence.bodyML / Self.leastBodyML,
            "Its body measures only \(figure(evidence.bodyML)) mL.")
        if let ratio = evidence.volumeRatio {
            weigh(
                !Self.volumeRatios.contains(ratio), min(ratio, 1 / max(ratio, 1e-6)),
                "Its body measures \(figure(ratio)) times the mean of its neighbours'.")
        }
        weigh(
            evidence.connectedShare < Self.leastConnectedShare, evidence.connectedShare,
            "\(figure(100 * (1 - evidence.connectedShare))) % of it is in pieces apart from the rest.")
        if let sharp = evidence.sharpShare {
            weigh(
                sharp < Self.leastSharpShare, sharp / Self.leastSharpShare,
                "Only \(figure(100 * sharp)) % of the body's surface is a clear edge of bone: its outline may be wrong."
            )
        }
        if let agreement = evidence.agreement {
            weigh(
                agreement < Self.leastAgreement, agreement,
                "The outline of its body and a second look by the network overlap to \(figure(100 * agreement)) % only."
            )
        }
        if let ratio = evidence.stepRatio {
            weigh(
                !Self.stepRatios.contains(ratio), min(ratio, 1 / max(ratio, 1e-6)),
                "It lies \(figure(ratio)) times as far from the vertebra above as from the one below: one may be missing or split."
            )
        }
        weigh(
            evidence.metalShare > Self.mostMetal, 0.4,
            "\(figure(100 * evidence.metalShare)) % of its surroundings are metal: streaks may have moved its outline.")
    }
}
