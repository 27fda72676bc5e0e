// What can be wrong with an uploaded label map.
import Domain
import Imaging

/// A flaw of a label map, by itself or against the image that it labels.
package enum MaskFlaw: Hashable, Sendable {
    case notNIfTI
    case severalImages(Int)
    /// The series to be labelled cannot be used.
    case seriesWithoutGrid(id: String)
    case otherGrid([GridDifference])
    case noLabels
    case notALabel(Float)

    /// One way in which the label map's grid differs from the image's.
    package enum GridDifference: Hashable, Sendable {
        case size(Index3, image: Index3)
        case spacingMM(SIMD3<Double>, image: SIMD3<Double>)
        case direction(degrees: Double)
        case firstVoxel(mm: Double)
        /// The two first voxels, and the corners that lie farthest from each other.
        case corners(firstMM: Double, farthestMM: Double)

        var text: String {
            switch self {
            case .size(let mask, let image): "size \(Self.text(mask)) against \(Self.text(image)) voxels"
            case .spacingMM(let mask, let image): "spacing \(Self.text(mask)) against \(Self.text(image)) mm"
            case .direction(let degrees): "direction off by \(degrees.text(2)) degrees"
            case .firstVoxel(let mm): "first voxel \(mm.text(2)) mm away"
            case .corners(let first, let farthest):
                "first voxel \(first.text(3)) mm away, farthest corner \(farthest.text(3)) mm"
            }
        }

        private static func text(_ size: Index3) -> String { [size.x, size.y, size.z].timesText }
        private static func text(_ v: SIMD3<Double>) -> String { "\(v.x.text(4)) x \(v.y.text(4)) x \(v.z.text(4))" }
    }

    var code: FaultCode {
        switch self {
        case .notNIfTI: .unrecognisedFormat
        case .severalImages: .seriesAmbiguous
        case .seriesWithoutGrid, .otherGrid: .maskGridMismatch
        case .noLabels: .maskLabelAbsent
        case .notALabel: .parameterInvalid
        }
    }

    var detail: String {
        switch self {
        case .notNIfTI: "The label map is not NIfTI."
        case .severalImages(let count): "The zip holds \(count) NIfTI files; one label map is expected."
        case .seriesWithoutGrid(let id): "Series \(id) has no grid."
        case .otherGrid(let differences):
            "The label map lies on another grid than the image: \(differences.map(\.text).joined(separator: "; "))."
        case .noLabels: "Every voxel of the label map is 0."
        case .notALabel(let value):
            "The label map holds the value \(value); labels are whole numbers from 0 to 65535."
        }
    }

    var fix: String {
        switch self {
        case .notNIfTI: "Send a .nii or .nii.gz file, or a zip of one."
        case .severalImages: "Put all labels into one file."
        case .seriesWithoutGrid: "Choose a series that can be analysed."
        case .otherGrid: "Resample the label map onto the image's grid (nearest neighbour)."
        case .noLabels: "Send a label map with labelled vertebrae."
        case .notALabel: "Send a label map, not an image or a probability map."
        }
    }
}
