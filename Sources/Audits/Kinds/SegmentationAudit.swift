// Runs a segmentation audit: overlap and distances that were measured case by case.
import Agreement
import Domain

/// Columns of Dice, Jaccard, Hausdorff and other figures, one row a case.
struct SegmentationAudit {
    private let request: AuditRequest
    private let columns: [Int]
    private let roles: ColumnRoles
    private let groups: RowGroups?

    /// - Throws: `AuditError` where no column holds a known figure.
    init(_ request: AuditRequest) throws {
        self.request = request
        roles = try ColumnRoles(request.table, request.settings)
        let roles = roles
        columns = request.table.columnNames.indices.filter { column in
            SegmentationMetric(request.table.columnNames[column]) != nil && roles[.subject] != column
        }
        guard !columns.isEmpty else {
            throw AuditError.roleMissing(
                role: "figure of a segmentation (\(SegmentationMetric.knownNames.joined(separator: ", ")))",
                columns: request.table.columnNames)
        }
        groups = try request.settings.by.map { try RowGroups(request.table, by: $0, role: "by") }
    }

    /// - Throws: `AuditError` naming row and column; `AgreementError`.
    func findings() throws -> AuditFindings {
        let table = request.table
        guard table.rowCount >= 3 else { throw AuditError.tooFew(what: "cases", count: table.rowCount, required: 3) }
        let values = try columns.map { column in
            let metric = SegmentationMetric(table.columnNames[column])
            return try metric?.checked(table, column) ?? table.numbers(column)
        }
        var sections = [try section("all", rows: nil, values)]
        for (name, rows) in zip(groups?.names ?? [], groups?.rows ?? []) {
            sections.append(
                try AuditSection.orReason(name, count: rows.count) { try section(name, rows: rows, values) })
        }
        return AuditFindings(
            title: "Segmentation of \(table.rowCount) cases", roles: roles.names, sections: sections,
            reading: SegmentationReading(metrics: columns.map { table.columnNames[$0] }, sections: sections).text,
            drift: nil,
            plots: zip(columns, values).map { column, values in
                AuditPlot(
                    casesOf: table.columnNames[column], values, groups: groups, sections: sections)
            })
    }

    private func section(_ name: String, rows: [Int]?, _ values: [[Double]]) throws -> AuditSection {
        var figures: [AuditFigure] = []
        for (column, all) in zip(columns, values) {
            let part = rows.map { $0.map { all[$0] } } ?? all
            figures += try SegmentationSummary(
                request.table.columnNames[column], part, rows: rows, settings: request.settings
            ).figures
        }
        return AuditSection(name: name, count: rows?.count ?? request.table.rowCount, figures: figures)
    }
}
