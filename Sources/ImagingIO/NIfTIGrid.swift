// Where a NIfTI image lies: sform or qform, RAS to LPS, checked for shear and absurd spacing.
import Domain
import Imaging

/// The grid of a NIfTI image in LPS, and what was odd about it.
struct NIfTIGrid {
    let geometry: Geometry
    private(set) var warnings: [String] = []

    /// Cosine between two axes up to which a grid counts as rectangular (our choice; rounding to float32 stays below 1e-6).
    private static let maxCosine = 1e-3
    /// Voxel spacing that a CT can have, millimetres (our choice).
    private static let plausibleSpacingMM = 0.05...20.0

    /// - Throws: `NIfTIFlaw`.
    init(_ fields: NIfTIFields, size: Index3) throws(NIfTIFlaw) {
        let columns: [SIMD3<Double>]
        if fields.sformCode > 0 {
            columns = (0..<4).map { [fields.rows[0][$0], fields.rows[1][$0], fields.rows[2][$0]] }
        } else if fields.qformCode > 0 {
            columns = Self.qform(fields)
        } else {
            throw .orientationAbsent
        }
        let scale = try Self.millimetres(perUnit: fields.units & 7)
        // RAS to LPS: x and y change sign (0 - x, so that no -0 appears).
        let lps = columns.map { SIMD3(0 - $0.x, 0 - $0.y, $0.z) * scale }
        guard lps.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }) else {
            throw .orientationNotFinite
        }
        let spacing = SIMD3(length(lps[0]), length(lps[1]), length(lps[2]))
        let declared = SIMD3(fields.spacing[1], fields.spacing[2], fields.spacing[3])
        let spacings =
            [spacing.x, spacing.y, spacing.z] + [declared.x, declared.y, declared.z].map { abs($0) * scale }
        for value in spacings where !Self.plausibleSpacingMM.contains(value) {
            throw .spacing(mm: value, possible: Self.plausibleSpacingMM)
        }
        geometry = try Self.rectangular(lps, spacing: spacing, size: size)
        let difference = max(
            abs(abs(declared.x) * scale - spacing.x), abs(abs(declared.y) * scale - spacing.y),
            abs(abs(declared.z) * scale - spacing.z))
        if difference > 0.01 {  // mm, our choice
            warnings.append(
                "pixdim and the orientation matrix disagree about the spacing by \(difference.text(3)) mm; the matrix was taken."
            )
        }
    }

    static func millimetres(perUnit code: Int) throws(NIfTIFlaw) -> Double {
        switch code {
        case 0, 2: return 1
        case 1: return 1_000
        case 3: return 0.001
        default: throw .lengthUnit(code)
        }
    }

    /// The columns of the matrix that the quaternion stands for (nifti1.h, method 2).
    static func qform(_ fields: NIfTIFields) -> [SIMD3<Double>] {
        let (b, c, d) = (fields.quaternion[0], fields.quaternion[1], fields.quaternion[2])
        let squares = b * b + c * c + d * d
        let a = squares < 1 ? (1 - squares).squareRoot() : 0
        let norm = squares < 1 ? 1 : 1 / squares
        let handedness: Double = fields.spacing[0] < 0 ? -1 : 1
        let x = SIMD3(a * a + (b * b - c * c - d * d) * norm, 2 * (b * c * norm + a * d), 2 * (b * d * norm - a * c))
        let y = SIMD3(2 * (b * c * norm - a * d), a * a + (c * c - b * b - d * d) * norm, 2 * (c * d * norm + a * b))
        let z = SIMD3(2 * (b * d * norm + a * c), 2 * (c * d * norm - a * b), a * a + (d * d - b * b - c * c) * norm)
        let offset = fields.quaternionOffset
        return [
            x * fields.spacing[1], y * fields.spacing[2], z * (fields.spacing[3] * handedness),
            [offset[0], offset[1], offset[2]],
        ]
    }

    /// Unit axes at right angles, or a fault when the grid is sheared.
    private static func rectangular(
        _ columns: [SIMD3<Double>], spacing: SIMD3<Double>, size: Index3
    ) throws(NIfTIFlaw) -> Geometry {
        let (x, y, z) = (columns[0] / spacing.x, columns[1] / spacing.y, columns[2] / spacing.z)
        let worst = max(abs(dot(x, y)), abs(dot(x, z)), abs(dot(y, z)))
        guard worst <= maxCosine else { throw .sheared(cosine: worst) }
        let yStraight = normalised(y - x * dot(x, y))
        let normal = cross(x, yStraight)
        return Geometry(
            size: size, spacingMM: spacing, originMM: columns[3], xAxis: x, yAxis: yStraight,
            zAxis: dot(normal, z) < 0 ? -normal : normal)
    }
}

extension Double {
    /// The number with this many decimals, for messages.
    func text(_ decimals: Int) -> String {
        guard isFinite else { return description }
        let scale = (0..<decimals).reduce(1.0) { value, _ in value * 10 }
        guard magnitude < 1e12 else { return description }
        let rounded = (self * scale).rounded() / scale
        return rounded == rounded.rounded() ? String(Int(rounded)) : rounded.description
    }
}
