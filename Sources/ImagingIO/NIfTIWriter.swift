// Writing NIfTI-1 (nifti1.h, 2007): label maps and volumes, LPS turned to RAS.
import Domain
import Foundation
import Imaging

/// Writes `.nii.gz` (or `.nii`, when the name says so) with sform and qform, as ITK-SNAP, 3D Slicer and nibabel read it. The
/// index order is kept. Equal input gives equal bytes.
package enum NIfTIWriter {
    /// Labels as uint8 when all are below 256, else uint16.
    /// - Throws: `ImagingIOError` with `storage-full`, `internal-fault`, or `image-too-large` (a side over 32,767).
    package static func write(_ map: LabelMap, to url: URL) throws {
        try write(to: url) { try encode(map, into: $0) }
    }

    /// Values as float32.
    /// - Throws: As for label maps.
    package static func write(_ volume: Volume, to url: URL) throws {
        try write(to: url) { sink in
            try sink.write(header(volume.geometry, datatype: .float32, intent: .none))
            try volume.voxels.withUnsafeBytes { try sink.write($0) }
        }
    }

    /// The bytes of a `.nii.gz` file.
    /// - Throws: `ImagingIOError` with `image-too-large`.
    package static func encode(_ map: LabelMap) throws -> [UInt8] {
        let memory = MemorySink()
        let packer = try DeflateSink(memory, wrapping: .gzip)
        try encode(map, into: packer)
        try packer.finish()
        return memory.bytes
    }

    /// The bytes of a `.nii.gz` file of float32 values that are asked for slice by slice.
    /// - Parameter slice: the values of the slice at this z, x fastest, then y.
    /// - Throws: As for label maps.
    package static func encode(_ geometry: Geometry, slice: (Int) -> [Float]) throws -> [UInt8] {
        let memory = MemorySink()
        let packer = try DeflateSink(memory, wrapping: .gzip)
        try packer.write(header(geometry, datatype: .float32, intent: .none))
        for z in 0..<geometry.size.z {
            try slice(z).withUnsafeBytes { try packer.write($0) }
        }
        try packer.finish()
        return memory.bytes
    }

    /// The grid as a file of it is read again: spacing, origin and axes rounded to single precision.
    /// - Throws: As for writing.
    package static func geometry(storing geometry: Geometry) throws -> Geometry {
        try NIfTIImageHeader(header(geometry, datatype: .uint8, intent: .labels)).geometry
    }

    private static func write(to url: URL, _ encode: (any ByteSink) throws -> Void) throws {
        let file = try OutputFile(url)
        if url.pathExtension == "nii" {
            try encode(file)
        } else {
            let packer = try DeflateSink(file, wrapping: .gzip)
            try encode(packer)
            try packer.finish()
        }
        try file.finish()
    }

    private static func encode(_ map: LabelMap, into sink: any ByteSink) throws {
        let isSmall = (map.labels.max() ?? 0) < 256
        try sink.write(header(map.geometry, datatype: isSmall ? .uint8 : .uint16, intent: .labels))
        guard isSmall else {
            try map.labels.withUnsafeBytes { try sink.write($0) }
            return
        }
        try sink.write(map.labels.map { UInt8(truncatingIfNeeded: $0) })
    }

    private enum Intent: Int16 {
        case none = 0
        /// NIFTI_INTENT_LABEL
        case labels = 1002
    }

    private static func header(
        _ geometry: Geometry, datatype: NIfTIHeader.Datatype, intent: Intent
    ) throws -> [UInt8] {
        let size = geometry.size
        guard max(size.x, size.y, size.z) <= Int(Int16.max) else {
            throw ImagingIOError.sideTooLong(
                format: "NIfTI-1", limit: Int(Int16.max), sides: [size.x, size.y, size.z])
        }
        let spacing = geometry.spacingMM
        // LPS to RAS: x and y change sign.
        let ras = { (v: SIMD3<Double>) in SIMD3(-v.x, -v.y, v.z) }
        let axes = [ras(geometry.xAxis), ras(geometry.yAxis), ras(geometry.zAxis)]
        let origin = ras(geometry.originMM)
        let rotation = Quaternion(axes)

        var bytes: [UInt8] = []
        bytes.reserveCapacity(352)
        func put(_ values: Int16...) { for value in values { bytes.appendLittle(value) } }
        func putReal(_ values: Double...) { for value in values { bytes.appendLittle(Float(value).bitPattern) } }
        func skip(_ count: Int) { bytes += [UInt8](repeating: 0, count: count) }

        bytes.appendLittle(Int32(348))
        skip(36)
        put(3, Int16(size.x), Int16(size.y), Int16(size.z), 1, 1, 1, 1)
        skip(12)
        put(intent.rawValue, Int16(datatype.rawValue), Int16(datatype.byteCount * 8), 0)
        putReal(rotation.handedness, spacing.x, spacing.y, spacing.z, 0, 0, 0, 0)
        putReal(352, 1, 0)  // vox_offset, scl_slope, scl_inter
        put(0, 2 << 8)  // slice_end, slice_code, xyzt_units: millimetres
        skip(24)
        let label = Array("Osteon".utf8)
        bytes += label
        skip(80 - label.count + 24)
        put(1, 1)  // qform_code, sform_code: scanner coordinates
        putReal(rotation.b, rotation.c, rotation.d, origin.x, origin.y, origin.z)
        for row in 0..<3 {
            putReal(axes[0][row] * spacing.x, axes[1][row] * spacing.y, axes[2][row] * spacing.z, origin[row])
        }
        skip(16)
        bytes += [0x6E, 0x2B, 0x31, 0]
        skip(4)  // no extension
        return bytes
    }
}

/// A rotation as NIfTI's qform stores it (nifti1.h, `nifti_mat44_to_quatern`).
private struct Quaternion {
    let b: Double
    let c: Double
    let d: Double
    /// qfac: -1 when the axes are left-handed and z has to be turned round.
    let handedness: Double

    /// - Parameter axes: Three perpendicular unit vectors.
    init(_ axes: [SIMD3<Double>]) {
        handedness = dot(cross(axes[0], axes[1]), axes[2]) < 0 ? -1 : 1
        let (x, y, z) = (axes[0], axes[1], axes[2] * handedness)
        // The largest of the four squares is divided by, so that nothing small is.
        let squares = [1 + x.x + y.y + z.z, 1 + x.x - y.y - z.z, 1 - x.x + y.y - z.z, 1 - x.x - y.y + z.z]
        let largest = squares.indices.max { squares[$0] < squares[$1] } ?? 0
        let root = squares[largest].squareRoot() * 2
        let parts: [Double] =
            switch largest {
            case 0: [root / 4, (y.z - z.y) / root, (z.x - x.z) / root, (x.y - y.x) / root]
            case 1: [(y.z - z.y) / root, root / 4, (y.x + x.y) / root, (z.x + x.z) / root]
            case 2: [(z.x - x.z) / root, (y.x + x.y) / root, root / 4, (z.y + y.z) / root]
            default: [(x.y - y.x) / root, (z.x + x.z) / root, (z.y + y.z) / root, root / 4]
            }
        let sign: Double = parts[0] < 0 ? -1 : 1  // NIfTI stores b, c, d and takes a >= 0
        (b, c, d) = (parts[1] * sign, parts[2] * sign, parts[3] * sign)
    }
}
