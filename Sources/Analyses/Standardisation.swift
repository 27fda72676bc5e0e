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
        guard let mode = settings.radiomics?.configuration.mode else { return [] }
        let denoising = StandardisationStep(
            step: "denoise", applied: isDenoised, settings: isDenoised ? "3x3x3 median" : "off")
        let (normalisation, resampling) =
            switch mode {
            case .pyRadiomics(let settings): (Self.normalisation(settings), Self.resampling(settings))
            case .ibsi(let settings):
                (nil, settings.spacingMM.map { Self.words($0, settings.interpolation.rawValue, region: "linear") })
            }
        return [
            denoising,
            StandardisationStep(
                step: "normalise", applied: normalisation != nil, settings: normalisation ?? "off (Hounsfield units)"),
            StandardisationStep(step: "resample", applied: resampling != nil, settings: resampling ?? "off"),
        ]
    }

    /// nil where grey values stay as they are.
    private static func normalisation(_ settings: RadiomicsSettings) -> String? {
        guard settings.normalize else { return nil }
        let clipped = settings.removeOutliers.map { ", clipped at \($0) SD" } ?? ""
        return "z-score of the whole scan\(clipped), times \(settings.normalizeScale)"
    }

    /// nil where the grid stays as it is.
    private static func resampling(_ settings: RadiomicsSettings) -> String? {
        guard let spacing = settings.resampledSpacingMM, let interpolator = settings.interpolator else { return nil }
        return words(spacing, interpolator.rawValue, region: "nearest neighbour")
    }

    private static func words(_ spacing: SIMD3<Double>, _ image: String, region: String) -> String {
        "\(spacing.x) x \(spacing.y) x \(spacing.z) mm; image by \(image), region by \(region)"
    }
}
