// Bone mineral density from Hounsfield units, by a calibration that is always named.
import Domain
import Foundation

/// How HU become bone mineral density: a straight line, and how far it may be off.
package struct DensityCalibration: Sendable, Hashable {
    /// mg/cm³ per HU, and mg/cm³ at 0 HU.
    package var slope: Double
    package var intercept: Double
    /// The range in which slope and intercept may lie; a single value for a calibration that is known.
    package var slopeRange: ClosedRange<Double>
    package var interceptRange: ClosedRange<Double>
    /// In words for a report.
    package var source: String

    package init(
        slope: Double, intercept: Double, slopeRange: ClosedRange<Double>, interceptRange: ClosedRange<Double>,
        source: String
    ) {
        self.slope = slope
        self.intercept = intercept
        self.slopeRange = slopeRange
        self.interceptRange = interceptRange
        self.source = source
    }

    /// The user's own calibration, as measured on the scanner with a phantom.
    package static func own(slope: Double, intercept: Double) -> DensityCalibration {
        DensityCalibration(
            slope: slope, intercept: intercept, slopeRange: slope...slope, interceptRange: intercept...intercept,
            source: "calibration stated in the request: \(slope) mg/cm3 per HU, \(intercept) mg/cm3 at 0 HU")
    }

    /// What scanners at 120 kV without contrast commonly give. Unverified: quoted from memory, no paper of the project holds it.
    package static let published = DensityCalibration(
        slope: 0.75, intercept: 15, slopeRange: 0.7...0.8, interceptRange: 10...20,
        source:
            "0.7-0.8 mg/cm3 per HU and 10-20 mg/cm3 at 0 HU, as common at 120 kV without contrast; scanner-specific, unverified"
    )
}

/// Volumetric bone mineral density of the trabecular region.
package struct BoneDensity: Sendable, Hashable {
    /// mg/cm³.
    package var meanMGPerCM3: Double
    /// mg/cm³ over the calibration's range; one value for a calibration that is known.
    package var rangeMGPerCM3: ClosedRange<Double>
    package var calibration: DensityCalibration

    /// QCT classes for two of L1 and L2 (ACR: below 80 osteoporosis, 80–120 osteopenia, above 120 mg/cm³ normal); of one vertebra an
    /// indication.
    package enum QCTClass: String, Sendable, CaseIterable { case osteoporosis, osteopenia, normal }

    package var qctClass: QCTClass {
        switch meanMGPerCM3 {
        case ..<80: .osteoporosis
        case ...120: .osteopenia
        default: .normal
        }
    }

    package init(meanHU: Double, _ calibration: DensityCalibration) {
        self.calibration = calibration
        meanMGPerCM3 = calibration.slope * meanHU + calibration.intercept
        // Below 0 HU a steeper line gives less.
        let slopes = [calibration.slopeRange.lowerBound * meanHU, calibration.slopeRange.upperBound * meanHU].sorted()
        let offset = calibration.interceptRange
        rangeMGPerCM3 = slopes[0] + offset.lowerBound...slopes[1] + offset.upperBound
    }
}
