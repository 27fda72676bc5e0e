// The line that turns Hounsfield units into bone mineral density, where the request gives it.
import Domain
import Morphometry

extension DensityCalibration {
    private static let slope = "densitySlope"
    private static let intercept = "densityInterceptMGPerCM3"

    /// Bounds are our choice: published slopes lie at 0.7–0.8, intercepts at 10–20, and a unit mistaken by ten lies outside.
    static let descriptions = [
        ParameterDescription(
            name: slope,
            summary: """
                Bone mineral density per Hounsfield unit, mg/cm3 per HU, by the calibration of your own scanner; goes with \(intercept). \
                Without both no QCT class is given that rests on a calibration.
                """,
            range: [0.3, 2]),
        ParameterDescription(
            name: intercept, summary: "Bone mineral density at 0 HU, mg/cm3; goes with \(slope).", range: [-100, 100]),
    ]

    /// nil where the request gives none.
    /// - Throws: `AnalysisError` when only one of the two is given.
    init?(_ resolved: [String: ParameterValue]) throws(AnalysisError) {
        switch (resolved.number(Self.slope), resolved.number(Self.intercept)) {
        case (nil, nil): return nil
        case (let slope?, let intercept?): self = .own(slope: slope, intercept: intercept)
        case (let slope, _):
            let (given, missing) = slope == nil ? (Self.intercept, Self.slope) : (Self.slope, Self.intercept)
            throw .parameterUnusable(
                given,
                FaultRecord(
                    code: .parameterInvalid, detail: "\(given) is given without \(missing).",
                    fix: "Give both numbers of the calibration, or neither."))
        }
    }
}
