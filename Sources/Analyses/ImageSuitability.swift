// What a scan's resolution means for the numbers, in words.
import Domain
import Morphometry

/// Warnings that follow from voxel size alone.
enum ImageSuitability {
    /// Slices above this are called thick; cortex below a millimetre needs slices of at most 1–1.5 mm (docs/evidence.md).
    private static let thickSliceMM = 2.0
    /// Heights are no better than the slice spacing allows; our choice of the bound that is worth a warning.
    private static let coarseSpacingMM = 2.5

    static func warnings(for series: SeriesSummary) -> [String] {
        let spacing = series.spacingMM[2]
        let slice = max(series.sliceThicknessMM ?? spacing, spacing)
        var warnings: [String] = []
        if slice > thickSliceMM {
            warnings.append(
                """
                Slices are \(rounded(slice)) mm thick: cortical gaps are not looked for, and the injection is not rehearsed: \
                \(MeasuredSensitivity.onThickSlices) Use slices of at most 1 mm.
                """
            )
        }
        if spacing > coarseSpacingMM {
            warnings.append("Slices are \(rounded(spacing)) mm apart: heights are uncertain by about as much.")
        }
        if series.modality == nil {
            warnings.append("The file does not name its modality (NIfTI): its values are taken as Hounsfield units.")
        }
        return warnings
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
