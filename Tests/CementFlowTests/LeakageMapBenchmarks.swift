// Acceptance of the map: 200 phantoms with one planted gap or a cleft that leads to it. `Benchmarks/map/run` prints the table.
import Domain
import Foundation
import Testing

@testable import CementFlow

private let environment = ProcessInfo.processInfo.environment
private let isFull = environment["OSTEON_ACCEPTANCE"] == "full"
/// Scored seeds; map, flow and cortex were looked at on others while they were made (docs/leakage-map.md).
private let firstSeed = environment["OSTEON_MAP_SEED"].flatMap(Int.init) ?? 6001
private let count = environment["OSTEON_MAP_PHANTOMS"].flatMap(Int.init) ?? 200
private let pixelMM = environment["OSTEON_MAP_PIXEL_MM"].flatMap(Double.init) ?? 0.5

@Suite(.serialized, .enabled(if: isFull, "OSTEON_ACCEPTANCE=full scores 200 phantoms; half an hour of one core"))
struct LeakageMapBenchmarks {
    @Test func `the planted exit and quadrant leak first`() throws {
        let start = Date()
        let cases = try inOrder(count, threads: 2) { n in
            let judged = try PlantedExit(seed: UInt64(firstSeed + n), pixelMM: pixelMM)
            print(firstSeed + n, judged)
            return judged
        }
        for line in PlantedExitTable(cases: cases).lines { print(line) }
        print(
            "| pixels \(pixelMM) mm, seeds \(firstSeed)...\(firstSeed + count - 1) | "
                + "\(Int(Date().timeIntervalSince(start))) s wall |")
        let (exits, quadrants) = (0.9 * Double(count), 0.95 * Double(count))
        #expect(Double(cases.count { $0.byTruth.exit }) >= exits)
        #expect(Double(cases.count { $0.byTruth.quadrant }) >= quadrants)
        // The chain's goal is for scans that show the gaps.
        guard pixelMM <= 0.5 else { return }
        #expect(Double(cases.count { $0.byChain.exit }) >= exits)
        #expect(Double(cases.count { $0.byChain.quadrant }) >= quadrants)
    }
}
