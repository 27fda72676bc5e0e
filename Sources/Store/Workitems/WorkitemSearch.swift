// Searching the worklist (PS3.18 §11.9).
import Domain
import Foundation
import GRDB

/// What is looked for on the worklist.
package struct WorkitemQuery: Sendable {
    /// An attribute, or one inside the items of a sequence.
    package struct Match: Sendable {
        /// The sequence that holds it; nil for the workitem's own.
        let sequence: String?
        let match: InstanceQuery.Match

        /// - Parameter sequence: eight upper-case hexadecimal digits.
        package init(sequence: String?, _ match: InstanceQuery.Match) {
            self.sequence = sequence
            self.match = match
        }
    }

    package var matches: [Match] = []
    /// Only this owner's; nil is everybody's.
    package var owner: String?
    package var limit = 1000
    package var offset = 0

    package init() {}
}

extension WorkitemStore {
    /// What fits, as JSON texts of the DICOM JSON model, oldest first.
    /// - Returns: at most one more than the limit, which tells that there is more.
    package func search(_ query: WorkitemQuery) throws -> [String] {
        var arguments: [String: (any DatabaseValueConvertible)?] = [
            "limit": query.limit + 1, "offset": query.offset, "owner": query.owner,
        ]
        var conditions = ["(:owner IS NULL OR owner = :owner)"]
        for (index, match) in query.matches.enumerated() {
            let name = "m\(index)"
            guard let sequence = match.sequence else {
                conditions.append(match.match.condition(in: "content", name: name, &arguments))
                continue
            }
            arguments[name + "s"] = "$.\"\(sequence)\".Value"
            let inner = match.match.condition(in: "item.value", name: name, &arguments)
            conditions.append("EXISTS (SELECT 1 FROM json_each(content, :\(name)s) item WHERE \(inner))")
        }
        let sql = """
            SELECT content FROM worklist WHERE \(conditions.joined(separator: " AND "))
            ORDER BY created_at, uid LIMIT :limit OFFSET :offset
            """
        return try ledger.read { try String.fetchAll($0, sql: sql, arguments: StatementArguments(arguments)) }
    }
}
