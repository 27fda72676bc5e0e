// The guard behind the fast pressure solver.
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct PressureGuardTests {
    private let plan: InjectionPlan = {
        var plan = BenchmarkBody.plan
        plan.cement = .newtonian
        plan.volumeMM3 = 1500
        plan.accuracy = InjectionPlan.Accuracy(stepMM3: 300, tolerance: 1e-8)
        return plan
    }()

    @Test func `the guard finds the same pressures and leaves the cement where the fast solver does`() throws {
        let cells = BenchmarkBody.cells(cellMM: 2)
        let domain = BodyFlowModel(cells, parameters: BodyFlowParameters(), openings: BenchmarkBody.gaps).domain
        let fast = try domain.inject(plan)
        var slow = plan
        slow.accuracy.patience = 0
        let guarded = try domain.inject(slow)
        #expect(fast.guardedSolutions == 0)
        #expect(guarded.guardedSolutions == guarded.steps.count)
        #expect(fast.steps.count == guarded.steps.count)
        for (a, b) in zip(fast.steps, guarded.steps) {
            #expect(abs(percentOff(b.pressurePa[0], a.pressurePa[0])) < 1e-4)
            #expect(b.iterations < a.iterations)
        }
        let apart = zip(fast.cementMM3, guarded.cementMM3).map { abs($0 - $1) }.max()
        #expect(apart ?? 1 < 1e-4)
        #expect(abs(guarded.imbalanceMM3) < 1e-10 * plan.volumeMM3)
    }

    @Test func `contrasts of fifteen decades are solved`() throws {
        var parameters = BodyFlowParameters()
        parameters.cortexPermeabilityRatio = 1e-9
        parameters.cleftFactor = 1e6
        parameters.permeabilitySpread = 2.5
        let cells = BenchmarkBody.cells(cellMM: 2)
        let domain = BodyFlowModel(cells, parameters: parameters, openings: []).domain
        var hard = plan
        hard.accuracy = InjectionPlan.Accuracy()
        hard.marrowViscosity = 0.01
        for patience in [20, 500] {
            hard.accuracy.patience = patience
            let result = try domain.inject(hard)
            #expect((result.guardedSolutions > 0) == (patience == 20))
            #expect(abs(result.imbalanceMM3) < 1e-10 * hard.volumeMM3)
        }
    }
}
