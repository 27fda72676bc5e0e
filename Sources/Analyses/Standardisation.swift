// What is done to grey values before texture is measured. Geometry and HU are measured on the scan as it is.
import Domain
import Imaging
import Radiomics

/// The standardisation before radiomics (standardised preprocessing of the digital biopsy; each step optional). Resampling and
/// normalisation are the parameter file's, and the extractor's work.
struct Standardisation {
    let settings: DigitalBiopsySettings

    init(_ settings: DigitalBiopsySettings) { self.settings = settings }

    private var isDenoised: Bool { settings.denoise == "median" }

    /// The scan as radiomics see it.
    func apply(to volume: Volume) -> Volume {
        isDenoised && settings.radiomics != nil ? volume.medianFiltered() : volume
    }

    /// What was done, for the report; none without radiomics.
    var steps: [StandardisationStep] {
        guard let radiomics = settings.radiomics?.file.settings else { return [] }
        return [
            StandardisationStep(
                step: "denoise", applied: isDenoised, settings: isDenoised ? "3x3x3 median" : "off"),
            StandardisationStep(
                step: "normalise", applied: radiomics.normalize, settings: Self.normalisation(radiomics)),
            StandardisationStep(
                step: "resample", applied: radiomics.resampledSpacingMM != nil && radiomics.interpolator != nil,
                settings: Self.resampling(radiomics)),
        ]
    }

    private static func normalisation(_ settings: RadiomicsSettings) -> String {
        guard settings.normalize else { return "off (Hounsfield units)" }
        let clipped = settings.removeOutliers.map { ", clipped at \($0) SD" } ?? ""
        return "z-score of the whole scan\(clipped), times \(settings.normalizeScale)"
    }

    private static func resampling(_ settings: RadiomicsSettings) -> String {
        guard let spacing = settings.resampledSpacingMM, let interpolator = settings.interpolator else { return "off" }
        return
            "\(spacing.x) x \(spacing.y) x \(spacing.z) mm; image by \(interpolator.rawValue), region by nearest neighbour"
    }
}
