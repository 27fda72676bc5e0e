// A NIfTI header as image toolkits take it: spacing from pixdim, axes from the orientation matrix, nothing straightened.
import Domain
import Imaging

/// The grid and the encoding of a NIfTI image, equal to what SimpleITK (ITK 5.4) makes of the same header.
///
/// Laxer than `NIfTIHeader`, which guards the service's intake: one slice is an image here, and a file without an
/// orientation lies at the origin.
struct NIfTIImageHeader {
    let geometry: Geometry
    /// The type of the values once rescaled: single precision where whole numbers have a slope.
    let storedType: StoredType
    let warnings: [String]
    private let encoding: VoxelLayout

    /// - Throws: `NIfTIFlaw`.
    init(_ start: [UInt8]) throws(NIfTIFlaw) {
        guard let fields = NIfTIFields(start) else { throw .noHeader }
        guard !fields.isPair else { throw .halfOfPair }
        guard let type = Self.types[fields.datatype] else {
            throw .datatypeUnsupported(fields.datatype, name: "code \(fields.datatype) of nifti1.h")
        }
        let smallest = fields.isVersion2 ? 540.0 : 348.0
        guard fields.dataOffset == 0 || (fields.dataOffset >= smallest && fields.dataOffset <= 1e9) else {
            throw .dataOffset(fields.dataOffset)
        }
        var layout = VoxelLayout(element: type, isBigEndian: fields.isBigEndian)
        layout.skippedBytes = fields.dataOffset == 0 ? Int(smallest) + 4 : Int(fields.dataOffset)
        let isScaled = fields.slope.isFinite && fields.intercept.isFinite && abs(fields.slope) > Double.ulpOfOne
        if isScaled, abs(fields.slope - 1) > Double.ulpOfOne || abs(fields.intercept) > Double.ulpOfOne {
            layout.rescale = (fields.slope, fields.intercept)
        }
        encoding = layout
        storedType = layout.rescale != nil && type.wholeNumberRange != nil ? .float32 : type
        let hasOrientation = fields.sformCode > 0 || fields.qformCode > 0
        warnings =
            hasOrientation ? [] : ["sform_code and qform_code are both 0: the image is taken to lie along the axes."]
        geometry = try Self.geometry(fields, size: Self.size(fields))
    }

    func layout(isZipped: Bool) -> VoxelLayout {
        var layout = encoding
        layout.isZipped = isZipped
        return layout
    }

    /// NIfTI datatype codes (nifti1.h).
    private static let types: [Int: StoredType] = [
        2: .uint8, 4: .int16, 8: .int32, 16: .float32, 64: .float64, 256: .int8, 512: .uint16, 768: .uint32,
        1024: .int64, 1280: .uint64,
    ]

    private static func size(_ fields: NIfTIFields) throws(NIfTIFlaw) -> Index3 {
        let rank = fields.dimensions[0]
        guard (1...7).contains(rank) else { throw .dimensions(fields.dimensions) }
        let sides = Array(fields.dimensions[1...].prefix(rank))
        guard sides.allSatisfy({ $0 >= 1 }) else { throw .dimensions(fields.dimensions) }
        guard rank >= 3, sides[3...].allSatisfy({ $0 == 1 }) else { throw .notThreeDimensional(sides: sides) }
        let (area, over1) = sides[0].multipliedReportingOverflow(by: sides[1])
        let (count, over2) = area.multipliedReportingOverflow(by: sides[2])
        let limit = Int(Int32.max)
        guard !over1, !over2, count <= limit else { throw .tooManyVoxels(sides: sides, limit: limit) }
        return Index3(x: sides[0], y: sides[1], z: sides[2])
    }

    private static func geometry(_ fields: NIfTIFields, size: Index3) throws(NIfTIFlaw) -> Geometry {
        let scale = try NIfTIGrid.millimetres(perUnit: fields.units & 7)
        let spacing = SIMD3(abs(fields.spacing[1]), abs(fields.spacing[2]), abs(fields.spacing[3])) * scale
        guard spacing.min() > 0, spacing.max().isFinite else {
            throw .spacing(mm: spacing.min(), possible: 1e-6...1e6)
        }
        guard let columns = columns(fields) else { return Geometry(size: size, spacingMM: spacing) }
        // RAS to LPS: x and y change sign (0 - x, so that no -0 appears).
        let lps = columns.map { SIMD3(0 - $0.x, 0 - $0.y, $0.z) }
        guard lps.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }),
            lps[..<3].allSatisfy({ length($0) > 0 })
        else { throw .orientationNotFinite }
        return Geometry(
            size: size, spacingMM: spacing, originMM: lps[3] * scale, xAxis: normalised(lps[0]),
            yAxis: normalised(lps[1]), zAxis: normalised(lps[2]))
    }

    /// The matrix that ITK takes: the sform where it is the scanner's or stands alone, else the qform; nil without either.
    private static func columns(_ fields: NIfTIFields) -> [SIMD3<Double>]? {
        if fields.sformCode > 0, fields.sformCode == 1 || fields.qformCode <= 0 {
            return (0..<4).map { [fields.rows[0][$0], fields.rows[1][$0], fields.rows[2][$0]] }
        }
        return fields.qformCode > 0 ? NIfTIGrid.qform(fields) : nil
    }
}
