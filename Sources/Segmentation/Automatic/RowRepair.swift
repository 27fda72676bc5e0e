// Puts vertebrae back that the row passed over.
import Imaging

/// Looks again in a row's wide gaps: two peaks that merged, or one that was too weak, leave votes there.
struct RowRepair {
    let votes: CentreVotes

    /// Votes that a vertebra in a gap must have, against its neighbours' mean. Our choice, half of what a peak needs.
    private static let leastShare = 0.12
    /// How far from its even place in the gap a vertebra may lie, as a share of the step. Our choice.
    private static let greatestShift = 0.35

    func repaired(_ row: SpineRow) -> SpineRow {
        var result = SpineRow(members: [], sacrumMM: row.sacrumMM)
        for member in row.members {
            guard let above = result.members.last, member.missingAbove > 0 else {
                result.members.append(member)
                continue
            }
            let step = (member.centreMM - above.centreMM) / Double(member.missingAbove + 1)
            var missing = 0
            for n in 1...member.missingAbove {
                let expected = above.centreMM + step * Double(n)
                let peak = votes.gathered(near: expected)
                let isThere =
                    peak.mass >= Self.leastShare * (above.mass + member.mass) / 2
                    && length(peak.centreMM - expected) <= Self.greatestShift * length(step)
                if isThere {
                    result.members.append(
                        SpineRow.Member(centreMM: peak.centreMM, mass: peak.mass, missingAbove: missing))
                    missing = 0
                } else {
                    missing += 1
                }
            }
            var last = member
            last.missingAbove = missing
            result.members.append(last)
        }
        return result
    }
}
