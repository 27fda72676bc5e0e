// What raises the simulated risk and what lowers it, run for run with the same chance.
import Domain
import Foundation
import Imaging
import Testing

@testable import CementFlow

/// A plain body of 44 × 34 × 28 mm; with a cleft from before the needle to the gap where it is asked for.
private func body(hasCleft: Bool = false) -> BodyCells {
    BodyCells(
        frame: VertebralFrame(originMM: .zero, x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1]), lowerMM: [-23, -18, -15],
        upperMM: [23, 18, 15], cellMM: 2,
        holds: { p in p.x * p.x / 484 + p.y * p.y / 289 < 1 && abs(p.z) < 14 },
        density: { p in Float(100 + 40 * sin(p.x) * cos(1.3 * p.y) * sin(0.9 * p.z + 1)) },
        isOpen: { p in hasCleft && abs(p.x - 4) < 4 && p.y > 8 && p.y < 15 && abs(p.z - 1) < 2 })
}

private let plain = body()

private func gap(length: Double, width: Double) -> UncertainOpening {
    UncertainOpening(
        ShellOpening(
            exit: .anterior, localMM: [5, 16.5, 1],
            passage: Passage(.fissure(lengthMM: length, widthMM: width), thicknessMM: 0.35)), probability: 1)
}

private func rehearse(
    _ openings: [UncertainOpening], cement: Cement = .mediumViscosity, in cells: BodyCells = plain
) throws -> LeakageTallies {
    var rehearsal = Rehearsal(
        plan: InjectionPlan(
            needles: [Needle(tipMM: [4, 5, 0])], cement: cement, drive: .flow(mm3PerS: 50), volumeMM3: 4000,
            accuracy: InjectionPlan.Accuracy(stepMM3: 200)), openings: openings)
    rehearsal.runs = 12
    rehearsal.seed = 9
    return LeakageTallies(try rehearsal.run(in: cells, threads: 2), endML: 6)
}

@Suite(.serialized) struct RiskTrendTests {
    /// 1.5 × 6 mm.
    private static let usual = Result { try rehearse([gap(length: 6, width: 1.5)]) }

    /// Runs in which `other` leaked before `tallies`, and after it.
    private func earlier(_ other: LeakageTallies, than tallies: LeakageTallies) -> (before: Int, after: Int) {
        zip(other.any.firstLeaksML, tallies.any.firstLeaksML).reduce((0, 0)) { count, pair in
            let (a, b) = (pair.0 ?? .infinity, pair.1 ?? .infinity)
            return (count.0 + (a < b ? 1 : 0), count.1 + (a > b ? 1 : 0))
        }
    }

    @Test func `a longer gap leaks earlier, a wider one a little`() throws {
        let usual = try Self.usual.get()
        let long = try rehearse([gap(length: 12, width: 1.5)])
        let wide = try rehearse([gap(length: 6, width: 3)])
        #expect(usual.any.score > 0)
        #expect(long.any.score > usual.any.score)
        #expect(wide.any.score > usual.any.score)
        // Twice the length adds more than twice the width: access limits the leak, not the slit.
        #expect(long.any.score > wide.any.score)
        let paired = earlier(long, than: usual)
        #expect(paired.before > paired.after)
    }

    @Test func `a cleft that leads to the gap leaks earlier`() throws {
        let connected = try rehearse([gap(length: 6, width: 1.5)], in: body(hasCleft: true))
        #expect(connected.any.score > (try Self.usual.get()).any.score)
    }

    @Test func `more cement leaks more, thin cement no later than thick`() throws {
        let usual = try Self.usual.get()
        let shares = [2.0, 4, 6].map { usual.share(atML: $0).any }
        #expect(shares == shares.sorted())
        #expect(shares[2] > shares[0])
        let gaps = [gap(length: 6, width: 1.5)]
        let thin = try rehearse(gaps, cement: .lowViscosity)
        let thick = try rehearse(gaps, cement: .highViscosity)
        #expect(thin.any.score > thick.any.score)
        let paired = earlier(thin, than: thick)
        #expect(paired.before > paired.after)
    }

    @Test func `an intact body ranks lowest`() throws {
        let intact = try rehearse([])
        #expect(intact.any.score < (try Self.usual.get()).any.score)
        #expect(intact.any.score < 0.01)
    }
}
