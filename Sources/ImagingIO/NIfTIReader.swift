// The voxels of a NIfTI image as a stream of scaled values; too few or too many bytes are faults.
import Domain
import Imaging

/// One NIfTI image, opened at its first voxel.
struct NIfTIReader {
    let header: NIfTIHeader
    private let stream: any ByteStream
    private let name: String

    /// - Parameters:
    ///   - stream: The file from its first byte, still packed when `isZipped`.
    ///   - name: How messages call the file.
    init(_ stream: any ByteStream, isZipped: Bool, name: String, limits: IntakeLimits) throws {
        self.name = name
        self.stream = isZipped ? try InflateStream(stream, wrapping: .gzip) : stream
        var start = try Self.unpacked(name) { [stream = self.stream] in try stream.bytes(348) }
        if start.count == 348, NIfTIFields(start) == nil {  // NIfTI-2 has a longer header
            start += try Self.unpacked(name) { [stream = self.stream] in
                try stream.bytes(NIfTIHeader.maxByteCount - 348)
            }
        }
        do throws(NIfTIFlaw) {
            header = try NIfTIHeader(start, limits: limits)
        } catch {
            throw ImagingIOError.nifti(file: name, error)
        }
        let extensionBytes = header.dataOffset - start.count
        if extensionBytes > 0 {
            _ = try Self.unpacked(name) { [stream = self.stream] in try stream.drain(upTo: extensionBytes - 1) }
        }
    }

    /// Hands out every voxel, x fastest, scaled to values, in pieces of `Self.pieceCount` or fewer, with the index of the
    /// first. Afterwards the file must be at its end.
    /// - Throws: `nifti-truncated`, `nifti-damaged`, and what `use` throws.
    func forEachPiece(_ use: (_ values: UnsafeBufferPointer<Float>, _ first: Int) throws -> Void) throws {
        try forEachPiece(before: header.geometry.size.count, use)
        let limit = 1 << 20
        let extra = try Self.unpacked(name) { try stream.drain(upTo: limit) }
        guard extra == 0 else { throw ImagingIOError.nifti(file: name, .surplus(bytes: extra, limit: limit)) }
    }

    /// Like `forEachPiece`, but stops after the first `count` voxels and leaves the rest unread.
    func forEachPiece(
        before count: Int, _ use: (_ values: UnsafeBufferPointer<Float>, _ first: Int) throws -> Void
    ) throws {
        let width = header.datatype.byteCount
        let stored = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceCount * width, alignment: 16)
        let values = UnsafeMutableBufferPointer<Float>.allocate(capacity: Self.pieceCount)
        defer {
            stored.deallocate()
            values.deallocate()
        }
        var done = 0
        while done < count {
            let wanted = min(Self.pieceCount, count - done)
            let piece = UnsafeMutableRawBufferPointer(rebasing: stored[..<(wanted * width)])
            let read = try Self.unpacked(name) { try stream.fill(piece) }
            guard read == piece.count else {
                let size = header.geometry.size
                throw ImagingIOError.nifti(
                    file: name,
                    .truncated(voxels: done + read / width, of: size.count, sides: [size.x, size.y, size.z]))
            }
            scale(UnsafeRawBufferPointer(piece), into: values)
            try use(UnsafeBufferPointer(rebasing: values[..<wanted]), done)
            done += wanted
        }
    }

    private static let pieceCount = 1 << 16

    /// Says in this file's words what zlib found.
    private static func unpacked<Value>(_ name: String, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let damage as InflateStream.Damage {
            throw ImagingIOError.nifti(
                file: name,
                damage.isTruncation ? .gzipEndsEarly(afterBytes: damage.after) : .gzipDamaged(afterBytes: damage.after))
        }
    }

    private func scale(_ stored: UnsafeRawBufferPointer, into values: UnsafeMutableBufferPointer<Float>) {
        switch header.datatype {
        case .uint8: scaleIntegers(stored, as: UInt8.self, into: values)
        case .int8: scaleIntegers(stored, as: Int8.self, into: values)
        case .uint16: scaleIntegers(stored, as: UInt16.self, into: values)
        case .int16: scaleIntegers(stored, as: Int16.self, into: values)
        case .uint32: scaleIntegers(stored, as: UInt32.self, into: values)
        case .int32: scaleIntegers(stored, as: Int32.self, into: values)
        case .float32: scaleReals(stored, as: UInt32.self, into: values) { Double(Float(bitPattern: $0)) }
        case .float64: scaleReals(stored, as: UInt64.self, into: values) { Double(bitPattern: $0) }
        }
    }

    @inline(__always)
    private func scaleIntegers<Stored: FixedWidthInteger>(
        _ stored: UnsafeRawBufferPointer, as: Stored.Type, into values: UnsafeMutableBufferPointer<Float>
    ) {
        let (slope, intercept, isBigEndian) = (header.slope, header.intercept, header.isBigEndian)
        for i in 0..<stored.count / MemoryLayout<Stored>.size {
            let raw = stored.loadUnaligned(fromByteOffset: i * MemoryLayout<Stored>.size, as: Stored.self)
            values[i] = Float(Double(isBigEndian ? raw.byteSwapped : raw) * slope + intercept)
        }
    }

    @inline(__always)
    private func scaleReals<Bits: FixedWidthInteger>(
        _ stored: UnsafeRawBufferPointer, as: Bits.Type, into values: UnsafeMutableBufferPointer<Float>,
        decode: (Bits) -> Double
    ) {
        let (slope, intercept, isBigEndian) = (header.slope, header.intercept, header.isBigEndian)
        for i in 0..<stored.count / MemoryLayout<Bits>.size {
            let raw = stored.loadUnaligned(fromByteOffset: i * MemoryLayout<Bits>.size, as: Bits.self)
            values[i] = Float(decode(isBigEndian ? raw.byteSwapped : raw) * slope + intercept)
        }
    }
}

/// What a pass over an image's values found.
struct ValueCensus {
    private(set) var minimum = Float.infinity
    private(set) var maximum = -Float.infinity
    private var nonFiniteCount = 0
    private var count = 0

    mutating func add(_ values: UnsafeBufferPointer<Float>) {
        var (low, high, bad) = (minimum, maximum, 0)
        for value in values {
            guard value.isFinite else {
                bad += 1
                continue
            }
            low = min(low, value)
            high = max(high, value)
        }
        (minimum, maximum) = (low, high)
        nonFiniteCount += bad
        count += values.count
    }

    /// - Throws: `image-not-finite` when any value was NaN or infinite.
    func refuseNonFinite(name: String) throws {
        guard nonFiniteCount > 0 else { return }
        throw ImagingIOError.nifti(file: name, .notFinite(voxels: nonFiniteCount, of: count))
    }
}
