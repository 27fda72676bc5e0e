// The raw fields of a NIfTI header that matter here, from either version and byte order.

/// Header fields as stored. nil from `init` when the bytes are no NIfTI header.
struct NIfTIFields {
    let isVersion2: Bool
    let isBigEndian: Bool
    /// True for the header of an .hdr/.img pair.
    let isPair: Bool
    let dimensions: [Int]
    let datatype: Int
    let bitsPerVoxel: Int
    /// pixdim; the first is qfac.
    let spacing: [Double]
    let dataOffset: Double
    let slope: Double
    let intercept: Double
    let units: Int
    let qformCode: Int
    let sformCode: Int
    /// quatern_b, c, d and qoffset_x, y, z.
    let quaternion: [Double]
    let quaternionOffset: [Double]
    /// srow_x, srow_y, srow_z: three rows of four.
    let rows: [[Double]]

    init?(_ bytes: [UInt8]) {
        guard bytes.count >= 348 else { return nil }
        let little = bytes.little32(0)
        let length = [348, 540].contains(little) ? little : little.byteSwapped
        guard [348, 540].contains(length) else { return nil }
        isBigEndian = little != length
        isVersion2 = length == 540
        guard !isVersion2 || bytes.count >= 540 else { return nil }
        let magic = Array(bytes[(isVersion2 ? 4 : 344)..<(isVersion2 ? 12 : 348)])
        let digit = UInt8(ascii: isVersion2 ? "2" : "1")
        isPair = magic.starts(with: [0x6E, 0x69, digit, 0])
        guard isPair || magic.starts(with: [0x6E, 0x2B, digit, 0]) else { return nil }
        guard !isVersion2 || Array(magic[4...]) == [0x0D, 0x0A, 0x1A, 0x0A] else { return nil }

        let read = FieldReader(bytes: bytes, isBigEndian: isBigEndian)
        if isVersion2 {
            datatype = read.int16(12)
            bitsPerVoxel = read.int16(14)
            dimensions = (0..<8).map { read.int64(16 + 8 * $0) }
            spacing = (0..<8).map { read.float64(104 + 8 * $0) }
            dataOffset = Double(read.int64(168))
            slope = read.float64(176)
            intercept = read.float64(184)
            qformCode = read.int32(344)
            sformCode = read.int32(348)
            quaternion = (0..<3).map { read.float64(352 + 8 * $0) }
            quaternionOffset = (0..<3).map { read.float64(376 + 8 * $0) }
            rows = (0..<3).map { row in (0..<4).map { read.float64(400 + 32 * row + 8 * $0) } }
            units = read.int32(500)
        } else {
            datatype = read.int16(70)
            bitsPerVoxel = read.int16(72)
            dimensions = (0..<8).map { read.int16(40 + 2 * $0) }
            spacing = (0..<8).map { read.float32(76 + 4 * $0) }
            dataOffset = read.float32(108)
            slope = read.float32(112)
            intercept = read.float32(116)
            qformCode = read.int16(252)
            sformCode = read.int16(254)
            quaternion = (0..<3).map { read.float32(256 + 4 * $0) }
            quaternionOffset = (0..<3).map { read.float32(268 + 4 * $0) }
            rows = (0..<3).map { row in (0..<4).map { read.float32(280 + 16 * row + 4 * $0) } }
            units = Int(bytes[123])
        }
    }
}

/// Numbers of a header in its byte order.
private struct FieldReader {
    let bytes: [UInt8]
    let isBigEndian: Bool

    private func order<Value: FixedWidthInteger>(_ value: Value) -> Value { isBigEndian ? value.byteSwapped : value }

    func int16(_ offset: Int) -> Int { Int(Int16(bitPattern: order(bytes.little16(offset)))) }
    func int32(_ offset: Int) -> Int { Int(Int32(bitPattern: order(bytes.little32(offset)))) }
    func int64(_ offset: Int) -> Int { Int(Int64(bitPattern: order(bytes.little64(offset)))) }
    func float32(_ offset: Int) -> Double { Double(Float(bitPattern: order(bytes.little32(offset)))) }
    func float64(_ offset: Int) -> Double { Double(bitPattern: order(bytes.little64(offset))) }
}
