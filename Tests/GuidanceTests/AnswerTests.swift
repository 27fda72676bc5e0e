// Answers of tables so small that each figure can be counted.
import Domain
import Foundation
import Testing

@testable import Guidance

/// A body of 40 mm cubed around the centre, along the scan's axes: x right to left is LPS x, y posterior to anterior is −y.
private let frame = GuidanceTable.Frame(originLPSMM: [100, 200, 300], x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1])
private let outline = BodyOutline(
    cellMM: 4, firstCentreMM: [-18, -18, -18], size: [10, 10, 10], isInside: [Bool](repeating: true, count: 1000))

private func way(_ exit: String, at place: SIMD3<Double>, _ passage: GuidanceTable.Way.Passage = .gap)
    -> GuidanceTable.Way
{
    GuidanceTable.Way(
        exit: exit, passage: passage, type: "II", hazard: "the \(exit) side", localMM: place, outward: [0, 1, 0],
        presence: 1)
}

private func run(from tip: SIMD3<Double> = .zero, _ leaks: Double?...) -> GuidanceTable.Run {
    GuidanceTable.Run(tipMM: tip, permeabilityFactor: 1, viscosityFactor: 1, endML: 9, firstLeakML: leaks)
}

private func table(_ ways: [GuidanceTable.Way], _ runs: [GuidanceTable.Run]) -> GuidanceTable {
    GuidanceTable(
        level: .L1, frame: frame, outline: outline, ways: ways, runs: runs,
        conditions: GuidanceTable.Conditions(
            procedure: "PVP", cement: "low-viscosity", leakThresholdML: 0.01, cellMM: 2, seed: 1))
}

/// Ten runs from the centre: leaks through the front at 1, 2 … 8 mL, two without any.
private let ten = table(
    [way("anterior", at: [0, 20, 0]), way("posterior", at: [0, -20, 0])],
    (1...10).map { run($0 <= 8 ? Double($0) : nil, nil) })

private func query(_ volume: Double, at tips: [SIMD3<Double>] = [[100, 200, 300]]) -> GuidanceQuery {
    GuidanceQuery(
        needles: tips.map { GuidanceQuery.Needle(tipLPSMM: $0, share: 1 / Double(tips.count)) }, volumeSoFarML: volume)
}

struct AnswerTests {
    @Test func `at the start it counts first leaks among the runs`() throws {
        let answer = try ten.answer(query(0))
        let next = try #require(answer.nextHazard)
        #expect(next.exit == "anterior")
        #expect(abs(next.probability.value - 0.8) < 1e-9)
        #expect(next.firstLeakML == [1, 4, 8])
        #expect(next.placeLPSMM == [100, 180, 300])
        #expect(next.direction.vectorLPS == [0, -1, 0])
        #expect(next.direction.distanceMM == 20)
        #expect(next.direction.words == "anterior")
        #expect(next.direction.clockHour == 12)
        #expect(answer.otherHazards.isEmpty)
        #expect(answer.firstLeakML == [1, 5, nil])
        #expect(answer.volumeLeft.map(\.volumeML) == [1, 1])
        #expect(answer.leakedBefore.value == 0)
        #expect(answer.warning.level == .ok)
        #expect(answer.tableEndsML == 9)
        #expect(answer.needles.map(\.effectiveRuns) == [10])
        #expect(answer.limits.contains { $0.contains("10.0 effective") })
    }

    @Test func `it warns when the next half millilitre leaks too often`() throws {
        // Eight are left at 2.6 mL, one of them leaks at 3.
        let answer = try ten.answer(query(2.6))
        #expect(answer.lookAhead.probability.value == 0.125)
        #expect(answer.warning.level == .stop)
        #expect(answer.warning.text.hasPrefix("13 % of the simulated injections"))
        #expect(answer.warning.text.hasSuffix("into the anterior side."))
        #expect(answer.volumeLeft[1].volumeML == 0.4)
        #expect(answer.leakedBefore.value == 0.2)
        var lax = query(2.6)
        lax.thresholds.stop = 0.2
        #expect(try ten.answer(lax).warning.level == .caution)
        #expect(try ten.answer(query(2.1)).warning.level == .ok)
    }

    @Test func `beyond all leaks nothing is left to warn of, and beyond the table it says stop`() throws {
        let late = try ten.answer(query(8.5))
        #expect(late.nextHazard == nil)
        #expect(late.warning.level == .ok)
        #expect(late.volumeLeft.map(\.volumeML) == [nil, nil])
        let beyond = try ten.answer(query(9.5))
        #expect(beyond.warning.level == .stop)
        #expect(beyond.nextHazard?.exit == "anterior")
        #expect(beyond.volumeLeft.map(\.volumeML) == [0, 0])
    }

    @Test func `two needles share the volume`() throws {
        let answer = try ten.answer(query(0, at: [[100, 200, 300], [100, 200, 300]]))
        // Half of the cement through each: the first leak of one at 1 mL comes at 2 mL in all.
        #expect(answer.firstLeakML[0] == 2)
        #expect(answer.tableEndsML == 18)
        #expect(answer.limits.count == 5)
    }

    @Test func `near runs count, far ones do not`() throws {
        let ways = [way("leftLateral", at: [20, 0, 0]), way("rightLateral", at: [-20, 0, 0])]
        // A hundred runs at each end: those on the left leak there, those on the right on the right.
        let runs = (0..<100).flatMap { _ in [run(from: [15, 0, 0], 2, nil), run(from: [-15, 0, 0], nil, 3)] }
        let left = try table(ways, runs).answer(query(0, at: [[115, 200, 300]]))
        #expect(left.nextHazard?.exit == "leftLateral")
        #expect(left.otherHazards.isEmpty)
        #expect(left.needles[0].bandwidthMM == TipKernel.narrowestMM)
        #expect(left.needles[0].effectiveRuns == 100)
        let right = try table(ways, runs).answer(query(0, at: [[85, 200, 300]]))
        #expect(right.nextHazard?.exit == "rightLateral")
        #expect(right.nextHazard?.direction.clockHour == 9)
        let both = try table(ways, runs).answer(query(0, at: [[115, 200, 300], [85, 200, 300]]))
        #expect(both.nextHazard?.exit == "leftLateral")
        #expect(both.nextHazard?.firstLeakML == [4, 4, 4])
        #expect(both.nextHazard?.needle == 0)
    }

    @Test func `runs are moved to the needle by the power that the table shows`() throws {
        // Twelve tips on a line to the gap: the volume is a thousandth of the distance cubed.
        let runs = (4...15).map { run(from: [0, 20 - Double($0), 0], pow(Double($0), 3) / 1000) }
        let cubic = table([way("anterior", at: [0, 20, 0])], runs)
        #expect(abs(cubic.distanceExponents[0] - 3) < 1e-9)
        // From 10 mm away each of them says 1 mL.
        let answer = try cubic.answer(query(0, at: [[100, 190, 300]]))
        #expect(answer.firstLeakML == [1, 1, 1])
        // An intact wall has no place to be near to.
        #expect(table([way("anterior", at: [0, 20, 0], .wall)], runs).distanceExponents == [0])
    }

    @Test func `a kernel widens until it holds enough runs, within its limits`() {
        let few = TipKernel(at: .zero, tips: [[8, 0, 0], .zero])
        #expect(few.bandwidthMM == TipKernel.widestMM)
        #expect(abs(few.weights[0] - exp(-0.5)) < 1e-12)
        #expect(few.weights[1] == 1)
        // A lattice of 4 mm: (4π)^1.5 σ³ / 4³ = 60 at σ = 4.4 mm.
        let steps = (0..<16).map { Double($0) * 4 - 30 }
        let tips = steps.flatMap { x in steps.flatMap { y in steps.map { z in SIMD3(x, y, z) } } }
        let many = TipKernel(at: .zero, tips: tips)
        #expect(abs(many.bandwidthMM - 4.4) < 0.1)
        #expect(abs(effectiveCount(many.weights) - TipKernel.wantedRuns) < 0.5)
    }

    @Test func `directions are named along the body's axes, with an hour`() {
        func direction(_ local: SIMD3<Double>) -> Direction { Direction(local: local, frame: frame) }
        #expect(direction([2, 1, 0]).words == "left, anterior")
        #expect(direction([2, 1, 0]).clockHour == 2)
        #expect(direction([-1, -2, -4]).words == "down, posterior")
        #expect(direction([-1, -2, -4]).clockHour == 7)
        #expect(direction([0, 0, 5]).words == "up")
        #expect(direction([0, 0, 5]).clockHour == nil)
        #expect(direction([0, -3, 0]).clockHour == 6)
        #expect(direction([0, -3, 4]).vectorLPS == [0, 0.6, 0.8])
        #expect(direction(.zero).distanceMM == 0)
    }

    private static let refused: [(query: GuidanceQuery, subject: String, says: String)] = [
        (query(0, at: []), "needles", "0 needles"),
        (query(0, at: [[100, 200, .nan]]), "needles[0].tipLPSMM", "not finite"),
        (query(0, at: [[100, 200, 300], [127, 200, 300]]), "needles[1].tipLPSMM", "7.0 mm outside the body of L1"),
        (query(-0.1), "volumeSoFarML", "-0.1 mL"),
        (query(.nan), "volumeSoFarML", "nan"),
        (query(65), "volumeSoFarML", "64.0 mL"),
    ]

    @Test(arguments: refused.indices)
    func `a reading that cannot be is refused by its field`(index: Int) throws {
        let (query, subject, says) = Self.refused[index]
        let error = #expect(throws: GuidanceError.self) { try ten.answer(query) }
        #expect(error?.subject == subject)
        #expect(error?.detail.contains(says) == true, "\(error?.detail ?? "")")
        #expect(error?.code == .parameterInvalid)
    }

    @Test func `shares and thresholds are held to their ranges`() {
        func refusal(_ change: (inout GuidanceQuery) -> Void) -> String? {
            var query = query(1)
            change(&query)
            do { _ = try ten.answer(query) } catch { return error.subject }
            return nil
        }
        #expect(refusal { $0.needles[0].share = 0.5 } == "needles")
        #expect(refusal { $0.needles[0].share = .nan } == "needles")
        #expect(refusal { $0.thresholds.lookAheadML = 0 } == "thresholds.lookAheadML")
        #expect(refusal { $0.thresholds.caution = 0 } == "thresholds.caution")
        #expect(refusal { $0.thresholds.stop = 0.01 } == "thresholds.stop")
        #expect(refusal { $0.thresholds.stop = .infinity } == "thresholds.stop")
        #expect(refusal { $0.needles[0].tipLPSMM.x = 121 } == nil)
    }

    @Test func `a document comes back from JSON as it was`() throws {
        let document = GuidanceDocument(tables: [ten], omissions: [Omission(item: "L2", reason: "cut")])
        let back = try JSONDecoder().decode(GuidanceDocument.self, from: JSONEncoder().encode(document))
        #expect(back == document)
        #expect(try back.tables[0].answer(query(1)) == ten.answer(query(1)))
    }
}
