// Guidance tables filled by the flow solver: repeatable, complete, and right about which way is near.
import Domain
import Foundation
import Guidance
import Imaging
import Testing

@testable import CementFlow

/// A plain body of 44 × 34 × 28 mm with a gap in the anterior and one in the left wall.
private let body = BodyCells(
    frame: VertebralFrame(originMM: [10, 20, 30], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, -1]),
    lowerMM: [-23, -18, -15],
    upperMM: [23, 18, 15], cellMM: 2.5,
    holds: { p in
        let d = p - [10, 20, 30]
        return d.x * d.x / 484 + d.y * d.y / 289 < 1 && abs(d.z) < 14
    },
    density: { p in Float(100 + 40 * sin(p.x) * cos(1.3 * p.y) * sin(0.9 * p.z + 1)) })

private let rehearsal: Rehearsal = {
    var rehearsal = Rehearsal(
        plan: InjectionPlan(
            needles: [], cement: .newtonian, drive: .flow(mm3PerS: 50), volumeMM3: 4000,
            accuracy: InjectionPlan.Accuracy(stepMM3: 200)),
        openings: [
            UncertainOpening(opening(.anterior, [0, 16.5, 0]), probability: 1),
            UncertainOpening(opening(.leftLateral, [21, 0, 0]), probability: 0),
        ])
    rehearsal.seed = 5
    return rehearsal
}()

private func opening(_ exit: FlowExit, _ place: SIMD3<Double>) -> ShellOpening {
    ShellOpening(
        exit: exit, localMM: place, direction: exit == .leftLateral ? [0, 1, 0] : [1, 0, 0],
        passage: Passage(.fissure(lengthMM: 8, widthMM: 2), thicknessMM: 0.35))
}

struct GuidanceTableTests {
    @Test func `a table depends on its seed alone, and a smaller one is its beginning`() throws {
        let table = try GuidanceTable(rehearsal, in: body, level: .L1, tips: 24)
        #expect(try GuidanceTable(rehearsal, in: body, level: .L1, tips: 24, threads: 2) == table)
        #expect(try GuidanceTable(rehearsal, in: body, level: .L1, tips: 6).runs == Array(table.runs.prefix(6)))
        #expect(table.runs.count == 24)
        #expect(table.conditions.seed == 5)
        // Both gaps, the foramen, two veins and six walls.
        #expect(table.ways.filter { $0.passage == .gap }.map(\.presence) == [1, 0])
        #expect(table.ways.filter { $0.passage == .vein }.map(\.type) == ["I", "I"])
        #expect(table.ways.filter { $0.passage == .foramen }.map(\.exit) == ["posterior"])
        #expect(Set(table.ways.filter { $0.passage == .wall }.map(\.exit)).count == 6)
        for way in table.ways { #expect(abs((way.outward * way.outward).sum() - 1) < 1e-6, "\(way)") }
        for run in table.runs {
            #expect(table.outline.distanceMM(fromLocal: run.tipMM) == 0)
            #expect(run.firstLeakML.count == table.ways.count)
            #expect(run.endML == 6)
            #expect(run.firstLeakML.allSatisfy { $0.map { $0 > 0 && $0 <= run.endML } ?? true })
        }
        // The gap that is there in none of the draws never leaks.
        let leaks = table.ways.indices.map { way in table.runs.filter { $0.firstLeakML[way] != nil }.count }
        let gaps = table.ways.indices.filter { table.ways[$0].passage == .gap }
        #expect(leaks[gaps[0]] >= 1)
        #expect(leaks[gaps[1]] == 0)
        // A needle 6 mm behind the anterior gap: that gap is next, before it on the clock.
        let tip = body.frame.point([0, 10, 0])
        let answer = try table.answer(
            GuidanceQuery(needles: [GuidanceQuery.Needle(tipLPSMM: tip, share: 1)], volumeSoFarML: 0))
        #expect(answer.nextHazard?.exit == "anterior")
        #expect(answer.nextHazard?.passage == .gap)
        #expect(answer.nextHazard?.direction.clockHour == 12)
        #expect(abs((answer.nextHazard?.direction.vectorLPS.y ?? 0) + 1) < 0.01)
    }

    @Test func `a cancelled table stops`() {
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: FaultRecord.self) {
            try GuidanceTable(rehearsal, in: body, level: .L1, tips: 4, cancellation: cancellation)
        }
    }
}
