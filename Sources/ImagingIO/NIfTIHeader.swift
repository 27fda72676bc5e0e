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

    /// The type of the values once rescaled: single precision where whole numbers have a slope, as `NIfTIImageHeader` has it.
    var storedType: StoredType {
        let isScaled = slope != 1 || intercept != 0
        return switch datatype {
        case .float32: .float32
        case .float64: .float64
        case _ where isScaled: .float32
        case .uint8: .uint8
        case .int16: .int16
        case .int32: .int32
        case .int8: .int8
        case .uint16: .uint16
        case .uint32: .uint32
        }
    }

    /// Bytes of a NIfTI-2 header, the longer of the two.
    static let maxByteCount = 540

    /// True when the bytes begin with a NIfTI header of either version and byte order.
    static func recognises(_ start: [UInt8]) -> Bool { NIfTIFields(start) != nil }

    /// - Parameter start: The first bytes of the file, unpacked.
    /// - Throws: `NIfTIFlaw`, to be told with the name of the file.
    init(_ start: [UInt8], limits: IntakeLimits) throws(NIfTIFlaw) {
        guard let fields = NIfTIFields(start) else { throw .noHeader }
        guard !fields.isPair else { throw .halfOfPair }
        let size = try Self.size(fields, limits: limits)
        guard let datatype = Datatype(rawValue: fields.datatype) else {
            throw .datatypeUnsupported(fields.datatype, name: Self.name(ofDatatype: fields.datatype))
        }
        guard fields.bitsPerVoxel == datatype.byteCount * 8 else {
            throw .bitsPerVoxel(fields.bitsPerVoxel, datatype: "\(datatype)", needed: datatype.byteCount * 8)
        }
        let smallest = fields.isVersion2 ? 540.0 : 348.0
        guard fields.dataOffset == 0 || (fields.dataOffset >= smallest && fields.dataOffset <= 1e9) else {
            throw .dataOffset(fields.dataOffset)
        }
        dataOffset = fields.dataOffset == 0 ? Int(smallest) + 4 : Int(fields.dataOffset)
        let isScaled = fields.slope != 0 && fields.slope.isFinite
        slope = isScaled ? fields.slope : 1
        intercept = isScaled && fields.intercept.isFinite ? fields.intercept : 0
        self.datatype = datatype
        isBigEndian = fields.isBigEndian
        let grid = try NIfTIGrid(fields, size: size)
        geometry = grid.geometry
        warnings = grid.warnings
    }

    private static func size(_ fields: NIfTIFields, limits: IntakeLimits) throws(NIfTIFlaw) -> Index3 {
        let rank = fields.dimensions[0]
        let sides = fields.dimensions[1...].prefix(max(0, min(rank, 7)))
        guard (1...7).contains(rank), sides.allSatisfy({ $0 >= 1 }) else {
            throw .dimensions(fields.dimensions)
        }
        guard rank >= 3, sides[1...3].allSatisfy({ $0 > 1 }), sides[4...].allSatisfy({ $0 == 1 }) else {
            throw .notThreeDimensional(sides: Array(sides))
        }
        let (area, over1) = sides[1].multipliedReportingOverflow(by: sides[2])
        let (count, over2) = area.multipliedReportingOverflow(by: sides[3])
        guard !over1, !over2, count <= limits.maxVoxels else {
            throw .tooManyVoxels(sides: Array(sides.prefix(3)), limit: limits.maxVoxels)
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
