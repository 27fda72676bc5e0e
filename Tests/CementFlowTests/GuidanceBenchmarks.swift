// What a guidance table costs, whether coarser cells say the same, and how well it foretells runs that it has not seen.
import Domain
import Foundation
import Guidance
import Imaging
import Testing

@testable import CementFlow

private let isAskedFor = ProcessInfo.processInfo.environment["OSTEON_ACCEPTANCE"] == "full"

@Suite(.enabled(if: isAskedFor, "minutes long; set OSTEON_ACCEPTANCE=full"), .serialized)
struct GuidanceBenchmarks {
    private static let tips = 256

    private func table(cellMM: Double, tips: Int, stepMM3: Double = 100) throws -> (table: GuidanceTable, cpuS: Double)
    {
        var rehearsal = Rehearsal(plan: BenchmarkBody.plan, openings: BenchmarkBody.uncertainGaps)
        rehearsal.seed = 3
        rehearsal.plan.accuracy.stepMM3 = stepMM3
        let start = clock()
        let table = try GuidanceTable(rehearsal, in: BenchmarkBody.cells(cellMM: cellMM), level: .L1, tips: tips)
        return (table, Double(clock() - start) / Double(CLOCKS_PER_SEC))
    }

    @Test func `coarser cells and longer steps against finer ones, with the same chance`() throws {
        let fine = try table(cellMM: 1.5, tips: Self.tips)
        print(
            "| table of \(Self.tips) tips | CPU s | same leaks, run x way | same first way | first leak differs by, mL |"
        )
        print("| 1.5 mm, steps of 0.1 mL | \(shown(fine.cpuS)) | | | |")
        for (cell, step) in [(2.0, 100.0), (2.0, 200.0)] {
            let coarse = try table(cellMM: cell, tips: Self.tips, stepMM3: step)
            let pairs = pairs(coarse.table, fine.table)
            let ways = fine.table.ways.count
            let same = pairs.reduce(0) { sum, pair in
                sum + (0..<ways).count { (pair.0.firstLeakML[$0] == nil) == (pair.1.firstLeakML[$0] == nil) }
            }
            let both = pairs.compactMap { pair in first(pair.0).flatMap { a in first(pair.1).map { (a, $0) } } }
            let away = both.reduce(0) { $0 + abs($1.0.volumeML - $1.1.volumeML) } / Double(both.count)
            let hits = both.count { $0.0.way == $0.1.way }
            print(
                "| \(cell) mm, steps of \(step / 1000) mL | \(shown(coarse.cpuS)) | \(same) of \(ways * pairs.count) | "
                    + "\(hits) of \(both.count) | \(shown(away)) |")
            #expect(Double(same) > 0.95 * Double(ways * pairs.count))
            let asked = pairs.prefix(100).map { reading(at: $0.1.tipMM, in: fine.table, 1) }
            let answers = try asked.map { (try coarse.table.answer($0), try fine.table.answer($0)) }
            let next = answers.count { name($0.0) == name($0.1) }
            let left = answers.compactMap { a, b in
                a.volumeLeft[1].volumeML.flatMap { one in b.volumeLeft[1].volumeML.map { abs(one - $0) } }
            }.sorted()
            print(
                "  answers at 1 mL: same next hazard \(next) of \(answers.count); volume left to 10 % differs by "
                    + "\(shown(left[left.count / 2])) mL (median), \(shown(left[left.count * 9 / 10])) mL (90 %)")
        }
    }

    @Test func `what a table says of runs that it has not seen`() throws {
        let all = try table(cellMM: 2, tips: 512).table
        print("| tips | first way foretold | leaked before the volume left to 10 %, from 0 and 2 mL | effective runs |")
        for count in [80, 160, 256] {
            var some = all
            some = GuidanceTable(
                level: all.level, frame: all.frame, outline: all.outline, ways: all.ways,
                runs: Array(all.runs.prefix(count)), conditions: all.conditions)
            var (hits, leaking) = (0, 0)
            var early = [0.0: (0, 0), 2.0: (0, 0)]
            var effective = 0.0
            for run in all.runs.dropFirst(256) {
                let leak = first(run)
                for volume in early.keys where leak.map({ $0.volumeML > volume }) ?? true {
                    let answer = try some.answer(reading(at: run.tipMM, in: some, volume))
                    if let left = answer.volumeLeft[1].volumeML, let leak {
                        early[volume]?.0 += leak.volumeML < volume + left ? 1 : 0
                    }
                    early[volume]?.1 += 1
                    guard volume == 0, let leak else { continue }
                    leaking += 1
                    let place = some.ways[leak.way].localMM
                    let away = (answer.nextHazard?.direction.distanceMM).map {
                        abs($0 - length(place - run.tipMM)) < 0.1
                    }
                    hits += away == true ? 1 : 0
                    effective += answer.needles[0].effectiveRuns
                }
            }
            let parts = early.keys.sorted().compactMap { early[$0] }.map { "\($0.0) of \($0.1)" }
            print(
                "| \(count) | \(hits) of \(leaking) | \(parts.joined(separator: ", ")) | "
                    + "\(shown(effective / Double(leaking))) |")
            #expect(Double(hits) > 0.6 * Double(leaking))
        }
        let start = clock()
        for run in all.runs.prefix(200) { _ = try all.answer(reading(at: run.tipMM, in: all, 1)) }
        print(
            "an answer from \(all.runs.count) runs: \(Double(clock() - start) / Double(CLOCKS_PER_SEC) * 5) ms of CPU")
    }

    /// Runs of the same tip.
    private func pairs(_ a: GuidanceTable, _ b: GuidanceTable) -> [(GuidanceTable.Run, GuidanceTable.Run)] {
        a.runs.compactMap { run in b.runs.first { $0.tipMM == run.tipMM }.map { (run, $0) } }
    }

    private func first(_ run: GuidanceTable.Run) -> (way: Int, volumeML: Double)? {
        run.firstLeakML.enumerated().compactMap { way, volume in volume.map { (way, $0) } }.min { $0.1 < $1.1 }
    }

    private func reading(at tip: SIMD3<Double>, in table: GuidanceTable, _ volume: Double) -> GuidanceQuery {
        let frame = table.frame
        let place = frame.originLPSMM + frame.x * tip.x + frame.y * tip.y + frame.z * tip.z
        return GuidanceQuery(needles: [GuidanceQuery.Needle(tipLPSMM: place, share: 1)], volumeSoFarML: volume)
    }

    /// A way's name: the places of veins and foramen depend a little on the grid.
    private func name(_ answer: GuidanceAnswer) -> [String] {
        answer.nextHazard.map { [$0.exit, $0.passage.rawValue] } ?? []
    }

    private func shown(_ value: Double) -> String { String(format: "%.2f", value) }
}
