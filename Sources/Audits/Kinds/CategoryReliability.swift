// Reliability of readings that are categories.
import Agreement

/// Cohen's kappa of two raters, Fleiss' of more.
struct CategoryReliability {
    private(set) var figures: [AuditFigure] = []

    /// - Throws: `AuditError` for empty cells, unknown categories or missing ratings; `AgreementError` where all use one category.
    init(_ grid: ReadingGrid, _ request: AuditRequest) throws {
        let (table, settings) = (request.table, request.settings)
        guard grid.cells.count >= 3 else {
            throw AuditError.tooFew(what: "subjects", count: grid.cells.count, required: 3)
        }
        guard grid.raterNames.count >= 2 else {
            throw AuditError.tooFew(what: "raters", count: grid.raterNames.count, required: 2)
        }
        try grid.requireBalance(table)
        let texts = Dictionary(uniqueKeysWithValues: grid.valueColumns.map { ($0, table.texts($0)) })
        var known = Set(settings.categories)
        var ratings: [[String]] = []
        for subject in grid.cells {
            var row: [String] = []
            for cell in subject {
                guard cell.count == 1 else {
                    throw AuditError.unbalanced(
                        table.place(row: cell[0].row, column: cell[0].column), rater: "one rater", count: cell.count,
                        expected: 1)
                }
                let text = texts[cell[0].column]?[cell[0].row] ?? ""
                let place = { table.place(row: cell[0].row, column: cell[0].column) }
                guard !text.isEmpty else { throw AuditError.cell(place(), .empty) }
                if settings.categories.isEmpty {
                    known.insert(text)
                    guard known.count <= RowGroups.limit else {
                        throw AuditError.tooManyGroups(
                            column: table.columnNames[cell[0].column], limit: RowGroups.limit)
                    }
                } else if !known.contains(text) {
                    throw AuditError.cell(place(), .outside("the categories listed"))
                }
                row.append(text)
            }
            ratings.append(row)
        }
        let names = settings.categories.isEmpty ? Self.inOrder(known) : settings.categories
        let isOrdered = !settings.categories.isEmpty || names.allSatisfy { Double($0) != nil }
        if grid.raterNames.count == 2 {
            try cohen(ratings, names, isOrdered: isOrdered, settings)
        } else {
            try fleiss(ratings, names, settings)
        }
    }

    /// Numbers by size, other names by the alphabet.
    private static func inOrder(_ names: Set<String>) -> [String] {
        let numbers = names.compactMap { name in Double(name).map { (name, $0) } }
        guard numbers.count == names.count else { return names.sorted() }
        return numbers.sorted { ($0.1, $0.0) < ($1.1, $1.0) }.map(\.0)
    }

    private mutating func cohen(
        _ ratings: [[String]], _ names: [String], isOrdered: Bool, _ settings: AuditSettings
    ) throws {
        let pairs = try RatingPairs(first: ratings.map { $0[0] }, second: ratings.map { $0[1] }, categories: names)
        for weights in CohenKappa.Weights.allCases {
            let name = weights == .unweighted ? "kappa" : "kappa-\(weights.rawValue)"
            let label = weights == .unweighted ? "Cohen's kappa" : "Cohen's kappa, \(weights.rawValue) weights"
            let source =
                weights == .unweighted ? "Cohen, Educ Psychol Meas 1960;20:37" : "Cohen, Psychol Bull 1968;70:213"
            guard isOrdered || weights == .unweighted else {
                figures.append(
                    AuditFigure(
                        name, label, nil, method: "\(weights.rawValue) weights", source: source,
                        reason: "The order of the categories is not known: list them with the option categories.",
                        decimals: 3))
                continue
            }
            let result = try CohenKappa(pairs, weights: weights, confidence: settings.confidence)
            figures.append(
                AuditFigure(
                    name, label, result.kappa, method: "large-sample standard error (Fleiss, Cohen & Everitt 1969)",
                    source: source, decimals: 3))
            if weights == .unweighted {
                figures += [
                    AuditFigure(
                        "observedAgreement", "Observed agreement", result.observedAgreement,
                        method: "share of subjects",
                        source: source, decimals: 3),
                    AuditFigure(
                        "expectedAgreement", "Agreement by chance", result.expectedAgreement,
                        method: "from the margins",
                        source: source, decimals: 3),
                    AuditFigure(
                        "kappaP", "p of kappa 0", result.pValue, method: "normal, two-sided", source: source,
                        decimals: 3),
                ]
            }
        }
    }

    private mutating func fleiss(_ ratings: [[String]], _ names: [String], _ settings: AuditSettings) throws {
        let result = try FleissKappa(ratings: ratings, categories: names, confidence: settings.confidence)
        let source = "Fleiss, Psychol Bull 1971;76:378"
        figures += [
            AuditFigure(
                "kappa", "Fleiss' kappa", result.kappa, method: "linearised variance (Gwet 2021)", source: source,
                decimals: 3),
            AuditFigure(
                "observedAgreement", "Observed agreement", result.observedAgreement, method: "share of pairs of raters",
                source: source, decimals: 3),
            AuditFigure(
                "expectedAgreement", "Agreement by chance", result.expectedAgreement, method: "from all ratings",
                source: source, decimals: 3),
            AuditFigure(
                "kappaP", "p of kappa 0", result.pValue, method: "normal, two-sided", source: source, decimals: 3),
        ]
        figures += result.categories.map { category in
            AuditFigure(
                "kappa \(category.name)", "Kappa of \(category.name)", category.kappa, method: "against all others",
                source: source, reason: category.kappa == nil ? "No rater, or every rater, used it." : nil, decimals: 3)
        }
    }
}
