// The statistics of one method in an operator-variability study.
import Agreement
import Domain
import Foundation

/// Time, reliability, comparison of groups, variation and truth, each a figure or the reason why there is none.
struct OperatorMethodStudy {
    private let rows: [OperatorReading]
    private let groups: [String]
    private let unit: String?
    private let grid: OperatorGrid

    private static let reliability =
        "Shrout & Fleiss, Psychol Bull 1979;86:420; McGraw & Wong, Psychol Methods 1996;1:30"
    private static let variance = "Cohen, Statistical Power Analysis, 2nd ed., 1988, ch. 8"

    init(_ rows: [OperatorReading], groups: [String], unit: String?) {
        self.rows = rows
        let present = Set(rows.map(\.group))
        self.groups = groups.filter(present.contains)
        self.unit = unit
        grid = OperatorGrid(rows)
    }

    func report(named name: String) -> OperatorMethod {
        let truth = Result { try truthAudit(named: name) }
        return OperatorMethod(
            name: name, groups: groups.map(group),
            comparison: comparison("time", "Time", grid.operatorMeans(grid.seconds, groups: groups))
                + comparison("value", "Value", grid.operatorMeans(grid.values, groups: groups)),
            variation: variation, truth: try? truth.get(), truthReason: Self.reason(truth))
    }

    // MARK: - Groups

    private func group(_ name: String) -> OperatorGroup {
        let part = OperatorGrid(rows.filter { $0.group == name })
        let own = rows.filter { $0.group == name }
        return OperatorGroup(
            name: name, operators: part.operators.count, readings: own.count,
            figures: spread("time", "Time", own.compactMap(\.seconds), unit: "s")
                + spread("value", "Value", own.map(\.value), unit: unit)
                + [within(part), between(part)])
    }

    private func spread(_ name: String, _ label: String, _ values: [Double], unit: String?) -> [AuditFigure] {
        let mean = values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
        let squares = mean.map { mean in values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } }
        let sd = squares.flatMap { values.count > 1 ? ($0 / Double(values.count - 1)).squareRoot() : nil }
        let none = values.isEmpty ? "The table has no such readings." : nil
        return [
            AuditFigure(
                "\(name)Mean", "\(label), mean", mean, unit: unit, method: "mean", source: "the table", reason: none),
            AuditFigure(
                "\(name)SD", "\(label), SD", sd, unit: unit, method: "n - 1, all readings", source: "the table",
                reason: sd == nil ? none ?? "One reading has no SD." : nil),
        ]
    }

    /// Within operators: each operator's reading of each case is a subject, the repeats are its readings.
    private func within(_ part: OperatorGrid) -> AuditFigure {
        figure(
            "iccWithin", "ICC within operators", form: .oneWaySingle,
            method: "one-way ICC(1,1) over repeats, rows are operator and case"
        ) {
            try Self.requireTable(part, instead: "read the within-operator SD")
            return part.values.flatMap { $0 }
        }
    }

    /// Between operators: cases are the subjects, operators the raters, each with the mean of its repeats.
    private func between(_ part: OperatorGrid) -> AuditFigure {
        figure(
            "iccBetween", "ICC between operators", form: .agreementSingle,
            method: "two-way ICC(2,1), absolute agreement, means of repeats"
        ) {
            try Self.requireTable(part, instead: "compare the operators' means")
            return part.cases.indices.map { item in
                part.operators.indices.map { person in
                    let values = part.values[person][item]
                    return values.reduce(0, +) / Double(values.count)
                }
            }
        }
    }

    /// - Throws: `StudyGap` where an ICC has no table of cases, with what to do `instead`.
    private static func requireTable(_ part: OperatorGrid, instead: String) throws {
        guard part.isBalanced else {
            throw StudyGap.noFigure("Every operator must read every case equally often.")
        }
        guard part.cases.count > 1 else {
            throw StudyGap.noFigure("With one case an ICC has no cases to tell apart; \(instead).")
        }
    }

    private func figure(
        _ name: String, _ label: String, form: IntraclassForm, method: String, _ table: () throws -> [[Double]]
    ) -> AuditFigure {
        let result = Result { try IntraclassCorrelation(table()) }
        let found = (try? result.get())?[form]
        return AuditFigure(
            name, label, found?.estimate.value, found?.generalizedInterval ?? found?.estimate.interval,
            confidence: found?.estimate.confidence, method: method, source: Self.reliability,
            reason: Self.reason(result))
    }

    // MARK: - Comparison

    /// One-way analysis of variance over the groups; the operators' means are the observations.
    private func comparison(_ name: String, _ label: String, _ means: [[Double]]) -> [AuditFigure] {
        let result = Result { try OneWayANOVA(means) }
        let anova = try? result.get()
        let reason = Self.reason(result)
        func figure(_ part: String, _ title: String, _ value: Double?, _ method: String) -> AuditFigure {
            AuditFigure(
                name + part, "\(label): \(title)", value, method: method, source: Self.variance, reason: reason)
        }
        let freedom = anova.map { "F(\($0.betweenDF), \($0.withinDF)), operators' means" } ?? "operators' means"
        return [
            figure("F", "F over groups", anova?.f, freedom),
            figure("P", "p of no difference", anova?.p, "one-way analysis of variance"),
            figure("EtaSquared", "eta squared", anova?.etaSquared, "SS between / SS total"),
            figure("CohensF", "Cohen's f", anova?.cohensF, "from eta squared"),
            figure("Power", "achieved power", anova?.achievedPower, "noncentral F at the f found, alpha 0.05"),
        ]
    }

    // MARK: - Variation

    private var variation: [AuditFigure] {
        let source = "Bland & Altman, Stat Methods Med Res 1999;8:135; AIAG, Measurement Systems Analysis, 4th ed."
        let repeated = Result { try Repeatability(grid.values.flatMap { $0 }) }
        let repeatability = try? repeated.get()
        let gauge = Result {
            // [case][operator][repeat]
            try GaugeStudy(grid.cases.indices.map { item in grid.operators.indices.map { grid.values[$0][item] } })
        }
        let study = try? gauge.get()
        var figures = [
            AuditFigure(
                "withinSD", "Within-operator SD", repeatability?.withinSubjectSD.value,
                repeatability?.withinSubjectSD.interval, confidence: repeatability?.withinSubjectSD.confidence,
                unit: unit, method: "repeats of each operator and case", source: source, reason: Self.reason(repeated)),
            AuditFigure(
                "repeatability", "Repeatability coefficient", repeatability?.coefficient.value,
                repeatability?.coefficient.interval, confidence: repeatability?.coefficient.confidence, unit: unit,
                method: "1.96 sqrt 2 SD", source: source, reason: Self.reason(repeated)),
        ]
        figures += [
            AuditFigure(
                "reproducibility", "Reproducibility coefficient", study?.reproducibilityCoefficient, unit: unit,
                method: "cases x operators x repeats, analysis of variance", source: source, reason: Self.reason(gauge)),
            AuditFigure(
                "gaugePercent", "Gauge share of total SD", study?.gaugePercentOfTotalSD, unit: "%",
                method: "cases x operators x repeats, analysis of variance", source: source, reason: Self.reason(gauge)),
        ]
        return figures
    }

    // MARK: - Truth

    private func truthAudit(named name: String) throws -> AuditReport {
        let known = rows.filter { $0.truth != nil }
        guard !known.isEmpty else { throw StudyGap.noFigure("The table has no column truth.") }
        let table = try AuditTable(
            header: ["operator", "group", "value", "truth"],
            rows: known.map { row in
                ["\(row.group) \(row.operatorName)", row.group, String(row.value), String(row.truth ?? 0)]
            })
        var options = [
            "first": "value", "reference": "truth", "subject": "operator", "title": "\(name) against the truth",
        ]
        if groups.count > 1 { options["by"] = "group" }
        if let unit { options["unit"] = unit }
        return try AuditReport(
            AuditRequest(settings: AuditSettings(kind: .blandAltman, options: options), table: table))
    }

    private static func reason<Success>(_ result: Result<Success, any Error>) -> String? {
        guard case .failure(let error) = result else { return nil }
        return (error as? any Fault)?.detail ?? (error as? StudyGap)?.text ?? "Not computed."
    }
}

/// Why a figure of a study is missing.
private enum StudyGap: Error {
    case noFigure(String)

    var text: String {
        switch self {
        case .noFigure(let text): text
        }
    }
}
