// The rows of an outcome audit, checked.
import Agreement

/// Vertebrae with what was seen and what had been predicted. What was not told or not predicted is nil, never guessed.
struct OutcomeCases {
    let rowCount: Int
    /// Different jobs; nil where the table does not name them.
    let jobCount: Int?
    let leaked: [Bool]
    /// Whether a leak of the type was seen, by type; absent columns are absent here.
    let types: [String: [Bool?]]
    private let places: [OutcomeColumns.PlaceKind: [String: [Bool?]]]
    private let ranks: [OutcomeColumns.PlaceKind: [String: [Double?]]]
    private let probabilities: [String: [Double?]]
    /// Rows that were looked at otherwise than the prediction took for granted: by another ascertainment, after another procedure.
    let otherAscertainment: [Bool]
    let otherProcedure: [Bool]

    /// - Throws: `AuditError` naming row and column: cells that are neither empty nor what their column holds; no prediction at all.
    init(_ table: AuditTable) throws {
        func flags(_ name: String) throws -> [Bool?]? { try table.position(of: name).map(table.optionalTruths) }
        func numbers(_ name: String, _ fault: CellFault, _ isAllowed: (Double) -> Bool) throws -> [Double?]? {
            try table.position(of: name).map { try table.optionalNumbers($0, fault, isAllowed) }
        }
        guard let outcome = table.position(of: OutcomeColumns.leaked) else {
            throw AuditError.roleMissing(role: OutcomeColumns.leaked, columns: table.columnNames)
        }
        rowCount = table.rowCount
        leaked = try table.truths(outcome)
        jobCount = table.position(of: OutcomeColumns.job).map { Set(table.texts($0)).count }
        var types: [String: [Bool?]] = [:]
        for type in OutcomeColumns.types { types[type] = try flags(OutcomeColumns.leak(type: type)) }
        var places: [OutcomeColumns.PlaceKind: [String: [Bool?]]] = [:]
        var ranks: [OutcomeColumns.PlaceKind: [String: [Double?]]] = [:]
        for kind in OutcomeColumns.PlaceKind.allCases {
            for place in kind.places {
                places[kind, default: [:]][place] = try flags(OutcomeColumns.leak(kind, place))
                ranks[kind, default: [:]][place] = try numbers(
                    OutcomeColumns.rank(kind, place), .outside("1 to \(kind.places.count)")
                ) { (1...Double(kind.places.count)).contains($0) }
            }
        }
        var probabilities: [String: [Double?]] = [:]
        for source in OutcomeColumns.PredictionSource.allCases {
            for name in ["any"] + OutcomeColumns.types {
                let column = OutcomeColumns.probability(source, of: name)
                probabilities[column] = try numbers(column, .notAProbability) { (0...1).contains($0) }
            }
        }
        guard !probabilities.isEmpty || ranks.values.contains(where: { !$0.isEmpty }) else {
            throw AuditError.roleMissing(role: "prediction (such as evidence.any)", columns: table.columnNames)
        }
        (self.types, self.places, self.ranks, self.probabilities) = (types, places, ranks, probabilities)
        otherAscertainment = table.differences(
            OutcomeColumns.ascertainment, OutcomeColumns.predictedAscertainment)
        otherProcedure = table.differences(OutcomeColumns.procedure, OutcomeColumns.predictedProcedure)
    }

    /// Whether the outcome (`any`, or a type) happened in a row; nil where it was not told.
    func happened(_ outcome: String, row: Int) -> Bool? {
        outcome == "any" ? leaked[row] : types[outcome]?[row]
    }

    func probability(_ source: OutcomeColumns.PredictionSource, of outcome: String, row: Int) -> Double? {
        probabilities[OutcomeColumns.probability(source, of: outcome)]?[row]
    }

    /// The places at which a row leaked and how the map ranks all of them; nil where either is not known or nothing leaked.
    func ranking(_ kind: OutcomeColumns.PlaceKind, row: Int) -> PlaceRanking? {
        let seen = kind.places.map { places[kind]?[$0]?[row] }
        let ranks = kind.places.map { self.ranks[kind]?[$0]?[row] }
        return PlaceRanking(leaked: seen.map { $0 ?? nil }, ranks: ranks.map { $0 ?? nil })
    }

    /// The same for types, ranked by probability.
    func ranking(types source: OutcomeColumns.PredictionSource, row: Int) -> PlaceRanking? {
        let predicted = OutcomeColumns.types.map { probability(source, of: $0, row: row) }
        let ranks = predicted.map { one in one.map { one in 1 + Double(predicted.count { ($0 ?? 0) > one }) } }
        return PlaceRanking(leaked: OutcomeColumns.types.map { happened($0, row: row) }, ranks: ranks)
    }
}

extension AuditTable {
    /// One column as yes or no; an empty cell is nil. - Throws: `AuditError.cell`.
    fileprivate func optionalTruths(_ column: Int) throws -> [Bool?] {
        try texts(column).enumerated().map { row, text in
            switch text {
            case "": nil
            case "1", "true": true
            case "0", "false": false
            default: throw AuditError.cell(place(row: row, column: column), .notYesOrNo)
            }
        }
    }

    /// One column as numbers; an empty cell is nil. - Throws: `AuditError.cell`.
    fileprivate func optionalNumbers(
        _ column: Int, _ fault: CellFault, _ isAllowed: (Double) -> Bool
    ) throws -> [Double?] {
        try texts(column).enumerated().map { row, text in
            guard !text.isEmpty else { return nil }
            guard let value = Double(text) else { throw AuditError.cell(place(row: row, column: column), .text) }
            guard value.isFinite, isAllowed(value) else {
                throw AuditError.cell(place(row: row, column: column), fault)
            }
            return value
        }
    }

    /// Whether two columns of text differ, row by row; false where either is empty or absent.
    fileprivate func differences(_ first: String, _ second: String) -> [Bool] {
        guard let first = position(of: first), let second = position(of: second) else {
            return [Bool](repeating: false, count: rowCount)
        }
        return zip(texts(first), texts(second)).map { !$0.isEmpty && !$1.isEmpty && $0 != $1 }
    }
}
