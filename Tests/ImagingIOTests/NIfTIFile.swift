// NIfTI files made field by field, so that each can be made wrong.
import CSystem
import Foundation

@testable import ImagingIO

/// A NIfTI file to be encoded. The default is 4 x 3 x 2 voxels of int16, 1 x 2 x 3 mm, values 0, 1, 2 …
struct NIfTIFile {
    var isVersion2 = false
    var isBigEndian = false
    var dimensions = [3, 4, 3, 2, 1, 1, 1, 1]
    var datatype = 4
    var bitsPerVoxel = 16
    var spacing: [Double] = [1, 1, 2, 3, 0, 0, 0, 0]
    var slope = 1.0
    var intercept = 0.0
    var units = 2
    var qformCode = 0
    var sformCode = 1
    var quaternion: [Double] = [0, 0, 0]
    var offset: [Double] = [0, 0, 0]
    /// RAS rows.
    var rows: [[Double]] = [[1, 0, 0, -10], [0, 2, 0, -20], [0, 0, 3, 30]]
    var dataOffset: Double?
    var magic: [UInt8]?
    /// The stored voxels, already encoded.
    var data: [UInt8]?

    private func bytes<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        withUnsafeBytes(of: isBigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
    }

    private func real(_ value: Double) -> [UInt8] {
        isVersion2 ? bytes(value.bitPattern) : bytes(Float(value).bitPattern)
    }

    /// 24 voxels of int16: 0, 1, 2 …
    var defaultData: [UInt8] { (0..<24).flatMap { bytes(Int16($0)) } }

    var header: [UInt8] {
        var header = [UInt8](repeating: 0, count: isVersion2 ? 540 : 348)
        func put(_ offset: Int, _ values: [UInt8]) {
            header.replaceSubrange(offset..<offset + values.count, with: values)
        }
        put(0, bytes(Int32(header.count)))
        if isVersion2 {
            put(4, magic ?? [0x6E, 0x2B, 0x32, 0, 0x0D, 0x0A, 0x1A, 0x0A])
            put(12, bytes(Int16(datatype)))
            put(14, bytes(Int16(bitsPerVoxel)))
            put(16, dimensions.flatMap { bytes(Int64($0)) })
            put(104, spacing.flatMap(real))
            put(168, bytes(Int64(dataOffset ?? 544)))
            put(176, real(slope) + real(intercept))
            put(344, bytes(Int32(qformCode)) + bytes(Int32(sformCode)))
            put(352, (quaternion + offset + rows.joined()).flatMap(real))
            put(500, bytes(Int32(units)))
        } else {
            put(40, dimensions.flatMap { bytes(Int16($0)) })
            put(70, bytes(Int16(datatype)) + bytes(Int16(bitsPerVoxel)))
            put(76, spacing.flatMap(real))
            put(108, real(dataOffset ?? 352) + real(slope) + real(intercept))
            put(123, [UInt8(units)])
            put(252, bytes(Int16(qformCode)) + bytes(Int16(sformCode)))
            put(256, (quaternion + offset + rows.joined()).flatMap(real))
            put(344, magic ?? [0x6E, 0x2B, 0x31, 0])
        }
        return header
    }

    var encoded: [UInt8] { header + [0, 0, 0, 0] + (data ?? defaultData) }

    var zipped: [UInt8] {
        get throws {
            let memory = MemorySink()
            let packer = try DeflateSink(memory, wrapping: .gzip)
            try packer.write(encoded)
            try packer.finish()
            return memory.bytes
        }
    }
}
