// Ranks quadrants, sectors and exits by the gaps in the cortex alone: no cement flow is simulated.
import Domain
import Foundation
import Morphometry

/// The geometric leakage map.
///
/// A gap's weight is its confidence times its conductance over 10 mm. Bone on both sides throttles a gap more than the gap
/// itself does, so the conductance is that of an elliptic opening as long and wide as the gap between two porous half spaces:
/// 2 pi a / K(e), in mm (docs/evidence.md; a = length/√pi, b = width/√pi). A place with total weight W scores
/// 1 − 0.95 exp(−W): the background of 0.05 stands for veins and intact shell, and a sure gap of 1 × 6 mm scores about 0.5
/// (both our choice).
package enum GeometricLeakageMap {
    /// The score of a place without gaps (our choice).
    package static let background = 0.05
    /// Conductance, mm, that makes a weight of 1 (our choice: a 1 × 6 mm slit has 6.7 mm).
    package static let referenceConductanceMM = 10.0

    /// - Parameters:
    ///   - cortex: the gaps, and weaker deficits, which count with their low confidence.
    ///   - level: named in the notes.
    package static func map(_ cortex: CortexMap, level: VertebralLevel) -> LeakageMap {
        let weighted = (cortex.gaps + cortex.suspects).map { (gap: $0, weight: weight(of: $0)) }
        let quadrants = BodyQuadrant.allCases.map { quadrant in
            (quadrant, score(weighted.reduce(0) { $0 + $1.weight * share(of: $1.gap, in: quadrant) }))
        }
        let sum = quadrants.reduce(0) { $0 + $1.1 }
        return LeakageMap(
            method: "geometric", explanation: explanation,
            quadrants: quadrants.map { quadrant, score in
                LeakageMap.QuadrantScore(
                    quadrant: quadrant, score: score, share: score / sum,
                    gaps: cortex.gaps.filter { $0.quadrant == quadrant })
            }.sorted { $0.score > $1.score },
            sectors: sectors(weighted, claimed: cortex.gaps), exits: exits(weighted, claimed: cortex.gaps),
            notes: notes(cortex, level: level))
    }

    /// Confidence times conductance over the reference.
    static func weight(of gap: CorticalGap) -> Double {
        gap.confidence * conductanceMM(lengthMM: gap.lengthMM, widthMM: gap.widthMM) / referenceConductanceMM
    }

    /// Conductance of a slit of this size between two porous half spaces of permeability over viscosity 1: 2 pi a / K(e).
    static func conductanceMM(lengthMM: Double, widthMM: Double) -> Double {
        guard lengthMM > 0, widthMM > 0 else { return 0 }
        let a = max(lengthMM, widthMM) / Double.pi.squareRoot()
        let b = min(lengthMM, widthMM) / Double.pi.squareRoot()
        // K(e) = pi / (2 AGM(1, b/a)): the arithmetic-geometric mean converges quadratically.
        var mean = 1.0
        var geometric = b / a
        while mean - geometric > 1e-9 {
            (mean, geometric) = ((mean + geometric) / 2, (mean * geometric).squareRoot())
        }
        return 4 * a * mean
    }

    private static func score(_ weight: Double) -> Double {
        1 - (1 - background) * exp(-weight)
    }

    /// How much of a gap counts in a quadrant: one that straddles a border counts on both sides.
    private static func share(of gap: CorticalGap, in quadrant: BodyQuadrant) -> Double {
        let span = max(gap.lengthMM, 2)
        let left = min(max(0.5 + gap.localMM.x / span, 0), 1)
        let anterior = min(max(0.5 + gap.localMM.y / span, 0), 1)
        switch quadrant {
        case .anteriorLeft: return anterior * left
        case .anteriorRight: return anterior * (1 - left)
        case .posteriorLeft: return (1 - anterior) * left
        case .posteriorRight: return (1 - anterior) * (1 - left)
        }
    }

    private static func sectors(
        _ weighted: [(gap: CorticalGap, weight: Double)], claimed: [CorticalGap]
    ) -> [LeakageMap.SectorScore] {
        BodyQuadrant.allCases.flatMap { quadrant in
            BodyThird.allCases.map { third in
                let weight = weighted.filter { $0.gap.third == third }.reduce(0) {
                    $0 + $1.weight * share(of: $1.gap, in: quadrant)
                }
                return LeakageMap.SectorScore(
                    quadrant: quadrant, third: third, score: score(weight),
                    gaps: claimed.filter { $0.quadrant == quadrant && $0.third == third })
            }
        }.sorted { $0.score > $1.score }
    }

    private static func exits(
        _ weighted: [(gap: CorticalGap, weight: Double)], claimed: [CorticalGap]
    ) -> [LeakageMap.ExitScore] {
        LeakageMap.Exit.allCases.map { exit in
            let weight = weighted.filter { LeakageMap.Exit($0.gap.wall) == exit }.reduce(0) { $0 + $1.weight }
            return LeakageMap.ExitScore(
                exit: exit, score: score(weight), gaps: claimed.filter { LeakageMap.Exit($0.wall) == exit })
        }.sorted { $0.score > $1.score }
    }

    static func notes(_ cortex: CortexMap, level: VertebralLevel) -> [String] {
        var notes: [String] = []
        if cortex.gaps.isEmpty {
            notes.append("No gap is claimed in the shell of \(level.rawValue); all places score near the background.")
        }
        if cortex.gaps.contains(where: { $0.wall == .posterior }) {
            notes.append(
                "A gap in the posterior wall opens to the canal: keep the cement front out of the posterior third.")
        }
        if cortex.gaps.contains(where: { $0.wall == .superiorEndplate || $0.wall == .inferiorEndplate }) {
            notes.append("A gap in an endplate opens to the disc.")
        }
        if !cortex.foramina.isEmpty {
            notes.append(
                "The basivertebral foramen is seen as an opening of the posterior wall; it is not counted as a gap.")
        }
        return notes
    }

    private static let explanation = """
        Ranked from gaps in the cortical shell alone; no cement flow was simulated. Each gap counts with its confidence times \
        the conductance of an opening of its size between porous half spaces (2 pi a / K(e), over 10 mm); a place with weight W \
        scores 1 - 0.95 exp(-W). A score of 0.05 is the background of an intact shell. Scores rank places; they are not \
        probabilities.
        """
}
