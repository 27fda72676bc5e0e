// Every closed form at 1 mm: radius in every direction, pressure and time, no volume lost, and errors that fall with the grid.
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct ClosedFormTests {
    @Test(arguments: ClosedForm.allCases) func `each closed form is met within 2 % at 1 mm`(form: ClosedForm) throws {
        let outcome = try form.run(cellMM: 1)
        #expect(outcome.radius.worst < 2)
        // Interpolation alone misses an exact ball by more than 1 %; two needles have a closed form for equal viscosities only, where no
        // thick cement steadies the front.
        #expect(outcome.radius.worstInterpolated < (form == .twoNeedlesAtPressure ? 2.1 : 2))
        #expect(abs(outcome.radius.mean) < 0.5)
        #expect(abs(outcome.pressure) < 0.2)
        #expect(abs(outcome.time) < 0.5)
        #expect(outcome.lost < 1e-10)
    }

    @Test(arguments: [ClosedForm.sphereAtPressure, .anisotropic]) func `errors fall with the grid`(form: ClosedForm)
        throws
    {
        let (coarse, fine) = (try form.run(cellMM: 2), try form.run(cellMM: 1))
        // Second order for the mean radius and the time, nearly so for the pressure, first for the shape.
        #expect(abs(fine.radius.mean) < abs(coarse.radius.mean) / 3)
        #expect(abs(fine.time) < abs(coarse.time) / 3)
        #expect(abs(fine.pressure) < abs(coarse.pressure) / 2.5)
        #expect(fine.radius.deviation < coarse.radius.deviation / 1.8)
    }
}
