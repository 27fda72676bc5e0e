// Why a region has no embedding.
import Domain
import Imaging

/// What is wrong with a region, or with what a network made of it.
package enum DeepFeaturesError: Fault, Hashable {
    case regionEmpty
    /// The box reaches beyond the image; `lower` and `size` along x, y, z.
    case regionOutsideImage(box: IndexBox, imageSize: Index3)
    /// The box touches the image's border, so that part of the region may not have been imaged.
    case regionAtBorder(box: IndexBox, imageSize: Index3)
    case regionOfOneValue(Float)
    /// The model is listed, and is no encoder.
    case notAnEncoder(model: String)
    case embeddingNotFinite(model: String, count: Int)

    package var code: FaultCode {
        switch self {
        case .regionEmpty, .regionOutsideImage, .regionAtBorder, .regionOfOneValue: .regionUnusable
        case .notAnEncoder: .modelUnknown
        case .embeddingNotFinite: .modelUnusable
        }
    }

    package var detail: String {
        switch self {
        case .regionEmpty: "The region holds no voxel."
        case .regionOutsideImage(let box, let size):
            "The region, voxels \(Self.text(box)), reaches beyond the image of \(Self.text(size)) voxels."
        case .regionAtBorder(let box, let size):
            """
            The region, voxels \(Self.text(box)), touches the border of the image of \(Self.text(size)) voxels: part of it may not \
            have been imaged.
            """
        case .regionOfOneValue(let value): "Every voxel around the region is \(value); there is nothing to see."
        case .notAnEncoder(let model): "The model \(model) gives no embedding: models.lock has no 'encoder' for it."
        case .embeddingNotFinite(let model, let count):
            "The model \(model) gave \(count) numbers that are not finite."
        }
    }

    package var fix: String {
        switch self {
        case .regionEmpty: "Name a region that holds voxels."
        case .regionOutsideImage: "Give a region on the image's own grid."
        case .regionAtBorder: "Use a scan that shows the region and its surroundings whole."
        case .regionOfOneValue: "Check the image."
        case .notAnEncoder: "Describe its network under 'encoder', or name another model."
        case .embeddingNotFinite: "Check the model's weights; they may have left the range of half precision."
        }
    }

    private static func text(_ size: Index3) -> String { "\(size.x) x \(size.y) x \(size.z)" }

    private static func text(_ box: IndexBox) -> String {
        let first = box.lower
        return [(first.x, box.size.x), (first.y, box.size.y), (first.z, box.size.z)]
            .map { "\($0) to \($0 + $1 - 1)" }.joined(separator: ", ")
    }
}
