// Unpacking: deflate and gzip through zlib, a piece at a time.
import CSystem
import Domain

/// What a deflated or gzipped stream unpacks to.
final class InflateStream: ByteStream {
    enum Wrapping: Int32 {
        /// Bare deflate, as in a zip.
        case none = -15
        /// gzip, one or several members one after another (RFC 1952).
        case gzip = 31
    }

    /// Thrown by `read` when the packed bytes are damaged or end too early; the owner says it in its own words.
    struct Damage: Error {
        /// True when the packed bytes end before the stream does.
        let isTruncation: Bool
        /// Unpacked bytes before the damage.
        let after: Int
    }

    private let source: any ByteStream
    private let wrapping: Wrapping
    private let state: UnsafeMutablePointer<z_stream>
    private let packed: UnsafeMutableRawBufferPointer
    private var isFinished = false
    private var produced = 0

    init(_ source: any ByteStream, wrapping: Wrapping) throws {
        self.source = source
        self.wrapping = wrapping
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
        packed = .allocate(byteCount: 64 << 10, alignment: 16)
        guard csystem_inflate_init(state, wrapping.rawValue) == Z_OK else {
            throw ImagingIOError.outOfMemory
        }
    }

    deinit {
        inflateEnd(state)
        state.deallocate()
        packed.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        guard !buffer.isEmpty, !isFinished else { return 0 }
        let room = min(buffer.count, 1 << 30)
        state.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_out = UInt32(room)
        while state.pointee.avail_out == room, !isFinished {
            let sourceEnded = try refill()
            let result = inflate(state, Z_NO_FLUSH)
            let written = room - Int(state.pointee.avail_out)
            switch result {
            case Z_STREAM_END: try finishMember()
            case Z_OK: break
            default:
                guard written == 0 else { break }  // hand out what is good; the next read meets the damage again
                throw Damage(isTruncation: sourceEnded && result == Z_BUF_ERROR, after: produced)
            }
        }
        let count = room - Int(state.pointee.avail_out)
        produced += count
        return count
    }

    /// Reads more packed bytes when none are left. Returns true when the source has no more.
    private func refill() throws -> Bool {
        guard state.pointee.avail_in == 0 else { return false }
        let count = try source.read(into: packed)
        state.pointee.next_in = packed.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_in = UInt32(count)
        return count == 0
    }

    /// After the end of a gzip member: another one begins, or the stream is over.
    private func finishMember() throws {
        let nothingLeft = try refill()
        guard wrapping == .gzip, !nothingLeft else {
            isFinished = true
            return
        }
        guard inflateReset(state) == Z_OK else { throw Damage(isTruncation: false, after: produced) }
    }
}
