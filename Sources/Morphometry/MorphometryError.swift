// What can go wrong while a vertebra is measured.
import Domain
import Imaging

/// Why a vertebra cannot be measured at all. What merely lacks one figure is an `Omission` in the result instead.
package enum MorphometryError: Fault {
    /// The vertebra's map holds no voxel of the body.
    case bodyEmpty(level: VertebralLevel)
    /// The vertebra does not lie on the grid of the scan that it is measured in.
    case gridMismatch(level: VertebralLevel, lower: Index3, size: Index3, scan: Index3)
    /// The frame's origin does not lie inside the body, so that no surface can be charted from it.
    case frameOutsideBody(level: VertebralLevel)

    package var code: FaultCode {
        switch self {
        case .bodyEmpty: .maskLabelAbsent
        case .gridMismatch: .maskGridMismatch
        case .frameOutsideBody: .segmentationFailed
        }
    }

    package var detail: String {
        switch self {
        case .bodyEmpty(let level): "The mask of \(level.rawValue) holds no voxel of the vertebral body."
        case .gridMismatch(let level, let lower, let size, let scan):
            "The mask of \(level.rawValue) covers voxels (\(lower.x), \(lower.y), \(lower.z)) and the next "
                + "\(size.x) × \(size.y) × \(size.z), which do not all lie in the scan of "
                + "\(scan.x) × \(scan.y) × \(scan.z) voxels."
        case .frameOutsideBody(let level):
            "The centre of \(level.rawValue) lies outside its own body: the mask is hollow, torn or not a vertebral body."
        }
    }

    package var fix: String {
        switch self {
        case .bodyEmpty: "Place the seed inside the vertebral body, or upload a label map that covers the body."
        case .gridMismatch: "Upload a label map on the grid of the scan."
        case .frameOutsideBody: "Place the seed nearer to the centre of the body, or correct the label map."
        }
    }
}
