// Why the images of one DICOM series make no volume.
import Domain

/// A flaw of a series as a whole; slices are called by their files.
package enum SeriesFlaw: Hashable, Sendable {
    case mixedOrientations(images: Int, orientations: Int)
    case tooFewSlices(Int, needed: Int)
    case sizesDiffer(file: String, columns: Int, rows: Int, other: String, otherColumns: Int, otherRows: Int)
    case pixelSpacingsDiffer(file: String, other: String)
    /// Two slices at one place with different pixels.
    case duplicated(file: String, other: String)
    /// Slices are missing; the first gap is the one between two files.
    case slicesMissing(Int, places: Int, gapMM: Double, stepMM: Double, after: String, before: String)
    /// So many of all distances differ from the usual step; the first is the one between two files.
    case unevenDistances(Int, of: Int, gapMM: Double, stepMM: Double, after: String, before: String)
    /// Small differences that add up.
    case straying(mm: Double, spacingMM: Double)
    case gantryTilt(degrees: Double, declaredDegrees: Double)
    case tooManyVoxels(Int, limit: Int)

    var code: FaultCode {
        switch self {
        case .mixedOrientations: .seriesOrientationMixed
        case .tooFewSlices: .seriesTooFewSlices
        case .sizesDiffer, .pixelSpacingsDiffer: .seriesSizesDiffer
        case .duplicated: .seriesSliceDuplicated
        case .slicesMissing: .seriesSliceMissing
        case .unevenDistances, .straying: .seriesUnevenSpacing
        case .gantryTilt: .seriesGantryTilt
        case .tooManyVoxels: .imageTooLarge
        }
    }

    var detail: String {
        switch self {
        case .mixedOrientations(let images, let orientations):
            "its \(images) images lie in \(orientations) different orientations (0020,0037)"
        case .tooFewSlices(let count, let needed): "it has \(count) usable slice(s), at least \(needed) are needed"
        case .sizesDiffer(let file, let columns, let rows, let other, let otherColumns, let otherRows):
            "\(file) is \(columns) x \(rows) pixels, \(other) \(otherColumns) x \(otherRows)"
        case .pixelSpacingsDiffer(let file, let other):
            "Pixel Spacing (0028,0030) differs between \(file) and \(other)"
        case .duplicated(let file, let other): "\(file) and \(other) lie at the same place but differ"
        case .slicesMissing(let count, let places, let gap, let step, let after, let before):
            "\(count) slice(s) are missing in \(places) place(s), the first between \(after) and \(before): \(gap.text(3)) mm instead of \(step.text(3)) mm"
        case .unevenDistances(let count, let all, let gap, let step, let after, let before):
            "\(count) of \(all) slice distances differ from \(step.text(3)) mm, the first is \(gap.text(3)) mm between \(after) and \(before)"
        case .straying(let mm, let spacing):
            "slices stray up to \(mm.text(2)) mm from even spacing of \(spacing.text(3)) mm"
        case .gantryTilt(let degrees, let declared):
            "slices are stacked \(degrees.text(1)) degrees off their normal (Gantry/Detector Tilt (0018,1120) says \(declared.text(1)))"
        case .tooManyVoxels(let count, let limit): "it has \(count) voxels, \(limit) are allowed"
        }
    }

    var fix: String {
        switch self {
        case .mixedOrientations: "Send one orientation per series."
        case .tooFewSlices: "Send the whole series in one zip."
        case .sizesDiffer, .pixelSpacingsDiffer: "Send images of one size per series."
        case .duplicated: "Send one phase or reconstruction per series."
        case .slicesMissing: "Send the whole series again."
        case .unevenDistances, .straying: "Send a series with even slice spacing."
        case .gantryTilt: "Send a reconstruction without gantry tilt."
        case .tooManyVoxels: "Crop the series to the spine."
        }
    }

    /// The file or tag at fault; nil when it is the series.
    var subject: String? {
        switch self {
        case .sizesDiffer(_, _, _, let other, _, _), .pixelSpacingsDiffer(_, let other), .duplicated(_, let other):
            other
        case .slicesMissing(_, _, _, _, let after, _), .unevenDistances(_, _, _, _, let after, _): after
        case .gantryTilt: "(0018,1120)"
        case .mixedOrientations, .tooFewSlices, .straying, .tooManyVoxels: nil
        }
    }
}
