// A phantom's vertebra rehearsed from scan to recommendation.
import Domain
import Foundation
import Imaging
import Morphometry
import Phantoms
import Testing

@testable import CementFlow

/// A gap in the front left, and a cleft of gas that leads from the needle's side to it.
private let patient: Result<Phantom, any Error> = Result {
    var recipe = PhantomRecipe(seed: 7, levels: [.L1])
    recipe.fieldOfViewMM = [76, 90]
    recipe.spacingMM = [0.8, 0.8, 1]
    recipe.lesions = [
        .cleft(Cleft(level: .L1, content: .gas, sizeMM: [16, 14, 4], position: [0.2, 0.45, 0.4])),
        .corticalGap(
            PlantedGap(
                level: .L1, wall: .anterior, angleDegrees: 65, position: 0.4, widthMM: 2.5, lengthMM: 8,
                turnDegrees: 90)),
    ]
    return try PhantomBuilder.build(recipe)
}

private let rehearsed: Result<BodyRehearsal, any Error> = Result {
    let body = try RehearsedBody(try patient.get(), .L1)
    return try BodyRehearsal(
        of: body.vertebra, in: body.volume, cortex: body.trueCortex(),
        order: RehearsalOrder(volumeML: 7, runs: 24, seed: 3),
        threads: 2)
}

struct BodyRehearsalTests {
    @Test func `the planted gap ranks first by exit, quadrant, sector and beam`() throws {
        let map = try rehearsed.get().map
        #expect(map.method == "rehearsal")
        #expect(map.fallback == nil)
        #expect(map.quadrants.map(\.quadrant).count == 4)
        #expect(map.sectors.count == 12)
        #expect(map.exits.count == 6)
        #expect(map.quadrants[0].quadrant == .anteriorLeft)
        #expect(map.sectors[0].quadrant == .anteriorLeft)
        #expect(map.sectors[0].third == .upper)
        #expect(map.exits[0].exit == .anterior)
        let exit = try #require(map.exits[0].rehearsed)
        #expect(exit.hazard.hasPrefix("anterior wall, left, upper third: opens to the soft tissue"))
        #expect((exit.curve.probability.last ?? 0) > 0.2)
        let beam = try #require(map.beams.max { $0.leakProbability < $1.leakProbability })
        // 65° from the patient's left is 25° left of the front.
        #expect(abs(beam.degrees - 25) < 16)
        #expect(beam.interval95.contains(beam.leakProbability))
    }

    @Test func `the path leads from the needle to the gap`() throws {
        let rehearsal = try rehearsed.get()
        let path = try #require(rehearsal.map.exits[0].rehearsed?.pathMM)
        let tip = try #require(rehearsal.needles.first?.tipMM)
        let start = try #require(path.first)
        let end = try #require(path.last)
        let gap = try #require(rehearsal.map.exits[0].gaps.first)
        #expect(length(start - tip) < 8)
        #expect(length(end - gap.centroidMM) < 0.5)
        #expect(path.count > 3)
        // Corners of cells may be cut by three when smoothed.
        for (a, b) in zip(path, path.dropFirst()) { #expect(length(a - b) < 3 * 1.5) }
    }

    @Test func `36 beams reach as far as cement does`() throws {
        let beams = try rehearsed.get().map.beams
        #expect(beams.map(\.degrees) == (0..<36).map { Double($0) * 10 })
        for beam in beams {
            #expect(beam.reachMM <= beam.farReachMM)
            #expect(beam.farReachMM <= beam.wallMM + 4)
            #expect(beam.wallMM > 10)
        }
        // The tip lies in front: cement reaches further there than behind.
        #expect(beams[0].reachMM > beams[18].reachMM)
        #expect(AxialBeam.beam(x: 1, y: 0) == 9)
        #expect(AxialBeam.beam(x: 0, y: -1) == 18)
        #expect(AxialBeam.beam(x: -1, y: 0) == 27)
        #expect(AxialBeam.beam(x: -0.01, y: 1) == 0)
    }

    @Test func `types count what exits count`() throws {
        let map = try rehearsed.get().map
        #expect(map.types.map(\.type.rawValue) == ["I", "II", "III", "IV"])
        for type in map.types {
            let ways = map.exits.compactMap(\.rehearsed).flatMap(\.ways).filter { $0.type == type.type }
            #expect(type.runs == 24)
            #expect(Double(type.leaks) / 24 <= (map.any?.probability.last ?? 0))
            #expect((type.curve.probability.last ?? 0) >= ways.map { $0.curve.probability.last ?? 0 }.max() ?? 0)
        }
    }

    @Test func `the risk volume lies on the scan's grid, sure at the needle and nought far from the body`() throws {
        let rehearsal = try rehearsed.get()
        let body = try RehearsedBody(try patient.get(), .L1)
        let risk = rehearsal.risk
        let grid = risk.probability.geometry
        #expect(grid.spacingMM == body.volume.geometry.spacingMM)
        #expect(length(grid.originMM - body.volume.geometry.point(at: risk.lowerIndex)) < 1e-9)
        #expect(risk.probability.voxels.allSatisfy { $0 >= 0 && $0 <= 1 })
        #expect(risk.probability.value(at: try #require(rehearsal.needles.first?.tipMM)) > 0.8)
        #expect(risk.probability.value(at: body.vertebra.frame.point([0, -40, 0])) == 0)
        // Outside the gap some runs left a half ball of cement.
        let gap = try #require(rehearsal.map.exits[0].gaps.first)
        let outside = gap.centroidMM + normalised(gap.centroidMM - body.vertebra.frame.originMM) * 1.2
        let leaked = rehearsal.monteCarlo.outcomes.count { $0.leakedML[FlowExit.anterior.index] > 0.005 }
        #expect((risk.probability.value(at: outside) > 0) == (leaked > 0))
    }

    @Test func `the recommendation states its range, its uncertainty and what would change it`() throws {
        let rehearsal = try rehearsed.get()
        let advice = rehearsal.recommendation
        #expect(rehearsal.approaches.map(\.approach) == [.left, .right, .bilateral])
        #expect(advice.needles == rehearsal.needles)
        #expect(advice.researchUse.contains("Research use only"))
        #expect(advice.statement.contains("95 % interval"))
        #expect(Set(advice.changes.map(\.what)).isSuperset(of: ["1 mL less cement", "high-viscosity cement"]))
        for change in advice.changes { #expect(change.before.runs == change.after.runs) }
        let less = try #require(advice.changes.first { $0.what == "1 mL less cement" })
        #expect(less.after.any <= less.before.any)
        let ceiling = advice.ceilings.any
        #expect(ceiling.interval95ML.contains(ceiling.volumeML))
        if let range = advice.rangeML {
            #expect(range.upperBound <= ceiling.volumeML + 1e-9)
            #expect(range.upperBound <= advice.rule.rangeML.upperBound)
        } else {
            #expect(advice.statement.hasPrefix("No volume"))
        }
    }

    @Test func `the default needles come through the pedicles into the anterior third`() throws {
        let body = try RehearsedBody(try patient.get(), .L1)
        for outcome in try rehearsed.get().approaches {
            #expect(outcome.needles.count == (outcome.approach == .bilateral ? 2 : 1))
            for needle in outcome.needles {
                let tip = body.vertebra.frame.local(needle.tipMM)
                let side = needle.side == .left ? 1.0 : -1.0
                #expect(tip.x * side > 0)
                #expect(abs(tip.x) < 0.25 * body.truth.bodyWidthMM)
                #expect(tip.y > 0.1 * body.truth.bodyDepthMM)
                #expect(tip.y < 0.4 * body.truth.bodyDepthMM)
                let pedicle = body.vertebra.frame.local(try #require(needle.pedicleMM))
                #expect(pedicle.x * side > 8)
                #expect(pedicle.y < -0.3 * body.truth.bodyDepthMM)
            }
        }
    }

    @Test func `an order that cannot be is refused`() throws {
        let body = try RehearsedBody(try patient.get(), .L1)
        func rehearse(_ order: RehearsalOrder) throws {
            _ = try BodyRehearsal(of: body.vertebra, in: body.volume, cortex: body.trueCortex(), order: order)
        }
        #expect(throws: CementFlowError.self) { try rehearse(RehearsalOrder(cement: "marmalade", runs: 2)) }
        #expect(throws: CementFlowError.self) { try rehearse(RehearsalOrder(volumeML: -1, runs: 2)) }
        #expect(throws: CementFlowError.self) { try rehearse(RehearsalOrder(volumeML: 90, runs: 2)) }
        let outside = body.vertebra.frame.point([60, 0, 0])
        #expect(throws: CementFlowError.self) { try rehearse(RehearsalOrder(tipsLPSMM: [outside], runs: 2)) }
    }
}
