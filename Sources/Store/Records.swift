// How the domain's nouns are read from and written to table rows.
import Domain
import Foundation
import GRDB

/// A noun whose properties are columns of the same name in snake case; nested values are JSON columns.
protocol ReadRecord: FetchableRecord, TableRecord {}

/// A noun that is a whole row.
protocol RowRecord: ReadRecord, PersistableRecord {}

extension ReadRecord {
    package static var databaseColumnDecodingStrategy: DatabaseColumnDecodingStrategy {
        .custom { PropertyName(column: $0) }
    }

    package static func databaseDateDecodingStrategy(for column: String) -> DatabaseDateDecodingStrategy {
        .custom { String.fromDatabaseValue($0).flatMap(Timestamp.date) }
    }
}

extension RowRecord {
    package static var databaseColumnEncodingStrategy: DatabaseColumnEncodingStrategy { .convertToSnakeCase }

    package static func databaseDateEncodingStrategy(for column: String) -> DatabaseDateEncodingStrategy {
        .custom { Timestamp.text($0) }
    }
}

/// `study_id` → `studyID`, `sop_uid` → `sopUID`, `input_sha256` → `inputSHA256`, `byte_count` → `byteCount`.
private struct PropertyName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(column: String) {
        let words = column.split(separator: "_")
        stringValue = words.dropFirst().reduce(String(words.first ?? "")) {
            $0 + (["id", "uid", "sha256"].contains($1) ? $1.uppercased() : $1.capitalized)
        }
    }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Study: RowRecord {
    package static let databaseTableName = "study"
}

extension Mask: RowRecord {
    package static let databaseTableName = "mask"
}

/// The columns of `job` that clients see. Jobs are written by SQL alone, in `JobQueue` and `JobLeases`.
extension Job: ReadRecord {
    package static let databaseTableName = "job"
}

extension Encodable {
    /// This value as the text of a JSON column, keys in order so that equal values are equal texts.
    func jsonText() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
