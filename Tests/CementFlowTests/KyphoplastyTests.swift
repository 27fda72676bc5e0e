// Cavities that balloons pressed: cement fills them first and leaks later.
import Domain
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct KyphoplastyTests {
    private let tube = Passage(.tube(diameterMM: 2), thicknessMM: 0.5)

    private func cavity(_ result: InjectionResult, in domain: FlowDomain, at tip: PointMM, volume: Double) -> Double {
        let radius = cbrt(volume * 3 / (4 * .pi))
        return result.cementMM3.enumerated().filter { length(domain.grid.centre(of: $0.offset) - tip) <= radius + 0.5 }
            .reduce(0) { $0 + $1.element }
    }

    @Test(arguments: [0, 3.0]) func `the cavity fills first, wherever the wall is`(off: Double) throws {
        let domain = SealedBall.domain(radius: 14, openings: [([1, 0, 0], tube), ([0, -1, 0], tube)])
        var plan = SealedBall.plan(tip: [off, 0, 0], volume: 1800)
        plan.procedure = .kyphoplasty(balloonsMM3: [2000])
        let result = try domain.inject(plan)
        #expect(cavity(result, in: domain, at: plan.needles[0].tipMM, volume: 2000) > 0.97 * 1800)
        #expect(abs(result.imbalanceMM3) < 1e-10 * 1800)
        let plain = try domain.inject(SealedBall.plan(tip: [off, 0, 0], volume: 1800))
        // Against open space cement is thin: hardly any pressure until the cavity is full.
        let pressures = try [result, plain].map { try #require($0.steps.last?.pressurePa[0]) }
        #expect(pressures[0] < 0.5 * pressures[1])
    }

    @Test func `what leaks after a balloon leaks later, and volume is conserved`() throws {
        let domain = SealedBall.domain(openings: [([1, 0, 0], tube), ([0, -1, 0], tube)])
        var plan = SealedBall.plan(tip: [2, 0, 0], volume: 5000)
        let without = try domain.inject(plan)
        plan.procedure = .kyphoplasty(balloonsMM3: [2400])
        let with = try domain.inject(plan)
        let first = try [without, with].map { try #require($0.firstLeakMM3()[0]) }
        #expect(first[1] > first[0] * 1.1, "\(first)")
        for result in [without, with] {
            let last = try #require(result.steps.last)
            #expect(abs(result.imbalanceMM3) < 1e-10 * 5000)
            let placed = result.cementMM3.reduce(0, +) + last.leakedMM3.reduce(0, +) + result.heldMM3
            #expect(abs(placed - 5000 - result.prefillMM3) < 1e-7)
        }
        let leaks = try [without, with].map { try #require($0.steps.last?.leakedMM3[0]) }
        #expect(leaks[1] < leaks[0])
    }

    @Test func `two balloons fill side by side and share no cell`() throws {
        let domain = SealedBall.domain(radius: 14, openings: [([0, 0, 1], tube), ([0, -1, 0], tube)])
        var plan = SealedBall.plan(tip: [6, 0, 0], volume: 2600)
        plan.needles = [Needle(tipMM: [6, 0, 0], share: 0.5), Needle(tipMM: [-6, 0, 0], share: 0.5)]
        plan.procedure = .kyphoplasty(balloonsMM3: [1500, 1500])
        let result = try domain.inject(plan)
        let pressed = try domain.pressed(byBalloons: [1500, 1500], at: plan.needles.map(\.tipMM))
        #expect(pressed.porosity.count { $0 == 1 } == 3000)
        let inside = pressed.porosity.indices.filter { pressed.porosity[$0] == 1 }
            .reduce(0) { $0 + result.cementMM3[$1] }
        #expect(inside > 0.95 * 2600)
        // The bone that was in the cavities lies in their rims.
        let solid = { (domain: FlowDomain) in domain.porosity.reduce(0) { $0 + ($1 > 0 ? 1 - $1 : 0) } }
        #expect(abs(solid(pressed) - solid(domain)) < 1e-9 * solid(domain))
    }

    @Test func `balloons that cannot be are told`() {
        let domain = SealedBall.domain(openings: [([1, 0, 0], tube)])
        for volumes in [[], [0], [-500], [.nan], [90_000], [500, 500]] as [[Double]] {
            var plan = SealedBall.plan(tip: .zero, volume: 1000)
            plan.procedure = .kyphoplasty(balloonsMM3: volumes)
            #expect {
                try domain.inject(plan)
            } throws: { error in
                if case CementFlowError.balloonsImplausible = error { return true }
                return false
            }
        }
    }
}
