// Guidance tables in memory: a running injection asks every second, and reading a table takes longer than answering from it.
import Domain
import Foundation
import Guidance

/// The documents that were asked for last, by the hash of their bytes.
final class GuidanceShelf: Sendable {
    /// Documents kept (our choice; one of three vertebrae takes half a megabyte).
    static let limit = 16

    private struct Shelf {
        var documents: [String: GuidanceDocument] = [:]
        /// Hashes, the one asked for last at the end.
        var order: [String] = []

        mutating func take(_ sha256: String) -> GuidanceDocument? {
            guard let document = documents[sha256] else { return nil }
            order.removeAll { $0 == sha256 }
            order.append(sha256)
            return document
        }

        mutating func put(_ document: GuidanceDocument, _ sha256: String) {
            if documents.updateValue(document, forKey: sha256) == nil { order.append(sha256) }
            while order.count > GuidanceShelf.limit { documents[order.removeFirst()] = nil }
        }
    }

    private let shelf = Contended(Shelf())

    /// The document of a hash; read from its file when it is not at hand.
    func document(sha256: String, file: URL) throws -> GuidanceDocument {
        if let known = shelf.withLock({ $0.take(sha256) }) { return known }
        // Outside the lock: two requests may read the same file once each.
        let document = try JSONDecoder().decode(GuidanceDocument.self, from: Data(contentsOf: file))
        shelf.withLock { $0.put(document, sha256) }
        return document
    }

    var count: Int { shelf.withLock { $0.documents.count } }
}
