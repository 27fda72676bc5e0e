// A table and what is asked about it.
import Foundation

/// A table and what is asked about it.
package struct AuditRequest: Sendable {
    package let settings: AuditSettings
    package let table: AuditTable

    package init(settings: AuditSettings, table: AuditTable) {
        self.settings = settings
        self.table = table
    }

    /// Reads a request as it comes over HTTP or from a file.
    ///
    /// - Parameters:
    ///   - body: CSV, or JSON with `pairs`, `rows` or `columns`; options may stand beside the table in JSON.
    ///   - mediaType: `text/csv` or `application/json`, parameters ignored; nil to tell by the first byte.
    ///   - options: by name as `AuditSettings.options(of:)` lists them; they override those in JSON.
    /// - Throws: `AuditError` naming the row, the column or the option.
    package init(kind: AuditKind, body: Data, mediaType: String?, options: [String: String]) throws {
        if try Self.isJSON(body, mediaType) {
            let index = try JSONIndex(body)
            table = try AuditTable(body, .json, index)
            settings = try AuditSettings(kind: kind, options: index.options.merging(options) { $1 })
        } else {
            settings = try AuditSettings(kind: kind, options: options)
            table = try AuditTable(csv: body)
        }
    }

    private static func isJSON(_ body: Data, _ mediaType: String?) throws -> Bool {
        let type = mediaType?.prefix { $0 != ";" }.lowercased().trimmingCharacters(in: .whitespaces)
        switch type {
        case "application/json": return true
        case "text/csv", "application/csv", "text/tab-separated-values": return false
        case nil:
            let start = body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
            return start == UInt8(ascii: "{") || start == UInt8(ascii: "[")
        case .some(let type): throw AuditError.mediaTypeUnknown(type)
        }
    }
}
