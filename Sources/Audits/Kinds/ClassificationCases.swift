// The columns of a classification audit, checked.
import Agreement

/// Outcomes with a score, or a call, each; perhaps a second score of the same cases.
struct ClassificationCases {
    let outcomes: [Bool]
    /// nil where only calls were given.
    let scores: [Double]?
    let secondScores: [Double]?
    /// Yes-or-no calls; nil where they come from the score and a threshold.
    let calls: [Bool]?
    let scoreName: String
    let secondName: String
    let outcomeName: String
    let roles: ColumnRoles

    /// Whether all scores can be probabilities: from 0 to 1.
    let areProbabilities: Bool

    /// - Throws: `AuditError` naming row and column: outcomes other than 0 and 1, scores that are no number, a class that is missing.
    init(_ table: AuditTable, _ settings: AuditSettings) throws {
        var roles = try ColumnRoles(table, settings)
        if roles[.outcome] == nil, let column = roles.freeColumns().first { roles.assign(.outcome, to: column) }
        if roles[.score] == nil, roles[.call] == nil, let column = roles.freeNumberColumns().first {
            roles.assign(.score, to: column)
        }
        let outcome = try roles.require(.outcome)
        outcomes = try table.truths(outcome)
        outcomeName = table.columnNames[outcome]
        for (isPositive, name) in [(true, "1"), (false, "0")] where !outcomes.contains(isPositive) {
            throw AuditError.classMissing(column: outcomeName, missing: name)
        }
        scores = try roles[.score].map(table.numbers)
        calls = try roles[.call].map(table.truths)
        secondScores = try roles[.secondScore].map(table.numbers)
        if scores == nil, calls == nil { _ = try roles.require(.score) }
        scoreName = roles[.score].map { table.columnNames[$0] } ?? ""
        secondName = roles[.secondScore].map { table.columnNames[$0] } ?? ""
        if let column = roles[.score], let scores, !scores.contains(where: { $0 != scores[0] }) {
            throw AuditError.columnConstant(name: table.columnNames[column], rows: scores.count)
        }
        let isInRange = scores?.allSatisfy { $0 >= 0 && $0 <= 1 } ?? false
        if settings.probability == true, !isInRange, let scores, let column = roles[.score] {
            let row = scores.firstIndex { $0 < 0 || $0 > 1 } ?? 0
            throw AuditError.cell(table.place(row: row, column: column), .notAProbability)
        }
        areProbabilities = isInRange && settings.probability != false
        self.roles = roles
    }
}

extension AuditTable {
    /// One column as yes or no: 1 and 0, true and false, yes and no.
    /// - Throws: `AuditError.cell` with the first cell that is neither.
    func truths(_ column: Int) throws -> [Bool] {
        try texts(column).enumerated().map { row, text in
            switch text.lowercased() {
            case "1", "true", "yes", "1.0": true
            case "0", "false", "no", "0.0": false
            default: throw AuditError.cell(place(row: row, column: column), text.isEmpty ? .empty : .notYesOrNo)
            }
        }
    }
}
