// What a rehearsal keeps of every run, for maps and tables made from it.
import Domain
import Foundation
import Imaging
import Testing

@testable import CementFlow

private func gap(_ exit: FlowExit, _ at: SIMD3<Double>, probability: Double = 1) -> UncertainOpening {
    UncertainOpening(
        ShellOpening(
            exit: exit, localMM: at, passage: Passage(.fissure(lengthMM: 8, widthMM: 2), thicknessMM: 0.35)),
        probability: probability)
}

private let openings = [
    gap(.anterior, [5, 16.5, 9], probability: 0.6), gap(.superiorEndplate, [-2, -5, 14]),
    gap(.inferiorEndplate, [3, 2, -14], probability: 0),
]

private func rehearsal() -> Rehearsal {
    var rehearsal = Rehearsal(
        plan: InjectionPlan(
            needles: [Needle(tipMM: [4, 7, 5])], cement: .newtonian, drive: .flow(mm3PerS: 50), volumeMM3: 5000,
            accuracy: InjectionPlan.Accuracy(stepMM3: 200)), openings: openings)
    rehearsal.runs = 16
    rehearsal.seed = 3
    return rehearsal
}

struct RehearsalDetailTests {
    @Test func `each run keeps its first leaks by exit, quadrant, sector and opening`() throws {
        let result = try rehearsal().run(in: plainBody, threads: 2)
        #expect(result.outcomes.map(\.run) == Array(0..<16))
        let anterior = FlowExit.anterior.index
        let sector = try #require(
            RehearsalResult.sectorOrder.firstIndex { $0.quadrant == .anteriorLeft && $0.third == .upper })
        var through = 0
        for outcome in result.outcomes {
            #expect(outcome.openingsML[2] == nil)
            #expect(outcome.leaks.map(\.firstML) == outcome.leaks.map(\.firstML).sorted())
            #expect(outcome.peakPressurePa > 0)
            if let opening = outcome.openingsML[0] {
                through += 1
                let exit = try #require(outcome.exitsML[anterior])
                let quadrant = try #require(outcome.quadrantsML[0])
                let any = try #require(outcome.anyML)
                // Intact cortex beside the gap adds a few cubic millimetres.
                #expect(exit <= opening)
                #expect(exit > opening - 0.5)
                #expect(try #require(outcome.sectorsML[sector]) <= opening)
                #expect(quadrant <= opening)
                #expect(any <= quadrant)
                let leak = try #require(outcome.leaks.first { $0.place.number == 0 || $0.place.exit == .anterior })
                #expect(leak.place.exit == .anterior)
                #expect(leak.place.third == .upper)
                let arrival = try #require(outcome.arrivals.first { $0.exitName == "anterior" })
                #expect(length(try #require(arrival.pathMM.last) - [5, 16.5, 9]) < 8)
            } else {
                #expect(outcome.exitsML[anterior] == nil)
            }
        }
        #expect(through >= 5)
        #expect(through < 16)
        #expect(result.openings[2].probability.allSatisfy { $0 == 0 })
        #expect(result.openings[0].probability.last == Double(through) / 16)
        #expect(result.sectors.count == 12)
        #expect(try #require(result.sectors[sector].curve.probability.last) >= Double(through) / 16)
    }

    @Test func `the fill's frequency adds up to the planned volume and falls off away from the needle`() throws {
        let result = try rehearsal().run(in: plainBody, threads: 2)
        let grid = result.grid
        #expect(grid == plainBody.grid)
        let filled = result.fillFrequency.reduce(0) { $0 + Double($1) } * 8 * 0.9
        // 5 mL, the needle's mouth, less what had leaked; half-full cells count as whole or not at all.
        let leaked = 1000 * result.exits.reduce(0) { $0 + $1.meanLeakML }
        #expect(abs(filled - (5000 - leaked)) < 500)
        for i in result.fillFrequency.indices {
            let away = length(grid.centre(of: i) - [4, 7, 5])
            if away < 4 { #expect(result.fillFrequency[i] > 0.8) }
            if away > 22 { #expect(result.fillFrequency[i] == 0) }
        }
    }

    @Test func `the segmentation's error moves first leaks and nothing else of the draw`() throws {
        var exact = rehearsal()
        exact.spread.segmentationSDMM = 0
        let without = try exact.run(in: plainBody, threads: 2)
        let with = try rehearsal().run(in: plainBody, threads: 2)
        #expect(without.outcomes.map(\.permeabilityFactor) == with.outcomes.map(\.permeabilityFactor))
        let anterior = FlowExit.anterior.index
        let shifts = zip(without.outcomes, with.outcomes).compactMap { a, b -> Double? in
            guard let x = a.exitsML[anterior], let y = b.exitsML[anterior] else { return nil }
            return y - x
        }
        #expect(shifts.count > 4)
        #expect(shifts.contains { abs($0) > 0.02 })
        // A surface half a millimetre further out is a shell of its area thicker: well below 2 mL of the first leak on average.
        #expect(abs(shifts.reduce(0, +) / Double(shifts.count)) < 1)
    }

    @Test func `a needle outside the body or a volume that cannot be is told before the first run`() {
        for (tip, volume) in [
            (SIMD3(30.0, 0, 0), 5000.0), ([4, 7, 5], -1), ([4, 7, 5], 0), ([4, 7, 5], .nan), ([4, 7, 5], 1e6),
        ] {
            var bad = rehearsal()
            bad.plan.needles[0].tipMM = tip
            bad.plan.volumeMM3 = volume
            #expect(throws: CementFlowError.self) { try bad.run(in: plainBody) }
        }
    }
}
