// Cobb angles by hand.
import Domain
import Foundation
import Testing

@testable import Analyses

@Suite struct CobbAngleTests {
    /// A vertebra that leans forwards and to the left.
    private func frame(forwardDegrees: Double = 0, leftDegrees: Double = 0) -> FrameAxes {
        let (f, l) = (forwardDegrees * .pi / 180, leftDegrees * .pi / 180)
        return FrameAxes(
            rightToLeft: [cos(l), 0, -sin(l)], posteriorToAnterior: [0, -cos(f), -sin(f)],
            caudalToCranial: [sin(l), -sin(f) * cos(l), cos(f) * cos(l)])
    }

    @Test func `a column bent forwards by its vertebrae and by a wedge adds both`() {
        let angle = CobbAngle(
            upper: frame(forwardDegrees: 12), upperWedgeDegrees: 8, lower: frame(forwardDegrees: -5),
            lowerWedgeDegrees: 2)
        // 12 + 8/2 above, −5 − 2/2 below.
        #expect(abs(angle.sagittalDegrees - 22) < 1e-9)
        #expect(abs(angle.coronalDegrees) < 1e-9)
    }

    @Test func `a side bend shows from the front only`() {
        let angle = CobbAngle(
            upper: frame(leftDegrees: 6), upperWedgeDegrees: 0, lower: frame(leftDegrees: -4), lowerWedgeDegrees: 0)
        #expect(abs(angle.coronalDegrees - 10) < 1e-9)
        #expect(abs(angle.sagittalDegrees) < 1e-9)
    }
}
