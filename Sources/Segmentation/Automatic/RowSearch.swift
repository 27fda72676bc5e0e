// Picks the vote peaks that make a spine: an even, smooth row from head to feet.
import Foundation
import Imaging

/// Dynamic programming (Bellman 1957) over pairs of peaks.
///
/// A row gains with each peak's mass and pays for uneven steps, for turns, for a step without a disc in it, and for a vertebra
/// that it passes over. Peaks in pelvis, femora and ribs do not line up and fall out. Weights are our choice where no source stands.
struct RowSearch {
    /// Peaks of bodies, in any order.
    let peaks: [VotePeak]
    /// The peak of S1, which only ends a row.
    let sacrum: VotePeak?
    /// How surely a disc lies between two points, 0…1; nil where it is not known.
    let discBetween: (PointMM, PointMM) -> Double?

    /// Distances of neighbouring body centres: C3–C4 to L4–L5 with room on both sides.
    private static let stepsMM = 10.5...48.0
    /// Least share of a step that leads to the feet; S1 lies behind L5 as much as below it (sacral slopes reach 60°).
    private static let leastDescent = 0.6
    private static let leastDescentToSacrum = 0.4
    /// The turn from the lumbar spine into the sacrum that costs nothing, degrees.
    private static let lumbosacralTurn = 30.0
    private static let mostPassedOver = 2
    private static let costOfPassing = 0.8
    private static let costOfUnevenness = 2.5
    private static let degreesOfUnitCost = 30.0
    private static let costWithoutDisc = 0.4
    /// A disc of this probability counts as seen.
    private static let clearDisc = 0.3
    private static let greatestGain = 1.5

    /// From one peak down to another.
    private struct Step {
        let upper: Int
        let lower: Int
        /// Vertebrae passed over.
        let passed: Int
        let stepMM: Double
        let direction: SIMD3<Double>
        let cost: Double
        /// Degrees that the row may turn here without cost.
        let freeTurn: Double
    }

    /// The best row; empty when there are no peaks.
    func row() -> SpineRow {
        let points = peaks.map(\.centreMM) + (sacrum.map { [$0.centreMM] } ?? [])
        let gains = gains()
        let steps = steps(points)
        var best = steps.map { gains[$0.upper] + gains[$0.lower] - $0.cost }
        var before = [Int?](repeating: nil, count: steps.count)
        var into: [Int: [Int]] = [:]
        // A step's upper peak lies higher than its lower one: in the order of the upper peaks, all that lead here are done.
        for i in steps.indices {
            let step = steps[i]
            for j in into[step.upper] ?? [] {
                let value = best[j] + gains[step.lower] - step.cost - Self.bend(from: steps[j], to: step)
                if value > best[i] {
                    best[i] = value
                    before[i] = j
                }
            }
            into[step.lower, default: []].append(i)
        }
        let top = best.indices.max { best[$0] < best[$1] }
        let lonely = gains.indices.dropLast(sacrum == nil ? 0 : 1).max { gains[$0] < gains[$1] }
        guard let top, best[top] > (lonely.map { gains[$0] } ?? 0) else {
            return SpineRow(members: lonely.map { [member($0, passed: 0)] } ?? [])
        }
        return traced(from: top, steps, before)
    }

    private func traced(from top: Int, _ steps: [Step], _ before: [Int?]) -> SpineRow {
        var row = SpineRow(members: [])
        var next: Int? = top
        var first = top
        while let i = next {
            if steps[i].lower == peaks.count {
                row.sacrumMM = sacrum?.centreMM
            } else {
                row.members.append(member(steps[i].lower, passed: steps[i].passed))
            }
            first = i
            next = before[i]
        }
        row.members.append(member(steps[first].upper, passed: 0))
        row.members.reverse()
        return row
    }

    private func member(_ i: Int, passed: Int) -> SpineRow.Member {
        SpineRow.Member(centreMM: peaks[i].centreMM, mass: peaks[i].mass, missingAbove: passed)
    }

    /// Each peak's mass against what is usual about it, at most `greatestGain`; 1 for S1.
    private func gains() -> [Double] {
        peaks.map { peak in
            let masses = peaks.filter { length($0.centreMM - peak.centreMM) <= CentreVotes.neighbourhoodMM }.map(\.mass)
            return min(peak.mass / upperQuartile(masses), Self.greatestGain)
        } + (sacrum == nil ? [] : [1])
    }

    private func steps(_ points: [PointMM]) -> [Step] {
        var steps: [Step] = []
        let order = points.indices.sorted { points[$0].z > points[$1].z }
        for upper in order where upper < peaks.count {
            for lower in order {
                let way = points[lower] - points[upper]
                let distance = length(way)
                let isLast = lower == peaks.count
                let descent = isLast ? Self.leastDescentToSacrum : Self.leastDescent
                guard distance > 0, -way.z >= descent * distance else { continue }
                for passed in 0...Self.mostPassedOver {
                    let stepMM = distance / Double(passed + 1)
                    // Nothing is passed over between L5 and S1: a gap there is no evidence of a vertebra.
                    guard Self.stepsMM.contains(stepMM), passed == 0 || !isLast else { continue }
                    var cost = Self.costOfPassing * Double(passed)
                    if passed == 0, let disc = discBetween(points[upper], points[lower]) {
                        cost += Self.costWithoutDisc * (1 - min(disc / Self.clearDisc, 1))
                    }
                    steps.append(
                        Step(
                            upper: upper, lower: lower, passed: passed, stepMM: stepMM, direction: way / distance,
                            cost: cost, freeTurn: isLast ? Self.lumbosacralTurn : 0))
                }
            }
        }
        return steps
    }

    private static func bend(from upper: Step, to lower: Step) -> Double {
        let ratio = log(lower.stepMM / upper.stepMM)
        let turn = acos(min(max(dot(upper.direction, lower.direction), -1), 1)) * 180 / .pi
        let angle = max(turn - lower.freeTurn, 0) / degreesOfUnitCost
        return costOfUnevenness * ratio * ratio + angle * angle
    }
}
