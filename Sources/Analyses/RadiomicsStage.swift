// Radiomics of one vertebral body.
import Domain
import Imaging
import Radiomics

/// Extracts the features of a vertebral body from the standardised scan.
struct RadiomicsStage {
    /// Room around the body that resampling may look at, millimetres; our choice, more than a cubic B-spline reaches at 1e-7.
    private static let marginMM = 14.0

    let settings: DigitalBiopsySettings

    init(_ settings: DigitalBiopsySettings) { self.settings = settings }

    /// - Returns: the section, or the reason why there is none.
    /// - Throws: `FaultRecord` once cancelled.
    func run(
        _ vertebra: Vertebra, _ volume: Volume, cancellation: Cancellation
    ) throws -> Result<RadiomicsSection, FaultRecord> {
        let body = vertebra.parts.mask(of: Vertebra.Part.body.rawValue)
        let box = IndexBox(lower: vertebra.lowerIndex, size: vertebra.parts.geometry.size)
            .expanded(by: IndexBox.margin(mm: Self.marginMM, in: volume.geometry), within: volume.geometry.size)
        let crop = volume.cropped(from: box.lower, size: box.size)
        let offset = Index3(
            x: vertebra.lowerIndex.x - box.lower.x, y: vertebra.lowerIndex.y - box.lower.y,
            z: vertebra.lowerIndex.z - box.lower.z)
        let mask = VoxelMask(geometry: crop.geometry)
            .replacing(IndexBox(lower: offset, size: body.geometry.size), with: body)
        do {
            let values = try RadiomicsExtractor.extract(
                crop, mask, storedAs: storedType, settings: radiomicsSettings, cancellation: cancellation)
            return .success(
                RadiomicsSection(
                    region: "vertebral body", settings: describe,
                    features: values.map { FeatureSection(name: $0.name, value: $0.value, reason: $0.reason) }))
        } catch let error as RadiomicsError {
            return .failure(error.record)
        }
    }

    private var radiomicsSettings: RadiomicsSettings {
        RadiomicsSettings(
            binWidth: settings.binWidth,
            resampledSpacingMM: settings.isotropicMM > 0 ? SIMD3(repeating: settings.isotropicMM) : nil)
    }

    /// Hounsfield units are whole numbers until a filter or z-scores make fractions of them.
    private var storedType: StoredType {
        settings.normalise == "none" && settings.denoise == "none" ? .int16 : .float64
    }

    private var describe: String {
        "PyRadiomics definitions; original image; binWidth \(settings.binWidth); "
            + (settings.isotropicMM > 0 ? "resampled to \(settings.isotropicMM) mm" : "not resampled")
    }
}
