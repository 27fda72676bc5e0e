// Cement driven along a column, where every quantity is known exactly.
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct PlanarTests {
    @Test(arguments: [0, 1, 2], [0.3, 2.7]) func `planar flow at constant pressure is exact`(axis: Int, step: Double)
        throws
    {
        let (k, porosity, h, count) = (0.01, 0.9, 1.0, 20)
        let (domain, _) = FlowColumn.domain(axis, ahead: count, cellMM: h, k: k, porosity: porosity)
        let result = try domain.inject(FlowColumn.plan(.pressure(5000), volume: 12.3 * porosity, step: step))
        let last = try #require(result.steps.last)
        let x = 12.3
        let path = Double(count) * x + 99 * x * x / 2
        let time = porosity / (k * 5000) * path
        #expect(abs(percentOff(last.timeS, time)) < 1e-4)
        #expect(abs(percentOff(5000 / last.flowMM3PerS[0], (100 * x + 20 - x) / k)) < 1e-4)
        #expect(abs(result.imbalanceMM3) < 1e-10)
    }

    @Test func `a barrier counts from the moment that cement reaches it`() throws {
        let (k, porosity, count) = (0.01, 0.9, 20)
        var (domain, cells) = FlowColumn.domain(2, ahead: count, k: k, porosity: porosity)
        // As much resistance as five cells, behind the eighth.
        domain.barriers = [FlowDomain.Barrier(cell: cells[8], axis: 2, resistance: 5 / k)]
        let result = try domain.inject(FlowColumn.plan(.pressure(5000), volume: 12 * porosity, step: 1.7))
        let last = try #require(result.steps.last)
        // ∫ R dV over p, with the barrier in marrow up to x = 8 and in cement beyond.
        let bone = 20 * 12.0 + 99 * 72.0
        let barrier = 5 * 8.0 + 500 * 4.0
        let time = porosity / (k * 5000) * (bone + barrier)
        // The front leans a little in the cell before the barrier: some cement is through before it is full.
        #expect(abs(percentOff(last.timeS, time)) < 0.3)
    }

    @Test func `what is injected beyond the end has leaked`() throws {
        let (domain, _) = FlowColumn.domain(0, ahead: 6, k: 0.01, porosity: 0.9)
        // The domain's pores bound the volume, so most of the column is filled first.
        let result = try domain.inject(FlowColumn.plan(.flow(mm3PerS: 10), volume: 5.4, step: 0.4))
        let last = try #require(result.steps.last)
        #expect(abs(result.imbalanceMM3) < 1e-10)
        #expect(abs(result.cementMM3.reduce(0, +) + last.leakedMM3[0] - 5.4 - result.prefillMM3) < 1e-10)
    }
}
