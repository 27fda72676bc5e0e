// Outcomes as a table: one row for each vertebra's current version.
import Audits
import Domain
import Foundation
import Store

/// The columns of the export and how a row is written. CSV as RFC 4180 says; an empty cell is what was not told or not predicted.
struct OutcomeTable {
    private struct Column: Sendable {
        let name: String
        let cell: @Sendable (StoredOutcome) -> String

        /// A text, which a spreadsheet must not take for a formula.
        static func text(_ name: String, _ value: @escaping @Sendable (StoredOutcome) -> String?) -> Column {
            Column(name: name) { CSVText.harmless(value($0) ?? "") }
        }

        static func number(_ name: String, _ value: @escaping @Sendable (StoredOutcome) -> Double?) -> Column {
            Column(name: name) { row in
                value(row).map { number in Int(exactly: number).map(String.init) ?? "\(number)" } ?? ""
            }
        }

        static func flag(_ name: String, _ value: @escaping @Sendable (StoredOutcome) -> Bool?) -> Column {
            Column(name: name) { value($0).map { $0 ? "1" : "0" } ?? "" }
        }
    }

    private let columns: [Column]

    /// - Parameters: the names that occur in predictions, each of which is a column.
    init(measured: [MeasuredName], contributions: [String]) {
        columns =
            Self.told + Self.leaks + Self.treatment + Self.origin + Self.probabilities
            + OutcomeColumns.PlaceKind.allCases.flatMap(Self.map) + Self.plan
            + measured.map { measure in
                .number("measured.\(measure.name)" + (measure.unit.isEmpty ? "" : " (\(measure.unit))")) { row in
                    row.prediction.measured.first { $0.name == measure.name }?.value
                }
            }
            + contributions.map { name in .number("logOdds.\(name)") { $0.prediction.contributions[name] } }
    }

    /// The names of all columns.
    var header: String { CSVText.line(columns.map { CSVText.harmless($0.name) }) }

    func line(of outcome: StoredOutcome) -> String { CSVText.line(columns.map { $0.cell(outcome) }) }

    private static let told: [Column] = [
        .text(OutcomeColumns.job) { $0.jobID }, .text(OutcomeColumns.level) { $0.level.rawValue },
        .number("version") { Double($0.version) }, .text("recordedAt") { JSON.timestamp($0.recordedAt) },
        .text("observedAt") { JSON.timestamp($0.outcome.observedAt) },
        .flag(OutcomeColumns.leaked) { $0.outcome.leaked },
    ]

    private static let leaks: [Column] =
        CementLeak.Kind.allCases.map { type in
            .flag(OutcomeColumns.leak(type: type.rawValue)) { row in
                row.outcome.known { leak in leak.type == type }
            }
        }
        + OutcomeColumns.quadrants.map { name in
            .flag(OutcomeColumns.leak(.quadrant, name)) { row in
                row.outcome.known { leak in leak.quadrant.map { $0.rawValue == name } }
            }
        }
        + OutcomeColumns.exits.map { name in
            .flag(OutcomeColumns.leak(.exit, name)) { row in
                row.outcome.known { leak in leak.exit.map { $0.rawValue == name } }
            }
        }
        + [
            .text("leaks") { $0.outcome.leaks.map(\.inWords).joined(separator: "; ") },
            .number("leakedVolume (mL)") { row in
                let volumes = row.outcome.leaks.compactMap(\.volumeML)
                guard row.outcome.leaked else { return 0 }
                return volumes.isEmpty || volumes.count < row.outcome.leaks.count ? nil : volumes.reduce(0, +)
            },
        ]

    private static let treatment: [Column] = [
        .number("injectedVolume (mL)") { $0.outcome.injectedVolumeML },
        .text(OutcomeColumns.procedure) { $0.outcome.procedure.rawValue },
        .text("approach") { $0.outcome.approach?.rawValue }, .text("cement") { $0.outcome.cement },
        .text(OutcomeColumns.ascertainment) { $0.outcome.ascertainment.rawValue },
        .text("clinicalConsequence") { $0.outcome.clinicalConsequence?.rawValue },
    ]

    private static let origin: [Column] = [
        .text("analysis") { $0.prediction.analysis.name }, .text("analysisVersion") { $0.prediction.analysis.version },
        .text("softwareVersion") { $0.prediction.softwareVersion },
        .text("models") { $0.prediction.models.joined(separator: "; ") },
        .text("reportSchema") { $0.prediction.reportSchema }, .text("reportSHA256") { $0.prediction.reportSHA256 },
        .text("featuresSHA256") { $0.prediction.featuresSHA256 },
        .text("features") { row in row.prediction.featuresSHA256.map { _ in Place.job(row.jobID) + "/features" } },
        .text(OutcomeColumns.predictedProcedure) { $0.prediction.procedure },
        .text(OutcomeColumns.predictedAscertainment) { $0.prediction.ascertainment },
    ]

    private static let probabilities: [Column] = OutcomeColumns.PredictionSource.allCases.flatMap { source in
        [.number(OutcomeColumns.probability(source, of: "any")) { $0.prediction[source].any }]
            + OutcomeColumns.types.map { type in
                .number(OutcomeColumns.probability(source, of: type)) { $0.prediction[source].types[type] }
            }
    }

    private static func map(_ kind: OutcomeColumns.PlaceKind) -> [Column] {
        let method = kind == .quadrant ? [Column.text("mapMethod") { $0.prediction.mapMethod }] : []
        return kind.places.reduce(into: method) { columns, name in
            @Sendable func place(_ row: StoredOutcome) -> RankedPlace? {
                let places = kind == .quadrant ? row.prediction.quadrants : row.prediction.exits
                return places.first { $0.place == name }
            }
            columns += [
                .number(OutcomeColumns.rank(kind, name)) { place($0).map { Double($0.rank) } },
                .number("map.\(kind.rawValue).\(name).score") { place($0)?.score },
                .number("map.\(kind.rawValue).\(name).probability") { place($0)?.probability },
            ]
        }
    }

    private static let plan: [Column] = [
        .number("plannedVolume (mL)") { $0.prediction.plan?.volumeML },
        .text("plannedApproach") { $0.prediction.plan?.approach },
        .text("plannedCement") { $0.prediction.plan?.cement }, .number("rehearsalRuns") { $0.prediction.plan?.runs },
        .number("recommendedLow (mL)") { $0.prediction.recommendedVolumeML?.first },
        .number("recommendedHigh (mL)") { $0.prediction.recommendedVolumeML?.last },
        .number("hardLimit (mL)") { $0.prediction.hardLimitML },
    ]
}

extension Outcome {
    /// Whether a leak of some kind was seen; nil where leaks were not told, or not told well enough to say.
    fileprivate func known(_ isOfKind: (CementLeak) -> Bool?) -> Bool? {
        guard leaked else { return false }
        let answers = leaks.compactMap(isOfKind)
        return leaks.isEmpty || answers.count < leaks.count ? nil : answers.contains(true)
    }
}

extension CementLeak {
    /// `III superiorEndplate AL 0.3 mL`.
    fileprivate var inWords: String {
        [type.rawValue, exit?.rawValue, quadrant?.rawValue, volumeML.map { "\($0) mL" }].compactMap { $0 }
            .joined(separator: " ")
    }
}

extension Prediction {
    fileprivate subscript(source: OutcomeColumns.PredictionSource) -> LeakageProbabilities {
        switch source {
        case .evidence: evidence
        case .rehearsal: rehearsal
        case .combined: combined
        }
    }
}

/// Cells and lines of a CSV.
enum CSVText {
    /// A text that no spreadsheet takes for a formula: those that begin as one get an apostrophe before them (OWASP, CSV injection).
    static func harmless(_ text: String) -> String {
        guard let first = text.unicodeScalars.first, "=+-@\t\r\n".unicodeScalars.contains(first) else { return text }
        return "'" + text
    }

    /// One line (RFC 4180), its line break included.
    static func line(_ cells: [String]) -> String {
        cells.map { cell in
            guard cell.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return cell }
            return "\"" + cell.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",") + "\r\n"
    }
}
