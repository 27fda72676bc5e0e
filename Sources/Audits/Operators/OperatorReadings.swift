// The table of an operator-variability study, checked.
import Agreement
import Foundation

/// One reading of one operator.
struct OperatorReading: Sendable {
    let group: String
    let operatorName: String
    let method: String
    let repetition: String
    let caseName: String
    let value: Double
    let seconds: Double?
    let truth: Double?
}

/// Readings in the order of the table.
struct OperatorReadings: Sendable {
    /// The columns of the template, in order. `seconds` and `truth` may be left out of a table.
    static let columns = ["group", "operator", "repeat", "case", "method", "value", "seconds", "truth"]
    /// More groups, operators, methods, cases or repeats than this make no readable report (our choice).
    private static let limit = 1000

    let rows: [OperatorReading]
    let unit: String?
    let groups: [String]
    let methods: [String]

    /// - Throws: `AuditError` naming the column that is missing, or row and column of a cell that is empty, no number or read twice.
    init(_ table: AuditTable) throws {
        func place(_ name: String) throws -> Int {
            guard let place = table.position(of: name) else {
                throw AuditError.columnMissing(name: name, role: name, columns: table.columnNames)
            }
            return place
        }
        func names(_ name: String) throws -> (names: [String], codes: [Int]) {
            try table.categories(place(name), limit: Self.limit)
        }
        let (group, person, repetition) = (try names("group"), try names("operator"), try names("repeat"))
        let (item, method) = (try names("case"), try names("method"))
        let valueColumn = try place("value")
        let values = try table.numbers(valueColumn)
        let seconds = try table.position(of: "seconds").map { try table.numbers($0) }
        let truths = try table.position(of: "truth").map { try table.numbers($0) }
        var seen: Set<[Int]> = []
        for row in values.indices {
            let key = [group.codes[row], person.codes[row], repetition.codes[row], item.codes[row], method.codes[row]]
            guard seen.insert(key).inserted else {
                throw AuditError.cell(
                    table.place(row: row, column: valueColumn), .outside("one reading of each repeat"))
            }
        }
        if let seconds, let column = table.position(of: "seconds"), let row = seconds.firstIndex(where: { $0 < 0 }) {
            throw AuditError.cell(table.place(row: row, column: column), .outside("0 and above"))
        }
        unit = table.columnUnits[valueColumn]
        groups = group.names
        methods = method.names
        rows = values.indices.map { row in
            OperatorReading(
                group: group.names[group.codes[row]], operatorName: person.names[person.codes[row]],
                method: method.names[method.codes[row]], repetition: repetition.names[repetition.codes[row]],
                caseName: item.names[item.codes[row]], value: values[row], seconds: seconds?[row], truth: truths?[row])
        }
    }
}
