// What an audit is told besides its table.
import Agreement
import Foundation

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
package struct AuditSettings: Codable, Hashable, Sendable {
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

    /// Option names that say which column plays a part.
    static func roles(of kind: AuditKind) -> [String] {
        ColumnRole.of(kind).map(\.rawValue)
    }

    /// Every option of a kind.
    package static func options(of kind: AuditKind) -> [String] {
        let common = ["title", "unit", "by", "confidence"] + roles(of: kind)
        return switch kind {
        case .blandAltman: common + ["drift", "form", "reference", "truth", "coverage", "acceptable"]
        case .reliability: common + ["raters", "categories"]
        case .classification: common + ["threshold", "probability", "bins", "proportion"]
        case .segmentation: common + ["proportion", "target"]
        }
    }

    private mutating func set(_ name: String, to value: String) throws {
        guard Self.options(of: kind).contains(name) else {
            throw AuditError.optionUnknown(name: name, known: Self.options(of: kind))
        }
        switch name {
        case "title": title = value
        case "unit": unit = value
        case "by": by = value
        case "drift": drift = value
        case "form": form = try Self.choice(name, value)
        case "truth": truth = try Self.choice(name, value)
        case "coverage": coverage = try Self.fraction(name, value)
        case "confidence": confidence = try Self.fraction(name, value)
        case "acceptable":
            acceptable = try Self.number(name, value, allowed: "a number above 0") { $0 > 0 }
        case "reference":
            if let number = Double(value) {
                guard number.isFinite else {
                    throw AuditError.optionInvalid(name: name, allowed: "a finite number or the name of a column")
                }
                reference = number
            } else {
                columns[name] = value
            }
        case "threshold": threshold = try Self.number(name, value, allowed: "a finite number") { _ in true }
        case "probability":
            guard let answer = Bool(value) else {
                throw AuditError.optionInvalid(name: name, allowed: "true or false")
            }
            probability = answer
        case "bins":
            guard let count = Int(value), (2...100).contains(count) else {
                throw AuditError.optionInvalid(name: name, allowed: "a whole number from 2 to 100")
            }
            bins = count
        case "proportion": proportion = try Self.choice(name, value)
        case "target": target = try Self.number(name, value, allowed: "from 0 to 1") { $0 >= 0 && $0 <= 1 }
        case "raters": raters = Self.list(value)
        case "categories": categories = Self.list(value)
        default: columns[name] = value
        }
    }

    /// Names with commas between them.
    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    private static func number(
        _ name: String, _ value: String, allowed: String, _ isAllowed: (Double) -> Bool
    ) throws -> Double {
        guard let number = Double(value), number.isFinite, isAllowed(number) else {
            throw AuditError.optionInvalid(name: name, allowed: allowed)
        }
        return number
    }

    private static func fraction(_ name: String, _ value: String) throws -> Double {
        try number(name, value, allowed: "above 0 and below 1, such as 0.95") { $0 > 0 && $0 < 1 }
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _ value: String
    ) throws -> Choice where Choice.RawValue == String {
        guard let choice = Choice(rawValue: value) else {
            throw AuditError.optionInvalid(
                name: name, allowed: "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return choice
    }
}
