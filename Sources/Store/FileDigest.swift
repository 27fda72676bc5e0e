// The SHA-256 of a file, taken beside the thread that writes it.
import Dispatch
import Foundation

/// Reads what was written on a queue of its own: on two cores the next bytes come in meanwhile. What is read lies in the system's memory still.
///
/// Unchecked: everything but `queue` is used on the queue only.
final class FileDigest: @unchecked Sendable {
    private let queue = DispatchQueue(label: "osteon.digest", qos: .userInitiated)
    private let hash: SHA256
    private var descriptor: Int32
    private var place = 0
    private var failure: (any Error)?

    private static let pieceBytes = 256 << 10  // our choice

    /// - Parameter descriptor: of a file open for reading; closed at the end.
    /// - Throws: `StoreError.system`; the descriptor is then still open.
    init(of descriptor: Int32) throws {
        hash = try SHA256()
        self.descriptor = descriptor
    }

    deinit { closeDescriptor() }

    /// The file has so many bytes by now.
    func read(to end: Int) {
        queue.async { [self] in
            do {
                try add(upTo: end)
            } catch {
                failure = failure ?? error
            }
        }
    }

    /// No more comes: the file can be closed.
    func end() { queue.async { [self] in closeDescriptor() } }

    /// Nobody wants the digest: on return the file is closed, so that its room is free once it has no name.
    func close() { queue.sync { closeDescriptor() } }

    /// Waits until all was read. Call once, after `end`.
    /// - Returns: 64 lower-case hexadecimal digits.
    /// - Throws: `StoreError.system`.
    func finish() throws -> String {
        try queue.sync {
            if let failure { throw failure }
            return try hash.finish()
        }
    }

    private func add(upTo end: Int) throws {
        try withUnsafeTemporaryAllocation(byteCount: Self.pieceBytes, alignment: 64) { piece in
            while descriptor >= 0, place < end {
                let count = pread(descriptor, piece.baseAddress, min(piece.count, end - place), off_t(place))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw StoreError.lastSystemError("reading an upload") }
                try hash.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
                place += count
            }
        }
    }

    private func closeDescriptor() {
        guard descriptor >= 0 else { return }
        Foundation.close(descriptor)
        descriptor = -1
    }
}
