// Many injections with other numbers: probabilities that can be repeated and that move the right way.
import Domain
import Foundation
import Imaging
import Testing

@testable import CementFlow

private func gap(length: Double, width: Double = 2, probability: Double = 1) -> UncertainOpening {
    UncertainOpening(
        ShellOpening(
            exit: .anterior, localMM: [5, 16.5, 1],
            passage: Passage(.fissure(lengthMM: length, widthMM: width), thicknessMM: 0.35)), probability: probability)
}

private func rehearsal(_ openings: [UncertainOpening], cement: Cement = .newtonian) -> Rehearsal {
    var rehearsal = Rehearsal(
        plan: InjectionPlan(
            needles: [Needle(tipMM: [4, 7, 0])], cement: cement, drive: .flow(mm3PerS: 50), volumeMM3: 5000,
            accuracy: InjectionPlan.Accuracy(stepMM3: 200)), openings: openings)
    rehearsal.runs = 12
    rehearsal.seed = 5
    return rehearsal
}

struct RehearsalTests {
    @Test func `a rehearsal depends on its seed alone, and names the planted gap first`() throws {
        let plan = rehearsal([gap(length: 8)])
        let one = try plan.run(in: plainBody)
        let two = try plan.run(in: plainBody, threads: 2)
        #expect(one.any == two.any)
        #expect(one.exits.map(\.exit) == two.exits.map(\.exit))
        #expect(zip(one.exits, two.exits).allSatisfy { $0.curve == $1.curve && $0.meanLeakML == $1.meanLeakML })
        #expect(one.seed == 5)
        #expect(one.runs == 12)
        #expect(one.exits[0].exit == .anterior)
        let quadrants = one.quadrants.sorted { ($0.curve.probability.last ?? 0) > ($1.curve.probability.last ?? 0) }
        #expect(quadrants[0].quadrant == .anteriorLeft)
        for curve in one.exits.map(\.curve) + [one.any] {
            #expect(zip(curve.probability, curve.probability.dropFirst()).allSatisfy { $0 <= $1 })
            for n in curve.volumesML.indices {
                #expect(curve.lower95[n] <= curve.probability[n])
                #expect(curve.probability[n] <= curve.upper95[n])
            }
        }
        var other = plan
        other.seed = 6
        #expect(try other.run(in: plainBody).any != one.any)
    }

    @Test func `the risk rises with a gap's length, and falls to nothing without one`() throws {
        func leak(_ openings: [UncertainOpening]) throws -> Double {
            try rehearsal(openings).run(in: plainBody).exits.first { $0.exit == .anterior }?.meanLeakML ?? .nan
        }
        let none = try leak([])
        let short = try leak([gap(length: 3)])
        let long = try leak([gap(length: 10)])
        let unlikely = try leak([gap(length: 10, probability: 0.3)])
        #expect(none < 0.01)
        #expect(short > none)
        #expect(long > 1.2 * short)
        #expect(unlikely < long)
    }

    @Test func `a curve counts first leaks and gives Wilson's interval`() {
        let curve = LeakageCurve(firstLeaksML: [nil, 1, 3, nil], volumesML: [0.5, 1, 2, 4])
        #expect(curve.probability == [0, 0.25, 0.25, 0.5])
        #expect(curve.firstLeakML[0] == 1)
        #expect(curve.firstLeakML[1] == 3)
        #expect(curve.firstLeakML[2] == nil)
        // 2 of 4: 0.150–0.850; 0 of 40: up to z²/(n + z²) = 0.0876.
        #expect(abs(curve.lower95[3] - 0.150) < 0.0005)
        #expect(abs(curve.upper95[3] - 0.850) < 0.0005)
        let empty = LeakageCurve(firstLeaksML: [Double?](repeating: nil, count: 40), volumesML: [1])
        #expect(abs(empty.upper95[0] - 0.0876) < 0.0001)
        #expect(empty.lower95[0] == 0)
    }

    @Test func `a cancelled rehearsal stops`() {
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: FaultRecord.self) {
            try rehearsal([gap(length: 8)]).run(in: plainBody, threads: 2, cancellation: cancellation)
        }
    }
}
