// The table of an audit, streamed to disk: its rows are counted on the way, so that a table that is too long is refused early.
import Audits
import Domain
import Foundation
import HTTP
import Store

/// The forms in which a table is taken.
enum TableForm: String, CaseIterable {
    case csv = "text/csv"
    case json = "application/json"

    /// - Throws: `unsupported-media-type`.
    init(_ headers: HTTPHeaders) throws {
        let given = headers["Content-Type"] ?? ""
        guard let form = FieldParameters(given).flatMap({ TableForm(rawValue: $0.value) }) else {
            throw APIFault.unsupportedMediaType(
                given: given.isEmpty ? "absent" : given.shortened,
                expected: Self.allCases.map(\.rawValue).joined(separator: " or "))
        }
        self = form
    }
}

extension Service {
    /// Reads the body of a request to the end, with 64 KiB of memory whatever its size.
    /// - Throws: `body-too-large` at the first row beyond the limit, `empty-body`, `body-incomplete`, `request-timeout`,
    ///   `storage-full`.
    func receiveTable(_ request: HTTPRequest, form: TableForm) throws -> IncomingBlob {
        defer { metrics.addUpload(bytes: request.body.receivedByteCount) }
        let tooLarge = APIFault.tableTooLarge(rows: AuditTable.rowLimit, bytes: AuditTable.byteLimit)
        if let declared = request.body.declaredByteCount, declared > AuditTable.byteLimit { throw tooLarge }
        let blob = try store.blobs.receive()
        var lines = 0
        try withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 16) { buffer in
            while case let count = try request.body.read(into: buffer), count > 0 {
                let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
                if form == .csv { lines += piece.lineBreaks }
                // The header is a line too, and the last line may be empty.
                guard lines <= AuditTable.rowLimit + 2, blob.byteCount + count <= AuditTable.byteLimit else {
                    throw tooLarge
                }
                try blob.write(piece)
            }
        }
        guard blob.byteCount > 0 else {
            throw APIFault.malformed(
                subject: nil, detail: "The body is empty.",
                fix: "Send a table with a header row and at least three rows.")
        }
        return blob
    }
}

extension UnsafeRawBufferPointer {
    /// How many line feeds there are.
    fileprivate var lineBreaks: Int {
        guard var place = baseAddress else { return 0 }
        let end = place + count
        var found = 0
        while let next = memchr(place, 0x0A, end - place) {
            found += 1
            place = UnsafeRawPointer(next) + 1
        }
        return found
    }
}

/// Lets few audits be computed at once, so that their tables do not fill the memory together.
final class AuditGate: Sendable {
    /// Tables of the largest size in memory at once (our choice).
    private static let width = 2
    /// How long a request waits for its turn, seconds (our choice).
    private static let patienceSeconds = 60.0

    private let free = DispatchSemaphore(value: width)

    /// Runs `body` when it is its turn. - Throws: `service-busy` when that takes too long.
    func run<Result>(_ body: () throws -> Result) throws -> Result {
        guard free.wait(timeout: .now() + Self.patienceSeconds) == .success else { throw APIFault.auditsBusy }
        defer { free.signal() }
        return try body()
    }
}
