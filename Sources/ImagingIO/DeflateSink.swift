// Packing: deflate and gzip through zlib, a piece at a time.
import CSystem
import Domain

/// Packs what is written to it and passes it on.
final class DeflateSink: ByteSink {
    private let target: any ByteSink
    private let state: UnsafeMutablePointer<z_stream>
    private let packed: UnsafeMutableRawBufferPointer

    /// Level 6, zlib's own default. gzip output carries no time, so equal input gives equal bytes.
    init(_ target: any ByteSink, wrapping: InflateStream.Wrapping) throws {
        self.target = target
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        packed = .allocate(byteCount: 64 << 10, alignment: 16)
        guard csystem_deflate_init(state, 6, wrapping.rawValue) == Z_OK else {
            throw ImagingIOError.outOfMemory
        }
    }

    deinit {
        deflateEnd(state)
        state.deallocate()
        packed.deallocate()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 30)
            try run(UnsafeRawBufferPointer(rebasing: piece), flush: Z_NO_FLUSH)
            rest = rest.dropFirst(piece.count)
        }
    }

    /// Writes what is still held back. Nothing may be written afterwards.
    func finish() throws { try run(UnsafeRawBufferPointer(start: nil, count: 0), flush: Z_FINISH) }

    private func run(_ bytes: UnsafeRawBufferPointer, flush: Int32) throws {
        state.pointee.next_in = UnsafeMutablePointer(
            mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
        state.pointee.avail_in = UInt32(bytes.count)
        repeat {
            state.pointee.next_out = packed.baseAddress?.assumingMemoryBound(to: UInt8.self)
            state.pointee.avail_out = UInt32(packed.count)
            _ = deflate(state, flush)
            try target.write(UnsafeRawBufferPointer(rebasing: packed[..<(packed.count - Int(state.pointee.avail_out))]))
        } while state.pointee.avail_out == 0
    }
}
