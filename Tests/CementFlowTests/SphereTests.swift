// A sphere of cement around one needle, against its closed form.
import Domain
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct SphereTests {
    @Test func `a sphere at constant flow is round, and its pressure right, at 1 mm`() throws {
        let flow = FlowCase()
        let domain = flow.ball(cellMM: 1)
        let result = try domain.inject(flow.plan(.flow(mm3PerS: 50), to: 10))
        let shape = FrontShape(result, in: domain.grid, radius: 10)
        #expect(shape.worst < 2)
        #expect(abs(shape.mean) < 0.5)
        for step in result.steps where step.volumeMM3 > 200 {
            let radius = cbrt(pow(flow.needleRadius, 3) + 3 * step.volumeMM3 / (4 * .pi * flow.porosity))
            #expect(abs(percentOff(step.pressurePa[0], 50 * flow.resistance(at: radius))) < 2)
            #expect(abs(percentOff(step.timeS, step.volumeMM3 / 50)) < 1e-9)
        }
        let last = try #require(result.steps.last)
        #expect(abs(percentOff(last.pressurePa[0], 50 * flow.resistance(at: 10))) < 0.2)
        #expect(abs(result.imbalanceMM3) < 1e-10 * last.volumeMM3)
        #expect(last.leakedMM3 == [0])
    }

    @Test func `a sphere at constant pressure keeps the clock of its closed form`() throws {
        let flow = FlowCase()
        let result = try flow.ball(cellMM: 1).inject(flow.plan(.pressure(20_000), to: 8))
        let last = try #require(result.steps.last)
        // 47.25 s by the closed form.
        #expect(abs(flow.time(at: 8, pressure: 20_000) - 47.25) < 0.01)
        #expect(abs(percentOff(last.timeS, flow.time(at: 8, pressure: 20_000))) < 1)
        #expect(abs(last.pressurePa[0] - 20_000) < 1e-6)
    }

    @Test func `the working accuracy keeps the sphere round and its pressure right`() throws {
        let flow = FlowCase()
        let domain = flow.ball(cellMM: 1)
        let result = try domain.inject(flow.plan(.flow(mm3PerS: 50), to: 10, accuracy: InjectionPlan.Accuracy()))
        #expect(FrontShape(result, in: domain.grid, radius: 10).worst < 2)
        let last = try #require(result.steps.last)
        #expect(abs(percentOff(last.pressurePa[0], 50 * flow.resistance(at: 10))) < 2)
        #expect(abs(result.imbalanceMM3) < 1e-10 * last.volumeMM3)
    }

    @Test func `a needle between cell centres moves the ball, not its pressure`() throws {
        let flow = FlowCase()
        let domain = flow.ball(cellMM: 1)
        let centred = try domain.inject(flow.plan(.flow(mm3PerS: 50), to: 7))
        let shifted = try domain.inject(flow.plan(.flow(mm3PerS: 50), to: 7, tip: [0.5, 0.3, -0.2]))
        let pressures = [centred, shifted].compactMap { $0.steps.last?.pressurePa[0] }
        #expect(abs(percentOff(pressures[1], pressures[0])) < 0.5)
    }

    @Test func `a symmetric injection stays symmetric`() throws {
        let flow = FlowCase()
        let domain = flow.ball(cellMM: 1)
        let result = try domain.inject(
            flow.plan(.flow(mm3PerS: 50), to: 7, accuracy: InjectionPlan.Accuracy(stepMM3: 50, tolerance: 1e-11)))
        let grid = domain.grid
        let centre = (grid.size.y - 1) / 2
        var worst = 0.0
        for i in 0..<grid.count where result.cementMM3[i] > 0 {
            let at = grid.index(of: i)
            let d = [at.x - centre, at.y - centre, at.z - centre]
            for image in [[-d[0], d[1], d[2]], [d[1], d[0], d[2]], [d[2], d[1], -d[0]], [d[1], d[2], d[0]]] {
                let j = grid.offset(centre + image[0], centre + image[1], centre + image[2])
                worst = max(worst, abs(result.cementMM3[i] - result.cementMM3[j]))
            }
        }
        #expect(worst < 1e-6)
    }
}
