// Bytes in order: a part of a file, or what such a part unpacks to.
import CSystem
import Domain
import Foundation

/// Bytes read front to back in pieces, so that no file is ever whole in memory.
protocol ByteStream: AnyObject {
    /// Fills the front of `buffer` and returns how many bytes were written; 0 only at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

extension ByteStream {
    /// Fills the whole buffer unless the stream ends first; returns how many bytes were written.
    func fill(_ buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// The next `count` bytes, or fewer when the stream ends first.
    func bytes(_ count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try fill(UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// Reads to the end and throws the bytes away; returns how many there were, at most `limit + 1`.
    func drain(upTo limit: Int = .max) throws -> Int {
        var count = 0
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
        defer { piece.deallocate() }
        while count <= limit {
            let wanted = min(piece.count, limit == .max ? piece.count : limit + 1 - count)
            let read = try read(into: UnsafeMutableRawBufferPointer(rebasing: piece[..<wanted]))
            if read == 0 { break }
            count += read
        }
        return count
    }
}

/// An open file that can be read at any place.
final class InputFile {
    let descriptor: Int32
    let byteCount: Int

    /// - Throws: `ImagingIOError` with `internal-fault` when the file cannot be opened.
    init(_ url: URL) throws {
        descriptor = open(url.path, O_RDONLY | O_CLOEXEC)
        var status = stat()
        guard descriptor >= 0, fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw ImagingIOError.unreadable(errno: errno)
        }
        byteCount = Int(status.st_size)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Reads at `offset`; returns fewer bytes than the buffer holds only at the end of the file.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        var filled = 0
        while filled < buffer.count, let base = buffer.baseAddress {
            let count = pread(descriptor, base + filled, buffer.count - filled, off_t(offset + filled))
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw ImagingIOError.unreadable(errno: errno) }
            if count == 0 { break }
            filled += count
        }
        return filled
    }

    /// Up to `count` bytes from `offset`.
    func bytes(at offset: Int, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: max(0, min(count, byteCount - offset))) { buffer, filled in
            filled = try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}

/// A stretch of a file.
final class FileStream: ByteStream {
    private let file: InputFile
    private var offset: Int
    private let end: Int

    init(_ file: InputFile, from offset: Int = 0, count: Int? = nil) {
        self.file = file
        self.offset = offset
        end = min(file.byteCount, count.map { offset + $0 } ?? file.byteCount)
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let wanted = min(buffer.count, end - offset)
        guard wanted > 0 else { return 0 }
        let count = try file.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
        offset += count
        return count
    }
}

/// Bytes that are already in memory.
final class MemoryStream: ByteStream {
    private let content: [UInt8]
    private var offset = 0

    init(_ content: [UInt8]) { self.content = content }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, content.count - offset)
        content.withUnsafeBytes {
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + count]))
        }
        offset += count
        return count
    }
}
