// A cement that thins under shear, against its closed form.
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct PowerLawTests {
    @Test(arguments: [0.6, 0.4]) func `a power-law sphere needs the pressure of its closed form within 5 per cent`(
        n: Double
    ) throws {
        let flow = FlowCase()
        let cement = Cement(name: "test", consistency: 100, exponent: n, source: "test")
        let factor = cement.boneFactor(atS: 0, permeabilityMM2: 0.01, porosity: flow.porosity)
        var plan = flow.plan(.flow(mm3PerS: 50), to: 9)
        plan.cement = cement
        let domain = flow.ball(cellMM: 1)
        let result = try domain.inject(plan)
        func expected(_ radius: Double) -> Double {
            let power = 1 - 2 * n
            let bone = factor / 0.01 * pow(50 / (4 * .pi), n) * (pow(1.25, power) - pow(radius, power)) / -power
            return bone + flow.marrowViscosity * 50 / (4 * .pi * 0.01) * (1 / radius - 1 / flow.outerRadius)
        }
        for step in result.steps where step.volumeMM3 > 300 {
            let radius = cbrt(pow(1.25, 3) + 3 * step.volumeMM3 / (4 * .pi * flow.porosity))
            #expect(abs(percentOff(step.pressurePa[0], expected(radius))) < 5)
        }
        #expect(FrontShape(result, in: domain.grid, radius: 9).worst < 3)

        plan.drive = .pressure(expected(9))
        let driven = try domain.inject(plan)
        let last = try #require(driven.steps.last)
        // p grows as Qⁿ, so 5 % of pressure are 5/n % of flow.
        #expect(abs(percentOff(last.flowMM3PerS[0], 50)) < 5 / n)
    }

    @Test func `a cement that thickens needs more pressure, by its own law`() throws {
        let flow = FlowCase()
        let domain = flow.ball(cellMM: 1)
        var plan = flow.plan(.flow(mm3PerS: 50), to: 7)
        let plain = try domain.inject(plan)
        plan.cement.thickeningS = 60
        let thickening = try domain.inject(plan)
        let time = plan.volumeMM3 / 50
        let a = try #require(plain.steps.last?.pressurePa[0])
        let b = try #require(thickening.steps.last?.pressurePa[0])
        let marrow = 50 * flow.marrowViscosity / (4 * .pi * 0.01) * (1 / 7 - 1 / flow.outerRadius)
        #expect(abs(percentOff(b - marrow, (a - marrow) * exp(time / 60))) < 0.5)
    }
}
