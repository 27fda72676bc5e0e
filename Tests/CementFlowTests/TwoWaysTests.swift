// Two exits and two needles: how the flow divides.
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct TwoWaysTests {
    @Test func `cement divides between two exits as their closed form says, and the near one leaks first`() throws {
        let (near, far, porosity) = (8, 14, 0.9)
        let (domain, _) = FlowColumn.domain(0, ahead: far, behind: near, k: 0.01, porosity: porosity)
        // Both branches see the same pressure, so µm L x + (µc − µm) x²/2 is the same in both at all times.
        func path(_ length: Int, _ x: Double) -> Double { Double(length) * x + 99 * x * x / 2 }
        func ahead(of x: Double) -> Double {
            let length = Double(far)
            return (-length + (length * length + 2 * 99 * path(near, x)).squareRoot()) / 99
        }
        let x = 6.3
        let result = try domain.inject(
            FlowColumn.plan(.pressure(5000), volume: (x + ahead(of: x)) * porosity, step: 0.2))
        let filled = result.cementMM3.enumerated().filter { domain.grid.centre(of: $0.offset).x > 0.5 }
            .reduce(0) { $0 + $1.element }
        #expect(abs(percentOff(filled / porosity, ahead(of: x))) < 0.2)
        let last = try #require(result.steps.last)
        #expect(abs(percentOff(last.timeS, porosity / (0.01 * 5000) * path(near, x))) < 0.3)

        let longer = try domain.inject(FlowColumn.plan(.pressure(5000), volume: 18 * porosity, step: 0.2))
        let leaks = try #require(longer.steps.last?.leakedMM3)
        #expect(leaks[1] > 0.5)
        #expect(leaks[0] == 0)
        #expect(abs(longer.imbalanceMM3) < 1e-10)
    }

    @Test func `a tube at an end adds its own resistance, in marrow and then in cement`() throws {
        let (near, far, k, porosity) = (5, 30, 0.01, 0.9)
        var (domain, _) = FlowColumn.domain(1, ahead: far, behind: near, k: k, porosity: porosity)
        let tube = Passage(.tube(diameterMM: 0.4), thicknessMM: 0.8)
        domain.outlets[1].resistance = tube.conduitResistance
        for volume in [4.0, 20.0] {
            let result = try domain.inject(FlowColumn.plan(.flow(mm3PerS: 10), volume: volume * porosity, step: 0.2))
            let last = try #require(result.steps.last)
            let ahead =
                result.cementMM3.enumerated().filter { domain.grid.centre(of: $0.offset).y > 0.5 }
                .reduce(0) { $0 + $1.element } / porosity
            let behind = volume - ahead - last.leakedMM3[1] / porosity
            let isWet = last.leakedMM3[1] > 0
            #expect(isWet == (volume > 10))
            // Columns of cement and marrow in series; the tube behind holds cement once the column before it is full.
            let straight = (100 * ahead + Double(far) - ahead) / k
            let tubed = (100 * behind + Double(near) - behind) / k + (isWet ? 100 : 1) * tube.conduitResistance
            #expect(abs(percentOff(last.pressurePa[0] / 10, 1 / (1 / straight + 1 / tubed))) < 0.01)
        }
    }

    /// A ball of one fluid: needles are point sources with image charges outside.
    private func mutual(_ a: Double, _ b: Double, radius: Double, needle: Double) -> Double {
        let own = a == b ? 1 / needle : 1 / abs(a - b)
        return (own - radius / (radius * radius - a * b)) / (4 * .pi * 0.01)
    }

    @Test func `two needles press on each other as image charges say`() throws {
        var flow = FlowCase(cementViscosity: 1, marrowViscosity: 1)
        flow.outerRadius = 16
        let domain = flow.ball(cellMM: 1)
        let (a, b) = (5.0, -4.0)
        let needles = [
            Needle(tipMM: [a, 0, 0], share: 0.7), Needle(tipMM: [b, 0, 0], share: 0.3),
        ]
        func r(_ i: Double, _ j: Double) -> Double { mutual(i, j, radius: 16, needle: 1.25) }
        var plan = flow.plan(.flow(mm3PerS: 50), to: 4)
        plan.needles = needles
        let set = try #require(try domain.inject(plan).steps.last)
        #expect(abs(percentOff(set.pressurePa[0], 50 * (0.7 * r(a, a) + 0.3 * r(a, b)))) < 1)
        #expect(abs(percentOff(set.pressurePa[1], 50 * (0.7 * r(a, b) + 0.3 * r(b, b)))) < 1)

        plan.drive = .pressure(10_000)
        let common = try #require(try domain.inject(plan).steps.last)
        let determinant = r(a, a) * r(b, b) - r(a, b) * r(a, b)
        #expect(abs(percentOff(common.flowMM3PerS[0], 10_000 * (r(b, b) - r(a, b)) / determinant)) < 1)
        #expect(abs(percentOff(common.flowMM3PerS[1], 10_000 * (r(a, a) - r(a, b)) / determinant)) < 1)
        #expect(common.pressurePa.allSatisfy { abs($0 - 10_000) < 1e-6 })
    }

    @Test func `two equal needles of thick cement make mirror images`() throws {
        let flow = FlowCase()
        let domain = flow.ball(cellMM: 1)
        var plan = flow.plan(.pressure(20_000), to: 7, accuracy: InjectionPlan.Accuracy(stepMM3: 50, tolerance: 1e-11))
        plan.needles = [Needle(tipMM: [5, 0, 0]), Needle(tipMM: [-5, 0, 0])]
        let result = try domain.inject(plan)
        let grid = domain.grid
        let centre = (grid.size.y - 1) / 2
        var worst = 0.0
        for i in 0..<grid.count where result.cementMM3[i] > 0 {
            let at = grid.index(of: i)
            let j = grid.offset(2 * centre - at.x, at.y, at.z)
            worst = max(worst, abs(result.cementMM3[i] - result.cementMM3[j]))
        }
        #expect(worst < 1e-6)
        #expect(abs(result.imbalanceMM3) < 1e-10 * plan.volumeMM3)
    }

    @Test func `a limited drive keeps to its flow, then to its pressure`() throws {
        let flow = FlowCase()
        let domain = flow.ball(cellMM: 1)
        let result = try domain.inject(
            flow.plan(.limited(mm3PerS: 50, pressure: 24_000, cannulaResistance: 0), to: 9))
        let first = try #require(result.steps.first)
        let last = try #require(result.steps.last)
        #expect(first.flowMM3PerS[0] == 50)
        #expect(abs(last.pressurePa[0] - 24_000) < 1e-6)
        #expect(last.flowMM3PerS[0] < 50)
        #expect(result.steps.allSatisfy { $0.pressurePa[0] < 24_000.01 })
    }
}
