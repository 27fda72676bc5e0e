// The Cobb angle of a run of vertebrae, from what the report says of the first and the last.
import Domain
import Foundation

/// The angle between the upper endplate of the highest and the lower endplate of the lowest vertebra, as a radiograph from the side
/// (sagittal) or from the front (coronal) would show it.
///
/// Each endplate is tilted against its vertebra's frame by what was measured of it (`VertebraMorphometry.superiorTiltDegrees`).
/// Source: J. R. Cobb, AAOS Instr Course Lect 1948;5:261 (coronal); its sagittal form as in kyphosis.
package struct CobbAngle: Sendable, Hashable {
    /// Degrees, positive where the column is bent forwards (kyphosis).
    package let sagittalDegrees: Double
    /// Degrees, positive where the upper end leans further to the patient's left than the lower.
    package let coronalDegrees: Double

    /// - Parameters:
    ///   - upper, lower: frames in LPS.
    ///   - upperTiltDegrees: of the upper endplate of the upper vertebra, positive where it falls to the front.
    ///   - lowerTiltDegrees: of the lower endplate of the lower vertebra, positive where it falls to the front.
    package init(upper: FrameAxes, upperTiltDegrees: Double, lower: FrameAxes, lowerTiltDegrees: Double) {
        let top = Self.normal(upper, tiltDegrees: upperTiltDegrees)
        let bottom = Self.normal(lower, tiltDegrees: lowerTiltDegrees)
        // LPS: y points backwards, so that leaning forwards is −y.
        sagittalDegrees = Self.degrees(-top.y, top.z) - Self.degrees(-bottom.y, bottom.z)
        coronalDegrees = Self.degrees(top.x, top.z) - Self.degrees(bottom.x, bottom.z)
    }

    /// The upward normal of an endplate that is tilted forwards against its frame.
    private static func normal(_ frame: FrameAxes, tiltDegrees: Double) -> SIMD3<Double> {
        let tilt = tiltDegrees * .pi / 180
        let up = SIMD3(frame.caudalToCranial[0], frame.caudalToCranial[1], frame.caudalToCranial[2])
        let forward = SIMD3(
            frame.posteriorToAnterior[0], frame.posteriorToAnterior[1], frame.posteriorToAnterior[2])
        return cos(tilt) * up + sin(tilt) * forward
    }

    private static func degrees(_ across: Double, _ along: Double) -> Double { atan2(across, along) * 180 / .pi }
}
