// What an audit is told besides its table.
import Agreement

/// How the differences of two methods are expressed.
package enum DifferenceForm: String, Codable, CaseIterable, Sendable {
    /// first − second, in the unit of measurement.
    case difference
    /// 100 · (first − second) / mean of both.
    case percent
    /// ln first − ln second; limits are ratios.
    case log
}

/// Whether the true value stays while a subject is measured again.
package enum RepeatedTruth: String, Codable, CaseIterable, Sendable {
    /// It varies: the two readings of a row belong together.
    case varying
    /// It stays: the readings of a subject are replicates of each method.
    case constant
}

/// What an audit is told. Kept in the report, so that it can be run again on new data.
package struct AuditSettings: Hashable, Sendable {
    package var kind: AuditKind
    package var title: String?
    /// The unit of measurement; else the header's.
    package var unit: String?
    /// Which column plays which part, by the part's name; parts not named here are found by their usual names.
    package var columns: [String: String] = [:]
    /// A column whose values part the rows: one result for each, and one for all.
    package var by: String?
    /// A column for the control chart of the bias; else the date column, by month.
    package var drift: String?
    package var form: DifferenceForm = .difference
    /// The known true value, the same for all rows.
    package var reference: Double?
    package var truth: RepeatedTruth = .varying
    /// The part of differences that the limits of agreement are meant to hold, 0…1.
    package var coverage = 0.95
    /// Of every interval, 0…1.
    package var confidence = 0.95
    /// The largest difference that would be acceptable, in the unit of the differences.
    package var acceptable: Double?
    /// The columns of raters, in a table with a row for each subject; empty to take all that play no other part.
    package var raters: [String] = []
    /// The categories in their order, for readings that are no numbers.
    package var categories: [String] = []
    /// A score of at least this is a positive call; nil for 0.5 of probabilities and Youden's of other scores.
    package var threshold: Double?
    /// Whether the score is a probability; nil to tell by its range.
    package var probability: Bool?
    /// Groups of risk in calibration.
    package var bins = 10
    /// How intervals of proportions are made.
    package var proportion: ProportionInterval = .wilson
    /// The overlap that a case should reach.
    package var target: Double?

    package init(kind: AuditKind) { self.kind = kind }

    /// From options as text: of a query, a JSON document or a command line.
    /// - Throws: `AuditError.optionUnknown`, `optionInvalid`.
    package init(kind: AuditKind, options: [String: String]) throws {
        self.init(kind: kind)
        for (name, value) in options.sorted(by: { $0.key < $1.key }) { try set(name, to: value) }
    }
}

extension AuditSettings: Codable {
    private enum CodingKeys: String, CodingKey { case kind, options }

    /// As the kind and its options by name: what was stored stays readable when options are added.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(options, forKey: .options)
    }

    /// - Throws: `DecodingError`, or `AuditError` for an option that this version does not know.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(
            kind: container.decode(AuditKind.self, forKey: .kind),
            options: container.decode([String: String].self, forKey: .options))
    }
}
