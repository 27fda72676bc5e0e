// How an image file lays out its voxels, and how stored values become doubles.
import Imaging

/// Where the voxel bytes begin, how they are packed, and what they mean.
struct VoxelLayout: Sendable {
    var element: StoredType
    var isBigEndian = false
    var isZipped = false
    /// Byte of the file at which the gzip data begins; it is 0 where header and voxels are zipped together.
    var zippedFrom = 0
    /// Bytes before the first voxel: of the file, or of what the gzip data unpacks to. −1 takes the voxels from the end of
    /// the file (NRRD `byte skip`).
    var skippedBytes = 0
    /// Lines to pass over before the bytes (NRRD `line skip`).
    var skippedLines = 0
    /// value = stored × slope + intercept, rounded to single precision for whole-number types as ITK does; nil: as stored.
    var rescale: (slope: Double, intercept: Double)?

    /// Byte at which reading begins in an unpacked file.
    func start(inFileOf byteCount: Int, voxels: Int) -> Int {
        skippedBytes < 0 ? byteCount - voxels * element.byteCount : skippedBytes
    }

    /// Turns stored bytes into values; reorders the bytes in place where the file has the other byte order.
    func widen(_ stored: UnsafeMutableRawBufferPointer, into values: UnsafeMutableBufferPointer<Double>) {
        switch element {
        case .uint8: widen(stored, as: UInt8.self, into: values)
        case .int8: widen(stored, as: Int8.self, into: values)
        case .uint16: widen(stored, as: UInt16.self, into: values)
        case .int16: widen(stored, as: Int16.self, into: values)
        case .uint32: widen(stored, as: UInt32.self, into: values)
        case .int32: widen(stored, as: Int32.self, into: values)
        case .uint64: widen(stored, as: UInt64.self, into: values)
        case .int64: widen(stored, as: Int64.self, into: values)
        case .float32: widenReals(stored, as: UInt32.self, into: values) { Double(Float(bitPattern: $0)) }
        case .float64: widenReals(stored, as: UInt64.self, into: values) { Double(bitPattern: $0) }
        }
    }

    @inline(__always)
    private func widen<Stored: FixedWidthInteger>(
        _ bytes: UnsafeMutableRawBufferPointer, as: Stored.Type, into values: UnsafeMutableBufferPointer<Double>
    ) {
        let stored = bytes.assumingMemoryBound(to: Stored.self)
        if isBigEndian { for i in stored.indices { stored[i] = stored[i].byteSwapped } }
        guard let (slope, intercept) = rescale else {
            for i in stored.indices { values[i] = Double(stored[i]) }
            return
        }
        for i in stored.indices { values[i] = Double(Float(Double(Float(stored[i])) * slope + intercept)) }
    }

    @inline(__always)
    private func widenReals<Bits: FixedWidthInteger>(
        _ bytes: UnsafeMutableRawBufferPointer, as: Bits.Type, into values: UnsafeMutableBufferPointer<Double>,
        decode: (Bits) -> Double
    ) {
        let stored = bytes.assumingMemoryBound(to: Bits.self)
        if isBigEndian { for i in stored.indices { stored[i] = stored[i].byteSwapped } }
        for i in stored.indices { values[i] = decode(stored[i]) }
        guard let (slope, intercept) = rescale else { return }
        let isSingle = Bits.bitWidth == 32
        for i in stored.indices {
            let value = values[i] * slope + intercept
            values[i] = isSingle ? Double(Float(value)) : value
        }
    }
}

extension StoredType {
    var byteCount: Int {
        switch self {
        case .uint8, .int8: 1
        case .uint16, .int16: 2
        case .uint32, .int32, .float32: 4
        case .uint64, .int64, .float64: 8
        }
    }
}

/// What can be wrong with the voxel bytes of an image file.
package enum VoxelFlaw: Error, Hashable {
    case truncated(voxels: Int, of: Index3)
    case gzip(isTruncation: Bool, afterBytes: Int)

    static func gzip(_ damage: InflateStream.Damage) -> VoxelFlaw {
        .gzip(isTruncation: damage.isTruncation, afterBytes: damage.after)
    }

    func detail(of file: String) -> String {
        switch self {
        case .truncated(let voxels, let size):
            "\(file) ends after \(voxels) of \(size.count) voxels (\([size.x, size.y, size.z].timesText))."
        case .gzip(let isTruncation, let count):
            "The gzip data of \(file) \(isTruncation ? "ends too early" : "is damaged") after \(count) unpacked bytes."
        }
    }
}
