// The NIfTI-1 and NIfTI-2 header: what it says, checked, as a grid in LPS.
// Sources: nifti1.h (NIfTI DFWG, 2007) and nifti2.h (2011).
import Domain
import Imaging

/// A checked NIfTI header.
struct NIfTIHeader {
    /// Voxel encodings that are read, by their NIfTI code.
    enum Datatype: Int {
        case uint8 = 2
        case int16 = 4
        case int32 = 8
        case float32 = 16
        case float64 = 64
        case int8 = 256
        case uint16 = 512
        case uint32 = 768

        var byteCount: Int {
            switch self {
            case .uint8, .int8: 1
            case .int16, .uint16: 2
            case .int32, .uint32, .float32: 4
            case .float64: 8
            }
        }
    }

    let geometry: Geometry
    let datatype: Datatype
    let isBigEndian: Bool
    /// Byte of the first voxel.
    let dataOffset: Int
    /// value = stored x slope + intercept
    let slope: Double
    let intercept: Double
    let warnings: [String]

    /// Bytes of a NIfTI-2 header, the longer of the two.
    static let maxByteCount = 540

    /// True when the bytes begin with a NIfTI header of either version and byte order.
    static func recognises(_ start: [UInt8]) -> Bool { NIfTIFields(start) != nil }

    /// - Parameters:
    ///   - start: The first bytes of the file, unpacked.
    ///   - name: How messages call the file.
    /// - Throws: `nifti-…`, `image-too-large`.
    init(_ start: [UInt8], name: String, limits: IntakeLimits) throws {
        guard let fields = NIfTIFields(start) else {
            throw ImagingIOError(
                .niftiDamaged, "The header of \(name) is not NIfTI-1 or NIfTI-2.", fix: "Convert the image again.",
                subject: name)
        }
        func fault(_ code: FaultCode, _ detail: String, fix: String) -> ImagingIOError {
            ImagingIOError(code, "\(name): \(detail).", fix: fix, subject: name)
        }
        guard !fields.isPair else {
            throw fault(
                .niftiDamaged, "it is the header half of an .hdr/.img pair",
                fix: "Convert it to one .nii or .nii.gz file.")
        }
        let size = try Self.size(fields, limits: limits, fault: fault)
        guard let datatype = Datatype(rawValue: fields.datatype) else {
            throw fault(
                .niftiDatatypeUnsupported, "datatype \(fields.datatype) (\(Self.name(ofDatatype: fields.datatype)))",
                fix: "Convert the voxels to int16 or float32.")
        }
        guard fields.bitsPerVoxel == datatype.byteCount * 8 else {
            throw fault(
                .niftiDamaged, "bitpix is \(fields.bitsPerVoxel), datatype \(datatype) needs \(datatype.byteCount * 8)",
                fix: "Convert the image again.")
        }
        let smallest = fields.isVersion2 ? 540.0 : 348.0
        guard fields.dataOffset == 0 || (fields.dataOffset >= smallest && fields.dataOffset <= 1e9) else {
            throw fault(.niftiDamaged, "vox_offset is \(fields.dataOffset)", fix: "Convert the image again.")
        }
        dataOffset = fields.dataOffset == 0 ? Int(smallest) + 4 : Int(fields.dataOffset)
        let isScaled = fields.slope != 0 && fields.slope.isFinite
        slope = isScaled ? fields.slope : 1
        intercept = isScaled && fields.intercept.isFinite ? fields.intercept : 0
        self.datatype = datatype
        isBigEndian = fields.isBigEndian
        let grid = try NIfTIGrid(fields, size: size, fault: fault)
        geometry = grid.geometry
        warnings = grid.warnings
    }

    private static func size(
        _ fields: NIfTIFields, limits: IntakeLimits, fault: (FaultCode, String, String) -> ImagingIOError
    ) throws -> Index3 {
        let rank = fields.dimensions[0]
        let sides = fields.dimensions[1...].prefix(max(0, min(rank, 7)))
        guard (1...7).contains(rank), sides.allSatisfy({ $0 >= 1 }) else {
            throw fault(.niftiDamaged, "dim is \(fields.dimensions)", "Convert the image again.")
        }
        guard rank >= 3, sides[1...3].allSatisfy({ $0 > 1 }), sides[4...].allSatisfy({ $0 == 1 }) else {
            let text = sides.map(String.init).joined(separator: " x ")
            throw fault(
                .niftiNotThreeDimensional, "the image is \(text) voxels, not three-dimensional",
                "Send one three-dimensional volume.")
        }
        let (area, over1) = sides[1].multipliedReportingOverflow(by: sides[2])
        let (count, over2) = area.multipliedReportingOverflow(by: sides[3])
        guard !over1, !over2, count <= limits.maxVoxels else {
            throw fault(
                .imageTooLarge,
                "the image is \(sides[1]) x \(sides[2]) x \(sides[3]) voxels, \(limits.maxVoxels) are allowed",
                "Crop the image to the spine.")
        }
        return Index3(x: sides[1], y: sides[2], z: sides[3])
    }

    private static func name(ofDatatype code: Int) -> String {
        let names = [
            1: "binary", 32: "complex64", 128: "RGB24", 1024: "int64", 1280: "uint64", 1536: "float128",
            1792: "complex128", 2048: "complex256", 2304: "RGBA32",
        ]
        return names[code] ?? "unknown"
    }
}
