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

    @Test func `a column bent forwards by its vertebrae and by its endplates adds both`() {
        let angle = CobbAngle(
            upper: frame(forwardDegrees: 12), upperTiltDegrees: 4, lower: frame(forwardDegrees: -5),
            lowerTiltDegrees: -1)
        // 12 + 4 above, −5 − 1 below.
        #expect(abs(angle.sagittalDegrees - 22) < 1e-9)
        #expect(abs(angle.coronalDegrees) < 1e-9)
    }

    @Test func `a side bend shows from the front only`() {
        let angle = CobbAngle(
            upper: frame(leftDegrees: 6), upperTiltDegrees: 0, lower: frame(leftDegrees: -4), lowerTiltDegrees: 0)
        #expect(abs(angle.coronalDegrees - 10) < 1e-9)
        #expect(abs(angle.sagittalDegrees) < 1e-9)
    }
}
