// Reliability of readings that are numbers.
import Agreement
import Foundation

/// Intraclass correlation, concordance, correlation, repeatability and gauge study of one set of readings.
struct NumberReliability {
    private(set) var figures: [AuditFigure] = []
    private let settings: AuditSettings
    private let unit: String?

    /// - Throws: `AuditError` for cells that are no number, fewer than three subjects, or missing readings; `AgreementError` for
    ///   readings without variation.
    init(_ grid: ReadingGrid, _ request: AuditRequest, unit: String?) throws {
        settings = request.settings
        self.unit = unit
        guard grid.cells.count >= 3 else {
            throw AuditError.tooFew(what: "subjects", count: grid.cells.count, required: 3)
        }
        var columns: [Int: [Double]] = [:]
        for column in grid.valueColumns { columns[column] = try request.table.numbers(column) }
        let readings = grid.cells.map { $0.map { $0.map { columns[$0.column]?[$0.row] ?? 0 } } }
        if grid.raterNames.count > 1 {
            try grid.requireBalance(request.table)
            try compareRaters(readings, grid.raterNames)
        } else {
            try compareRepeats(readings.map { $0[0] })
        }
    }

    /// Readings [subject][rater][repeat], balanced.
    private mutating func compareRaters(_ readings: [[[Double]]], _ names: [String]) throws {
        let means = readings.map { $0.map { $0.reduce(0, +) / Double($0.count) } }
        let repeats = readings[0][0].count
        try intraclass(means, note: repeats > 1 ? ", means of \(repeats) repeats" : "")
        if names.count == 2 { try concordance(means, names) }
        if repeats > 1 {
            try repeatability(readings.flatMap { $0 })
            try gauge(readings)
        } else {
            let value = try? Repeatability(
                readings.map { $0.map { $0[0] } }, coverage: settings.coverage, confidence: settings.confidence)
            figures.append(
                missing(
                    "reproducibilityCoefficient", "Reproducibility coefficient", value?.coefficient, unit: unit,
                    method: "different raters, z root 2 within-subject SD", source: Self.measuring,
                    reason: "All raters agree in every reading."))
        }
    }

    /// Readings [subject][repeat] by one rater.
    private mutating func compareRepeats(_ readings: [[Double]]) throws {
        try repeatability(readings)
        let count = readings[0].count
        if count > 1, readings.allSatisfy({ $0.count == count }) {
            let table = try IntraclassCorrelation(readings, confidence: settings.confidence)
            for form in [IntraclassForm.oneWaySingle, .oneWayAverage] { append(table[form], note: "") }
        } else {
            figures.append(
                AuditFigure(
                    "ICC(1,1)", "ICC(1,1)", nil, method: "one-way", source: Self.shroutFleiss,
                    reason: "Subjects have unequal numbers of readings.", decimals: 3))
        }
    }

    private static let measuring = "Bland & Altman, Stat Methods Med Res 1999;8:135"
    private static let shroutFleiss =
        "Shrout & Fleiss, Psychol Bull 1979;86:420; McGraw & Wong, Psychol Methods 1996;1:30"
    private static let gaugeSource = "AIAG, Measurement Systems Analysis, 4th ed., 2010"

    private mutating func intraclass(_ ratings: [[Double]], note: String) throws {
        let table = try IntraclassCorrelation(ratings, confidence: settings.confidence)
        for result in table.results { append(result, note: note) }
    }

    private mutating func append(_ result: IntraclassResult?, note: String) {
        guard let result else { return }
        let (name, confidence) = (result.form.rawValue, settings.confidence)
        let model =
            switch result.form {
            case .oneWaySingle, .oneWayAverage: "one-way"
            case .agreementSingle, .agreementAverage: "absolute agreement"
            case .consistencySingle, .consistencyAverage: "consistency"
            }
        figures.append(
            AuditFigure(
                name, name, result.estimate, method: model + note, source: Self.shroutFleiss,
                reason: result.estimate.interval == nil ? "The residual variance is 0." : nil, decimals: 3))
        guard let interval = result.generalizedInterval else { return }
        figures.append(
            AuditFigure(
                "\(name)-generalized", "\(name), generalized interval", result.estimate.value, interval,
                confidence: confidence, method: model + note + ", generalized interval",
                source: "Ionan et al, BMC Med Res Methodol 2014;14:121", decimals: 3))
    }

    private mutating func concordance(_ means: [[Double]], _ names: [String]) throws {
        let pairs = try Pairs(means.map { $0[0] }, means.map { $0[1] }, firstName: names[0], secondName: names[1])
        let concordance = try Concordance(pairs, confidence: settings.confidence)
        let lin = "Lin, Biometrics 1989;45:255 and 2000;56:324"
        figures += [
            AuditFigure(
                "ccc", "Concordance (Lin)", concordance.estimate, method: "Fisher's z", source: lin, decimals: 3),
            AuditFigure(
                "biasCorrection", "Bias correction factor", concordance.biasCorrection, method: "CCC / r", source: lin,
                decimals: 3),
        ]
        let pearson = try Correlation.pearson(pairs, confidence: settings.confidence)
        let spearman = try Correlation.spearman(pairs, confidence: settings.confidence)
        figures += [
            AuditFigure(
                "pearson", "Pearson r", pearson.estimate, method: "Fisher's z", source: "Fisher, Metron 1921;1:3",
                decimals: 3),
            AuditFigure(
                "spearman", "Spearman rho", spearman.estimate, method: "Fisher's z, Bonett-Wright variance",
                source: "Bonett & Wright, Psychometrika 2000;65:23", decimals: 3),
        ]
    }

    /// Readings by cell: repeats of one subject by one rater.
    private mutating func repeatability(_ cells: [[Double]]) throws {
        let result = try Repeatability(cells, coverage: settings.coverage, confidence: settings.confidence)
        figures += [
            AuditFigure(
                "withinSubjectSD", "Within-subject SD", result.withinSubjectSD, unit: unit,
                method: "one-way analysis of variance", source: Self.measuring),
            AuditFigure(
                "repeatabilityCoefficient", "Repeatability coefficient", result.coefficient, unit: unit,
                method: "z root 2 within-subject SD", source: Self.measuring),
        ]
    }

    private mutating func gauge(_ readings: [[[Double]]]) throws {
        let study = try GaugeStudy(readings, coverage: settings.coverage)
        let none = "The gauge study gives no interval."
        func figure(_ name: String, _ label: String, _ value: Double?, _ unit: String?, _ method: String) -> AuditFigure
        {
            AuditFigure(name, label, value, unit: unit, method: method, source: Self.gaugeSource, reason: none)
        }
        let model = study.isInteractionPooled ? "analysis of variance, interaction pooled" : "analysis of variance"
        figures += [
            figure("repeatabilitySD", "Repeatability SD", study.repeatabilityVariance.squareRoot(), unit, model),
            figure("operatorSD", "Operator SD", study.operatorVariance.squareRoot(), unit, model),
            figure("interactionSD", "Operator by part SD", study.interactionVariance.squareRoot(), unit, model),
            figure("partSD", "Part SD", study.partVariance.squareRoot(), unit, model),
            figure("gaugePercent", "Gauge R&R of total SD", study.gaugePercentOfTotalSD, "%", model),
            figure("distinctCategories", "Distinct categories", study.distinctCategories, nil, model),
            figure(
                "reproducibilityCoefficient", "Reproducibility coefficient", study.reproducibilityCoefficient, unit,
                model),
        ]
    }

    private func missing(
        _ name: String, _ label: String, _ estimate: Estimate?, unit: String?, method: String, source: String,
        reason: String
    ) -> AuditFigure {
        AuditFigure(
            name, label, estimate?.value, estimate?.interval, confidence: settings.confidence, unit: unit,
            method: method,
            source: source, reason: estimate == nil ? reason : nil)
    }
}
