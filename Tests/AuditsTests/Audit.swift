// How the tests of this target run an audit.
import Audits
import Foundation

/// Audits of tables given as text.
enum Audit {
    static func report(
        _ kind: AuditKind, _ body: String, _ options: [String: String] = [:], mediaType: String? = nil
    ) throws -> AuditReport {
        try AuditReport(AuditRequest(kind: kind, body: Data(body.utf8), mediaType: mediaType, options: options))
    }

    /// A table with a header and rows of numbers.
    static func csv(_ header: String, _ rows: [[Double]]) -> String {
        ([header] + rows.map { $0.map { "\($0)" }.joined(separator: ",") }).joined(separator: "\n") + "\n"
    }

    /// `count` pairs whose differences repeat a fixed pattern: no chance in them.
    static func pairs(_ count: Int) -> [[Double]] {
        (0..<count).map { row in
            let size = 20 + Double(row % 97) * 0.13
            return [size + 0.5 + Double(row * 37 % 101) / 50 - 1, size]
        }
    }
}
