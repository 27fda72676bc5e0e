// Orders that cannot be carried out: each is told by name, with what to do.
import Domain
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct BadInputTests {
    private let domain = SealedBall.domain(openings: [([1, 0, 0], Passage(.tube(diameterMM: 1.5), thicknessMM: 0.5))])

    private func refusal(of plan: InjectionPlan, in other: FlowDomain? = nil) -> CementFlowError? {
        do {
            _ = try (other ?? domain).inject(plan)
            return nil
        } catch {
            return error as? CementFlowError
        }
    }

    @Test(arguments: [[14, 0, 0], [500, 500, -500], [.nan, 0, 0], [.infinity, 0, 0]] as [SIMD3<Double>])
    func `a needle outside the body`(tip: SIMD3<Double>) throws {
        let error = try #require(refusal(of: SealedBall.plan(tip: tip, volume: 1000)))
        guard case .needleOutsideBody(0, _) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(error.code == .parameterInvalid)
        #expect(error.subject == "needle")
        #expect(error.detail.contains("needle 1"))
    }

    @Test(arguments: [-3, 0, .nan, .infinity, -.infinity, 90_000, 1e300] as [Double])
    func `a volume that cannot be`(volume: Double) throws {
        let error = try #require(refusal(of: SealedBall.plan(tip: .zero, volume: volume)))
        guard case .volumeImplausible = error else {
            Issue.record("\(error)")
            return
        }
        #expect(error.code == .parameterInvalid)
        #expect(error.subject == "volumeML")
    }

    @Test func `a cement that is not known names those that are`() {
        #expect {
            try Cement(named: "marmalade")
        } throws: { error in
            guard let error = error as? CementFlowError, case .cementUnknown("marmalade") = error else { return false }
            return error.subject == "cement" && error.fix.contains("low-viscosity")
        }
    }

    @Test func `two needles at the same place, or none`() throws {
        var plan = SealedBall.plan(tip: .zero, volume: 1000)
        plan.needles = [Needle(tipMM: .zero, share: 0.5), Needle(tipMM: [0.5, 0, 0], share: 0.5)]
        let error = try #require(refusal(of: plan))
        guard case .needlesCoincide(0, 1) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(error.subject == "needle")
        plan.needles[1].tipMM.x = 4
        #expect(refusal(of: plan) == nil)
        plan.needles = []
        #expect(refusal(of: plan) != nil)
    }

    @Test(arguments: [0, -50, .nan, .infinity] as [Double]) func `a drive or a cement that cannot flow`(value: Double)
        throws
    {
        for drive in [InjectionPlan.Drive.flow(mm3PerS: value), .pressure(value)] {
            var plan = SealedBall.plan(tip: .zero, volume: 1000)
            plan.drive = drive
            guard case .driveImplausible = try #require(refusal(of: plan)) else {
                Issue.record("\(drive)")
                continue
            }
        }
        var plan = SealedBall.plan(tip: .zero, volume: 1000)
        plan.cement.consistency = value
        guard case .cementImplausible = try #require(refusal(of: plan)) else {
            Issue.record("consistency \(value)")
            return
        }
    }

    @Test func `a sealed body, and a needle without a share of the flow`() throws {
        let sealed = SealedBall.domain(openings: [])
        guard case .sealed(0) = try #require(refusal(of: SealedBall.plan(tip: .zero, volume: 1000), in: sealed)) else {
            Issue.record("sealed")
            return
        }
        var plan = SealedBall.plan(tip: .zero, volume: 1000)
        plan.needles[0].share = .nan
        guard case .driveImplausible = try #require(refusal(of: plan)) else {
            Issue.record("share")
            return
        }
    }

    @Test func `a pressure too weak for a cement that sets`() throws {
        var plan = SealedBall.plan(tip: .zero, volume: 5000)
        plan.drive = .pressure(1000)
        plan.cement.thickeningS = 30
        guard case .cementSet(let injected, let seconds) = try #require(refusal(of: plan)) else {
            Issue.record("set")
            return
        }
        #expect(injected < 5)
        #expect(seconds >= 300)
    }

    @Test func `a cancelled injection stops`() {
        let cancelled = Cancellation()
        cancelled.cancel()
        #expect(throws: FaultRecord.self) {
            try domain.inject(SealedBall.plan(tip: .zero, volume: 1000), cancellation: cancelled)
        }
    }
}
