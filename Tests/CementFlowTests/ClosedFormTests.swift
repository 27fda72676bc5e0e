// Every closed form at 1 mm: radius in every direction, pressure and time, no volume lost, and errors that fall with the grid.
import Foundation
import Imaging
import Testing

@testable import CementFlow

struct ClosedFormTests {
    @Test(arguments: ClosedForm.allCases) func `each closed form is met within 2 % at 1 mm`(form: ClosedForm) throws {
        let outcome = try form.run(cellMM: 1)
        // Two needles have a closed form for equal viscosities only, where no thick cement steadies the front.
        #expect(outcome.worst < (form == .twoNeedlesAtPressure ? 2.5 : 2))
        #expect(abs(outcome.mean) < 0.5)
        #expect(abs(outcome.pressure) < 0.2)
        #expect(abs(outcome.time) < 0.5)
        #expect(outcome.lost < 1e-10)
    }

    @Test(arguments: [ClosedForm.sphereAtPressure, .anisotropic]) func `errors fall with the grid`(form: ClosedForm)
        throws
    {
        let (coarse, fine) = (try form.run(cellMM: 2), try form.run(cellMM: 1))
        // Second order for the mean radius and the time, nearly so for the pressure, first for the shape.
        #expect(abs(fine.mean) < abs(coarse.mean) / 3)
        #expect(abs(fine.time) < abs(coarse.time) / 3)
        #expect(abs(fine.pressure) < abs(coarse.pressure) / 2.5)
        #expect(fine.deviation < coarse.deviation / 1.8)
    }
}
