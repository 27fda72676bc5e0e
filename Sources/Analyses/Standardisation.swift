// Denoise, resample, normalise: each optional, each recorded. Only texture is measured on the result; geometry and HU come from the scan.
import Domain
import Imaging

/// The standardisation before radiomics (standardised preprocessing of the digital biopsy; each step optional).
struct Standardisation {
    /// z-scores are scaled by this, so that bin widths keep a usable size; PyRadiomics' `normalizeScale`, our choice of value.
    static let normaliseScale: Float = 100

    let settings: DigitalBiopsySettings

    init(_ settings: DigitalBiopsySettings) { self.settings = settings }

    /// The scan with denoising and normalisation applied; resampling is done region by region (`RadiomicsSettings`).
    func apply(to volume: Volume) -> Volume {
        var result = settings.denoise == "median" ? volume.medianFiltered() : volume
        guard settings.normalise == "z-score", let statistics = result.statistics(), statistics.standardDeviation > 0
        else { return result }
        result = result.zScored(mean: statistics.mean, standardDeviation: statistics.standardDeviation)
        for i in result.voxels.indices { result.voxels[i] *= Self.normaliseScale }
        return result
    }

    /// What was done, for the report.
    var steps: [StandardisationStep] {
        [
            StandardisationStep(
                step: "denoise", applied: settings.denoise != "none",
                settings: settings.denoise == "none" ? "off" : "3x3x3 median"),
            StandardisationStep(
                step: "isotropic resample", applied: settings.isotropicMM > 0,
                settings: settings.isotropicMM > 0
                    ? "\(settings.isotropicMM) mm; image by cubic B-spline, region by nearest neighbour (as PyRadiomics)"
                    : "off"),
            StandardisationStep(
                step: "normalise", applied: settings.normalise != "none",
                settings: settings.normalise == "none"
                    ? "off (Hounsfield units)" : "z-score of the whole scan, times \(Self.normaliseScale)"),
        ]
    }
}
