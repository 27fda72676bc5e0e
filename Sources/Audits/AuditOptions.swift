// Settings as options by name: in a query, beside a JSON table, on a command line, in a stored audit.
import Agreement
import Foundation

extension AuditSettings {
    /// Every option of a kind.
    package static func options(of kind: AuditKind) -> [String] {
        let common = ["title", "unit", "by", "confidence"] + ColumnRole.of(kind).map(\.rawValue)
        return switch kind {
        case .blandAltman: common + ["drift", "form", "truth", "coverage", "acceptable"]
        case .reliability: common + ["raters", "categories"]
        case .classification: common + ["threshold", "probability", "bins", "proportion"]
        case .segmentation: common + ["proportion", "target"]
        case .outcomes: ["title", "by", "confidence", "bins"]
        }
    }

    mutating func set(_ name: String, to value: String) throws {
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

    /// Every option of the kind that has a value, also where that is the usual one.
    package var options: [String: String] {
        var options: [String: String] = [:]
        for name in Self.options(of: kind) { options[name] = text(of: name) }
        return options
    }

    private func text(of name: String) -> String? {
        switch name {
        case "title": title
        case "unit": unit
        case "by": by
        case "drift": drift
        case "form": form.rawValue
        case "truth": truth.rawValue
        case "coverage": "\(coverage)"
        case "confidence": "\(confidence)"
        case "acceptable": acceptable.map { "\($0)" }
        case "reference": reference.map { "\($0)" } ?? columns[name]
        case "threshold": threshold.map { "\($0)" }
        case "probability": probability.map { "\($0)" }
        case "bins": "\(bins)"
        case "proportion": proportion.rawValue
        case "target": target.map { "\($0)" }
        case "raters": raters.isEmpty ? nil : raters.joined(separator: ",")
        case "categories": categories.isEmpty ? nil : categories.joined(separator: ",")
        default: columns[name]
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
