// The digital phantom of IBSI 1, and its consensus values.
import Foundation
import Imaging

/// The digital phantom of the Image Biomarker Standardisation Initiative: a volume of 5 × 4 × 4 voxels of 2 mm, x fastest.
/// Design: Alex Zwanenburg; licence CC BY 4.0 (creativecommons.org/licenses/by/4.0). A dot is a voxel outside the mask, whose
/// value counts only for local peaks.
private let text = """
    1 4 4 1 1  1 4 6 1 1  4 1 6 4 1  4 4 6 4 1
    1 4 4 1 1  1 1 6 1 1  1. 1 3 1 1  4 4 6 1 1
    1 4 4 1. 1.  1 1 1 1 1  1 1 9. 1 1  1 1 6 1 1
    1 4 4 1. 1.  1 1 1 1 1  1 1 1 1 1  1 1 6 1 1
    """

enum DigitalPhantom {
    static let size = Index3(x: 5, y: 4, z: 4)
    private static let fields = text.split(whereSeparator: \.isWhitespace)

    static let values = fields.map { UInt8($0.prefix(1)) ?? 0 }
    static let labels: [UInt8] = fields.map { $0.hasSuffix(".") ? 0 : 1 }

    /// Some voxel values on the phantom's grid as an NRRD file.
    static func nrrd(_ voxels: [UInt8]) -> Data {
        let header = """
            NRRD0004
            type: uint8
            dimension: 3
            space: left-posterior-superior
            sizes: 5 4 4
            space directions: (2,0,0) (0,2,0) (0,0,2)
            space origin: (0,0,0)
            encoding: raw


            """
        return Data(header.utf8) + Data(voxels)
    }

    static func consensus() throws -> [ReferenceValue] {
        try ReferenceValue.table(
            URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Golden/ibsi_digital_phantom.csv"))
    }
}
