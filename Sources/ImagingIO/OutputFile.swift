// Writing a file so that it is either whole under its name or not there.
import Domain
import Foundation

/// Takes bytes in order.
protocol ByteSink: AnyObject {
    func write(_ bytes: UnsafeRawBufferPointer) throws
}

extension ByteSink {
    func write(_ bytes: [UInt8]) throws { try bytes.withUnsafeBytes { try write($0) } }
}

/// Collects bytes in memory.
final class MemorySink: ByteSink {
    private(set) var bytes: [UInt8] = []
    func write(_ piece: UnsafeRawBufferPointer) { bytes.append(contentsOf: piece) }
}

/// A file written under a temporary name beside its place; `finish` gives it its name, otherwise it is removed.
final class OutputFile: ByteSink {
    private let destination: URL
    private let temporary: URL
    private let descriptor: Int32
    private var isFinished = false
    private(set) var byteCount = 0

    /// - Throws: `ImagingIOError` with `storage-full` or `internal-fault`; so do `write` and `finish`.
    init(_ destination: URL) throws {
        self.destination = destination
        temporary = destination.deletingLastPathComponent()
            .appendingPathComponent(".\(destination.lastPathComponent).\(UUID().uuidString).part")
        descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Self.fault(destination) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        if descriptor >= 0, !isFinished { unlink(temporary.path) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var written = 0
        while written < bytes.count, let base = bytes.baseAddress {
            let count = Foundation.write(descriptor, base + written, bytes.count - written)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Self.fault(destination) }
            written += count
        }
        byteCount += bytes.count
    }

    func finish() throws {
        guard rename(temporary.path, destination.path) == 0 else { throw Self.fault(destination) }
        isFinished = true
    }

    /// The fault of the system call that just failed.
    private static func fault(_ url: URL) -> ImagingIOError {
        .unwritable(file: url.lastPathComponent, errno: errno)
    }
}
