// The parts that columns play, and the names by which they are known.

/// A part that a column plays in an audit. The raw value is the option that names the column.
enum ColumnRole: String, CaseIterable {
    case first, second, reference, subject, rater, value, date
    case unitColumn = "unit-column"
    case outcome, score, call
    case secondScore = "second-score"

    /// Names that columns have by custom, lower case.
    var usualNames: [String] {
        switch self {
        case .first:
            [
                "first", "a", "method a", "method_a", "method1", "method 1", "method_1", "measured", "measurement",
                "test",
            ]
        case .second: ["second", "b", "method b", "method_b", "method2", "method 2", "method_2"]
        case .reference: ["reference", "truth", "true", "gold", "known"]
        case .subject: ["subject", "patient", "case", "id", "part", "subject_id", "specimen"]
        case .rater: ["rater", "operator", "reader", "observer", "judge"]
        case .value: ["value", "reading", "rating", "measurement", "score"]
        case .date: ["date", "day", "month", "acquired", "study date"]
        case .unitColumn: ["unit", "units"]
        case .outcome: ["outcome", "label", "truth", "event", "y", "reference"]
        case .score: ["score", "probability", "prediction", "p", "risk"]
        case .call: ["call", "predicted", "decision", "positive"]
        case .secondScore: ["second score", "second_score", "score2", "score_2"]
        }
    }

    static func of(_ kind: AuditKind) -> [ColumnRole] {
        switch kind {
        case .blandAltman: [.first, .second, .reference, .subject, .date, .unitColumn]
        case .reliability: [.subject, .rater, .value, .unitColumn]
        case .classification: [.outcome, .score, .secondScore, .call]
        case .segmentation: [.subject]
        case .outcomes: []
        }
    }
}

/// Which column plays which part.
struct ColumnRoles {
    private let table: AuditTable
    private let settings: AuditSettings
    private var places: [ColumnRole: Int] = [:]

    /// Named columns first, then usual names among what is left.
    /// - Throws: `AuditError.columnMissing`, `roleRepeated`.
    init(_ table: AuditTable, _ settings: AuditSettings) throws {
        self.table = table
        self.settings = settings
        let roles = ColumnRole.of(settings.kind)
        for role in roles {
            guard let name = settings.columns[role.rawValue] else { continue }
            let place = try position(of: name, role: role.rawValue)
            if let other = places.first(where: { $0.value == place }) {
                throw AuditError.roleRepeated(column: name, roles: [other.key.rawValue, role.rawValue].sorted())
            }
            places[role] = place
        }
        let taken = Set([settings.by, settings.drift].compactMap { $0 }.compactMap(table.position))
        for role in roles where places[role] == nil {
            places[role] = role.usualNames.lazy.compactMap(table.position)
                .first { place in !taken.contains(place) && !places.values.contains(place) }
        }
    }

    subscript(role: ColumnRole) -> Int? { places[role] }

    mutating func assign(_ role: ColumnRole, to column: Int) { places[role] = column }

    mutating func release(_ role: ColumnRole) { places[role] = nil }

    /// Whether the request itself named the column.
    func isNamed(_ role: ColumnRole) -> Bool { settings.columns[role.rawValue] != nil }

    /// - Throws: `AuditError.columnMissing`.
    func position(of name: String, role: String) throws -> Int {
        guard let place = table.position(of: name) else {
            throw AuditError.columnMissing(name: name, role: role, columns: table.columnNames)
        }
        return place
    }

    /// - Throws: `AuditError.roleMissing`.
    func require(_ role: ColumnRole) throws -> Int {
        guard let place = places[role] else {
            throw AuditError.roleMissing(role: role.rawValue, columns: table.columnNames)
        }
        return place
    }

    /// Columns that play no part yet, in the order of the table.
    func freeColumns() -> [Int] {
        let others = [settings.by, settings.drift].compactMap { $0 }.compactMap(table.position)
        return table.columnNames.indices.filter { !places.values.contains($0) && !others.contains($0) }
    }

    /// Free columns of numbers.
    func freeNumberColumns() -> [Int] { freeColumns().filter(table.looksNumeric) }

    /// The names of the columns in use, by part.
    var names: [String: String] {
        Dictionary(uniqueKeysWithValues: places.map { ($0.key.rawValue, table.columnNames[$0.value]) })
    }
}
