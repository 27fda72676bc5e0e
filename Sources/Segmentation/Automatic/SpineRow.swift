// The vertebrae of a scan as a row of body centres.
import Imaging

/// Body centres that follow each other like a spine's.
struct SpineRow: Sendable, Equatable {
    struct Member: Sendable, Equatable {
        var centreMM: PointMM
        /// Votes for the centre, in voxels of the locating grid.
        var mass: Double
        /// How many vertebrae were passed over between the member above and this one: the gap is so much wider than its neighbours.
        var missingAbove = 0
    }

    /// Cranial to caudal, S1 left out.
    var members: [Member]
    /// The centre of S1, where the row ends at the sacrum.
    var sacrumMM: PointMM?

    /// Each member's number counted from the first, vertebrae that were passed over included.
    var positions: [Int] {
        var position = -1
        return members.map {
            position += 1 + $0.missingAbove
            return position
        }
    }

    /// The row from its second member on.
    var withoutFirst: SpineRow {
        var rest = self
        rest.members.removeFirst()
        if !rest.members.isEmpty { rest.members[0].missingAbove = 0 }
        return rest
    }

    /// The number that S1 would have, where the row ends at it.
    var sacrumPosition: Int? { sacrumMM.flatMap { _ in positions.last.map { $0 + 1 } } }

    /// From a member towards the head, along its neighbours; unit length.
    func cranial(at i: Int) -> SIMD3<Double> {
        let upper = members[max(i - 1, 0)].centreMM
        let lower = i + 1 < members.count ? members[i + 1].centreMM : (sacrumMM ?? members[i].centreMM)
        return length(upper - lower) > 1 ? normalised(upper - lower) : [0, 0, 1]
    }

    /// The distance to the next centre for each vertebra of the way, the mean of both sides, millimetres; nil for a lonely member.
    func pitchMM(at i: Int) -> Double? {
        var pitches: [Double] = []
        if i > 0 {
            pitches.append(
                length(members[i].centreMM - members[i - 1].centreMM) / Double(1 + members[i].missingAbove))
        }
        if i + 1 < members.count {
            pitches.append(
                length(members[i + 1].centreMM - members[i].centreMM) / Double(1 + members[i + 1].missingAbove))
        }
        return pitches.isEmpty ? nil : pitches.reduce(0, +) / Double(pitches.count)
    }
}
