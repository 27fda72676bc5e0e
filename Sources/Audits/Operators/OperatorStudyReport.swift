// An operator-variability study: who measures how fast, how alike, and how near the truth.
import Agreement
import Domain
import Foundation

/// One group of operators using one method.
package struct OperatorGroup: Codable, Hashable, Sendable {
    package let name: String
    package let operators: Int
    package let readings: Int
    package let figures: [AuditFigure]

    package subscript(figure: String) -> AuditFigure? { figures.first { $0.name == figure } }
}

/// One method with all its groups.
package struct OperatorMethod: Codable, Sendable {
    package let name: String
    package let groups: [OperatorGroup]
    /// One-way analyses of variance over the groups, on the operators' means: of the time and of the value.
    package let comparison: [AuditFigure]
    /// Repeatability and reproducibility over all operators.
    package let variation: [AuditFigure]
    /// Agreement with the truth: bias and limits; operators count as subjects. nil with the reason in `truthReason`.
    package let truth: AuditReport?
    package let truthReason: String?

    package func figure(_ name: String) -> AuditFigure? { (comparison + variation).first { $0.name == name } }
}

/// The study of Ohashi et al. as a template: groups of operators, several readings each, a phantom or cases, one or more methods.
///
/// Source of the design: Y. Ohashi et al., Bioengineering 2025;12:1004.
package struct OperatorStudyReport: Codable, Sendable {
    package static let schemaName = "osteon.operator-study/1"

    package var schema = OperatorStudyReport.schemaName
    package var disclaimer = AuditReport.disclaimerText
    package var version = SoftwareVersion.current
    package let inputSHA256: String?
    package let rows: Int
    package let unit: String?
    package let groups: [String]
    package let methods: [OperatorMethod]

    /// - Throws: `AuditError` naming row and column of what cannot be read.
    package init(csv: Data) throws {
        let table = try AuditTable(csv: csv)
        let readings = try OperatorReadings(table)
        inputSHA256 = InputDigest.sha256(table.bytes)
        rows = table.rowCount
        unit = readings.unit
        groups = readings.groups
        methods = readings.methods.map { method in
            let rows = readings.rows.filter { $0.method == method }
            return OperatorMethodStudy(rows, groups: readings.groups, unit: readings.unit).report(named: method)
        }
    }

    /// As JSON with sorted keys.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    /// A table to be filled in: a row for each reading, without values.
    package static func template(
        groups: [String], operators: Int, repeats: Int, cases: Int, methods: [String]
    ) -> String {
        var lines = [OperatorReadings.columns.joined(separator: ",")]
        for group in groups {
            for person in 1...max(1, operators) {
                for method in methods {
                    for item in 1...max(1, cases) {
                        for repetition in 1...max(1, repeats) {
                            lines.append("\(group),\(group)-\(person),\(repetition),\(item),\(method),,,")
                        }
                    }
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
