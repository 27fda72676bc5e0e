// Small files made byte by byte: zip, DICOM and NIfTI, right or wrong in one place.
import Foundation

extension Data {
    mutating func append<Number: FixedWidthInteger>(little number: Number) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }

    mutating func append(float: Float) { append(little: float.bitPattern) }
}

/// A zip archive with stored entries (PKWARE APPNOTE 6.3.10).
struct ZipBytes {
    var isEncrypted = false
    var entries: [(name: String, content: Data)] = []

    var data: Data {
        var archive = Data()
        var directory = Data()
        for (name, content) in entries {
            let offset = UInt32(archive.count)
            let fields = shared(name, content)
            archive += Data([0x50, 0x4B, 3, 4, 20, 0]) + fields + Data([0, 0]) + Data(name.utf8) + content
            directory += Data([0x50, 0x4B, 1, 2, 20, 0, 20, 0]) + fields + Data(count: 12)
            directory.append(little: offset)
            directory += Data(name.utf8)
        }
        let start = UInt32(archive.count)
        archive += directory + Data([0x50, 0x4B, 5, 6, 0, 0, 0, 0])
        archive.append(little: UInt16(entries.count))
        archive.append(little: UInt16(entries.count))
        archive.append(little: UInt32(directory.count))
        archive.append(little: start)
        archive.append(little: UInt16(0))
        return archive
    }

    private func shared(_ name: String, _ content: Data) -> Data {
        var fields = Data()
        fields.append(little: UInt16(isEncrypted ? 1 : 0))
        fields.append(little: UInt16(0))
        fields.append(little: UInt32(0x0021_0000))
        fields.append(little: Self.checksum(content))
        fields.append(little: UInt32(content.count))
        fields.append(little: UInt32(content.count))
        fields.append(little: UInt16(name.utf8.count))
        return fields
    }

    /// CRC-32 (ISO 3309), bit by bit.
    private static func checksum(_ data: Data) -> UInt32 {
        var sum = UInt32.max
        for byte in data {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
        return ~sum
    }
}

/// One CT slice in explicit VR little endian (PS3.5, PS3.10).
struct DICOMBytes {
    var modality = "CT"
    var slice = 0
    var rows = 16
    var columns = 16
    var samplesPerPixel = 1
    var hasPixels = true

    var data: Data {
        let classUID = modality == "CT" ? "1.2.840.10008.5.1.4.1.1.2" : "1.2.840.10008.5.1.4.1.1.4"
        let instanceUID = "1.2.826.0.1.3680043.10.1.\(slice + 1)"
        var meta = Data()
        meta += long(0x0002, 0x0001, "OB", Data([0, 1]))
        meta += text(0x0002, 0x0002, "UI", classUID)
        meta += text(0x0002, 0x0003, "UI", instanceUID)
        meta += text(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1")
        meta += text(0x0002, 0x0012, "UI", "1.2.826.0.1.3680043.10.9")
        var length = Data()
        length.append(little: UInt32(meta.count))
        var file = Data(count: 128) + Data("DICM".utf8) + short(0x0002, 0x0000, "UL", length) + meta
        file += text(0x0008, 0x0016, "UI", classUID)
        file += text(0x0008, 0x0018, "UI", instanceUID)
        file += text(0x0008, 0x0060, "CS", modality)
        file += text(0x0018, 0x0050, "DS", "1")
        file += text(0x0020, 0x000D, "UI", "1.2.826.0.1.3680043.10.2")
        file += text(0x0020, 0x000E, "UI", "1.2.826.0.1.3680043.10.3")
        file += text(0x0020, 0x0013, "IS", String(slice + 1))
        file += text(0x0020, 0x0032, "DS", "0\\0\\\(slice)")
        file += text(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0")
        file += number(0x0028, 0x0002, samplesPerPixel)
        file += text(0x0028, 0x0004, "CS", samplesPerPixel == 1 ? "MONOCHROME2" : "RGB")
        if samplesPerPixel > 1 { file += number(0x0028, 0x0006, 0) }
        file += number(0x0028, 0x0010, rows)
        file += number(0x0028, 0x0011, columns)
        file += text(0x0028, 0x0030, "DS", "1\\1")
        let bytesPerSample = samplesPerPixel == 1 ? 2 : 1
        file += number(0x0028, 0x0100, bytesPerSample * 8)
        file += number(0x0028, 0x0101, bytesPerSample * 8)
        file += number(0x0028, 0x0102, bytesPerSample * 8 - 1)
        file += number(0x0028, 0x0103, 0)
        file += text(0x0028, 0x1052, "DS", "-1024")
        file += text(0x0028, 0x1053, "DS", "1")
        if hasPixels {
            let count = rows * columns * samplesPerPixel * bytesPerSample
            file += long(0x7FE0, 0x0010, samplesPerPixel == 1 ? "OW" : "OB", Data(count: count))
        }
        return file
    }

    /// A zip of slices one millimetre apart.
    static func series(count: Int, _ change: (inout DICOMBytes) -> Void = { _ in }) -> Data {
        ZipBytes(
            entries: (0..<count).map { index in
                var slice = DICOMBytes(slice: index)
                change(&slice)
                return (String(format: "IM%04d.dcm", index), slice.data)
            }
        ).data
    }

    private func tag(_ group: UInt16, _ element: UInt16, _ vr: String) -> Data {
        var data = Data()
        data.append(little: group)
        data.append(little: element)
        return data + Data(vr.utf8)
    }

    private func short(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: Data) -> Data {
        var data = tag(group, element, vr)
        data.append(little: UInt16(value.count))
        return data + value
    }

    private func long(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: Data) -> Data {
        var data = tag(group, element, vr) + Data([0, 0])
        data.append(little: UInt32(value.count))
        return data + value
    }

    private func text(_ group: UInt16, _ element: UInt16, _ vr: String, _ value: String) -> Data {
        let padding = value.utf8.count % 2 == 0 ? Data() : Data([vr == "UI" ? 0 : 0x20])
        return short(group, element, vr, Data(value.utf8) + padding)
    }

    private func number(_ group: UInt16, _ element: UInt16, _ value: Int) -> Data {
        var data = Data()
        data.append(little: UInt16(value))
        return short(group, element, "US", data)
    }
}

/// A NIfTI-1 file, `n+1`, axis-aligned, its first voxel at the origin (nifti1.h).
struct NIfTIBytes {
    var size = [16, 16, 16]
    var spacingMM: [Float] = [1, 1, 1]
    /// 16 is 32-bit float, 4 is 16-bit signed.
    var datatype: Int16 = 16
    var value: Float = 0
    /// Voxels that the header announces but that are not there.
    var missingVoxels = 0

    var data: Data {
        var header = Data()
        header.append(little: Int32(348))
        header += Data(count: 36)
        let dim = [size.count] + size + Array(repeating: 1, count: 7 - size.count)
        for number in dim { header.append(little: Int16(number)) }
        header += Data(count: 14)
        header.append(little: datatype)
        header.append(little: Int16(datatype == 16 ? 32 : 16))
        header.append(little: Int16(0))
        let spacing = spacingMM + Array(repeating: 1, count: 7 - spacingMM.count)
        for number in [1] + spacing { header.append(float: number) }
        header.append(float: 352)  // vox_offset
        header.append(float: 1)  // scl_slope
        header.append(float: 0)  // scl_inter
        header += Data([0, 0, 0, 2])  // xyzt_units: millimetres
        header += Data(count: 252 - header.count)
        header.append(little: Int16(0))  // qform_code
        header.append(little: Int16(1))  // sform_code
        header += Data(count: 24)
        for row in 0..<3 {
            for column in 0..<4 { header.append(float: column == row ? spacing[row] : 0) }
        }
        header += Data(count: 16) + Data("n+1\0".utf8) + Data(count: 4)
        return header + voxels
    }

    private var voxels: Data {
        let count = size.reduce(1, *) - missingVoxels
        guard value != 0 else { return Data(count: count * (datatype == 16 ? 4 : 2)) }
        var data = Data()
        for _ in 0..<count {
            if datatype == 16 { data.append(float: value) } else { data.append(little: Int16(value)) }
        }
        return data
    }
}
