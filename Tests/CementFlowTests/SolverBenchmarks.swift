// The pressure solvers on the hardest bodies: iterations against plain and Jacobi conjugate gradients, and two hundred extreme draws.
import Domain
import Foundation
import Imaging
import Testing

@testable import CementFlow

private let isFull = ProcessInfo.processInfo.environment["OSTEON_ACCEPTANCE"] == "full"

@Suite(.serialized, .enabled(if: isFull, "OSTEON_ACCEPTANCE=full prints the tables; minutes of one core"))
struct SolverBenchmarks {
    @Test func `iterations against plain and Jacobi conjugate gradients`() throws {
        row(
            "cell mm", "cement over marrow", "cortex over bone", "cleft over bone", "spread of ln k", "start", "plain",
            "Jacobi", "red-black (ours)", "Cholesky (guard)")
        for (cell, viscosity, cortex, cleft, spread) in [
            (2.0, 500.0, 1e-6, 1e3, 0.375), (1.5, 500, 1e-6, 1e3, 0.375), (1, 500, 1e-6, 1e3, 0.375),
            (1, 1e4, 1e-6, 1e3, 0.375), (1, 1e4, 1e-9, 1e5, 0.375), (1, 1e5, 1e-9, 1e6, 2.5),
        ] {
            let domain = body(cell, cortex: cortex, cleft: cleft, spread: spread)
            var plan = BenchmarkBody.plan
            plan.marrowViscosity = 0.2
            plan.cement = Cement(name: "test", consistency: 0.2 * viscosity, source: "test")
            let (cold, warm) = try #require(ReferenceSolver.compare(domain, plan, every: 30))
            row(cell, viscosity, cortex, cleft, spread, "cold", cold.plain, cold.jacobi, cold.reduced, cold.cholesky)
            row(
                cell, viscosity, cortex, cleft, spread, "warm, mean", mean(warm.map(\.plain)), mean(warm.map(\.jacobi)),
                mean(warm.map(\.reduced)), mean(warm.map(\.cholesky)))
            #expect(cold.reduced < cold.jacobi)
        }
    }

    @Test func `200 extreme draws are all solved`() throws {
        var random = Draws(state: 2026)
        var iterations: [Int] = []
        var guarded = 0
        var guardedDraws = 0
        var set = 0
        var failed = 0
        var negative = 0
        var lost = 0.0
        var others = (cold: [ReferenceSolver.Iterations](), warm: [ReferenceSolver.Iterations]())
        for number in 0..<200 {
            let (domain, plan) = draw(number, &random)
            do {
                let result = try domain.inject(plan)
                iterations += result.steps.map(\.iterations)
                guarded += result.guardedSolutions
                guardedDraws += result.guardedSolutions > 0 ? 1 : 0
                lost = max(lost, abs(result.imbalanceMM3) / plan.volumeMM3)
                // A shear-thinning cement's closed form at a needle wider than what the cells stand for, before it fills them.
                negative += result.steps.contains { $0.pressurePa.contains { $0 <= 0 } } ? 1 : 0
                #expect(result.steps.allSatisfy { $0.pressurePa.allSatisfy(\.isFinite) })
            } catch CementFlowError.cementSet {
                set += 1
            } catch CementFlowError.pressureUnsolved {
                failed += 1
            }
            let compared = try #require(ReferenceSolver.compare(domain, plan, every: 30))
            others.cold.append(compared.cold)
            others.warm += compared.warm
        }
        row(
            "200 extreme draws, least, middle, most iterations", "plain", "Jacobi", "red-black (ours)",
            "Cholesky (guard)")
        for (start, counted) in [("cold", others.cold), ("warm", others.warm)] {
            row(
                "\(start), \(counted.count) pressures", spread(counted.map(\.plain)), spread(counted.map(\.jacobi)),
                spread(counted.map(\.reduced)), spread(counted.map(\.cholesky)))
        }
        row(
            "draws", "set before the volume was in", "steps", "iterations of a step: least, middle, most",
            "pressures for the guard", "of draws", "failed", "a needle's pressure below 0",
            "lost", "")
        row(
            200, set, iterations.count, spread(iterations), guarded, guardedDraws, failed, negative, lost,
            goal("none failed", failed == 0))
        #expect(failed == 0)
        #expect(lost < 1e-10)
    }

    /// Every number is drawn log-uniformly or uniformly from beyond what a body can have.
    private func draw(_ number: Int, _ random: inout Draws) -> (FlowDomain, InjectionPlan) {
        let cell = number % 20 == 0 ? 1 : number % 4 == 0 ? 1.5 : 2.0
        var parameters = BodyFlowParameters()
        parameters.cortexPermeabilityRatio = random.logUniform(1e-9, 1e-3)
        parameters.cleftFactor = random.logUniform(1, 1e6)
        parameters.permeabilitySpread = random.uniform(0, 2.5)
        parameters.permeabilityMM2 *= SIMD3(random.logUniform(0.1, 10), random.logUniform(0.1, 10), 1)
        let gaps = BenchmarkBody.gaps.filter { _ in random.uniform(0, 1) < 0.6 }
        let domain = BodyFlowModel(
            BenchmarkBody.cells(cellMM: cell), parameters: parameters, openings: gaps
        ).domain
        var plan = BenchmarkBody.plan
        plan.needles = (0..<(number % 3 == 0 ? 2 : 1)).map { n in
            Needle(
                tipMM: [(n == 0 ? 1 : -1) * random.uniform(3, 14), random.uniform(-10, 10), random.uniform(-9, 9)],
                share: number % 3 == 0 ? 0.5 : 1)
        }
        plan.marrowViscosity = random.logUniform(0.01, 1)
        plan.cement = Cement(
            name: "drawn", consistency: plan.marrowViscosity * random.logUniform(1, 1e5),
            exponent: random.uniform(0, 1) < 0.5 ? 1 : random.uniform(0.2, 1),
            thickeningS: random.logUniform(30, 1000), source: "test")
        if random.uniform(0, 1) < 0.3 {
            plan.procedure = .kyphoplasty(balloonsMM3: plan.needles.map { _ in random.uniform(500, 3000) })
        }
        plan.drive = random.uniform(0, 1) < 0.5 ? .flow(mm3PerS: 50) : .pressure(random.logUniform(1e4, 1e7))
        plan.accuracy = InjectionPlan.Accuracy(stepMM3: 200, tolerance: number % 2 == 0 ? 1e-2 : 1e-3)
        return (domain, plan)
    }

    private func body(_ cell: Double, cortex: Double, cleft: Double, spread: Double) -> FlowDomain {
        var parameters = BodyFlowParameters()
        parameters.cortexPermeabilityRatio = cortex
        parameters.cleftFactor = cleft
        parameters.permeabilitySpread = spread
        return BodyFlowModel(
            BenchmarkBody.cells(cellMM: cell), parameters: parameters, openings: BenchmarkBody.gaps
        ).domain
    }
}

/// Numbers by a linear congruential generator (Knuth's constants).
private struct Draws {
    var state: UInt64

    mutating func uniform(_ low: Double, _ high: Double) -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return low + (high - low) * Double(state >> 11) * 0x1p-53
    }

    mutating func logUniform(_ low: Double, _ high: Double) -> Double { exp(uniform(log(low), log(high))) }
}
