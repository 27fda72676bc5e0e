// Do the comparison's coarse cells rank the approaches as the Monte Carlo's do? `Benchmarks/map/run` prints the table.
import Domain
import Foundation
import Testing

@testable import CementFlow

private let isFull = ProcessInfo.processInfo.environment["OSTEON_ACCEPTANCE"] == "full"
private let seeds: ClosedRange<UInt64> = 7001...7024
/// As many as a comparison has at least (`RehearsalOrder.runs`).
private let runs = 20

@Suite(
    .serialized,
    .enabled(if: isFull, "OSTEON_ACCEPTANCE=full rehearses 24 phantoms on two grids; ten minutes of one core"))
struct ApproachBenchmarks {
    @Test func `coarse cells take the approach that fine cells take`() throws {
        let found = try inOrder(seeds.count, threads: 2) { n in
            try ApproachAgreement(seed: seeds.lowerBound + UInt64(n), runs: runs)
        }
        let same = found.count { $0.coarseChoice == $0.fineChoice }
        let ranked = found.count { $0.coarse == $0.fine }
        let interval = wilsonInterval(same, of: found.count)
        print("| phantoms, runs of each approach and grid | \(found.count), \(runs) |")
        print("| same approach taken | \(same) (\(interval.lowerBound)-\(interval.upperBound)) |")
        print("| same order of all three | \(ranked) |")
        print("| greatest difference of a leak's share | \(found.map(\.greatestDifference).max() ?? 0) |")
        print(
            "| greatest and mean regret | \(found.map(\.regret).max() ?? 0), \(found.map(\.regret).reduce(0, +) / Double(found.count)) |"
        )
        #expect(same * 10 >= found.count * 9)
    }
}
