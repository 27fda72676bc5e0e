// One number of an audit, with everything needed to judge it.
import Agreement

/// A named number with its interval, or the reason why it is missing. Never NaN, never infinite.
package struct AuditFigure: Codable, Hashable, Sendable {
    /// Stable, as in `lowerLimit`.
    package let name: String
    /// As a person reads it.
    package let label: String
    /// nil where it is undefined; `reason` says why.
    package let value: Double?
    /// The interval's ends; nil where there is none.
    package let lower: Double?
    package let upper: Double?
    /// Of the interval, 0…1.
    package let confidence: Double?
    /// nil for a number without one, such as a correlation.
    package let unit: String?
    package let method: String
    /// The paper or standard behind the method.
    package let source: String
    /// Why the value or its interval is missing.
    package let reason: String?
    /// So many decimals tell what the numbers can tell; nil for four significant digits. For display only.
    package let decimals: Int?

    package init(
        _ name: String, _ label: String, _ value: Double?, _ interval: Interval? = nil, confidence: Double? = nil,
        unit: String? = nil, method: String, source: String, reason: String? = nil, decimals: Int? = nil
    ) {
        let finite = value.flatMap { $0.isFinite ? $0 : nil }
        let ends = finite == nil ? nil : interval.flatMap { $0.lower.isFinite && $0.upper.isFinite ? $0 : nil }
        self.name = name
        self.label = label
        self.value = finite
        lower = ends?.lower
        upper = ends?.upper
        self.confidence = ends == nil ? nil : confidence
        self.unit = unit
        self.method = method
        self.source = source
        self.decimals = decimals
        self.reason =
            reason ?? (finite == nil || (interval != nil && ends == nil) ? "Undefined for these numbers." : nil)
    }

    package init(
        _ name: String, _ label: String, _ estimate: Estimate, unit: String? = nil, method: String, source: String,
        reason: String? = nil, decimals: Int? = nil
    ) {
        self.init(
            name, label, estimate.value, estimate.interval, confidence: estimate.confidence, unit: unit, method: method,
            source: source, reason: reason ?? (estimate.interval == nil ? "No interval is defined here." : nil),
            decimals: decimals)
    }

    /// The value as a person reads it; nil where there is none.
    package var valueText: String? {
        value.map { name.hasSuffix("P") ? Figure.p($0) : written($0) + (unit.map { " \($0)" } ?? "") }
    }

    /// The interval as a person reads it; nil where there is none.
    package var intervalText: String? {
        guard let lower, let upper else { return nil }
        return "\(written(lower)) to \(written(upper))"
    }

    private func written(_ value: Double) -> String {
        decimals.map { Figure.text(value, decimals: $0) } ?? Figure.text(value)
    }

    private enum CodingKeys: String, CodingKey {
        case name, label, value, lower, upper, confidence, unit, method, source, reason, decimals
    }

    /// A missing value is null, not absent.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(label, forKey: .label)
        try container.encode(value, forKey: .value)
        try container.encode(lower, forKey: .lower)
        try container.encode(upper, forKey: .upper)
        try container.encode(confidence, forKey: .confidence)
        try container.encode(unit, forKey: .unit)
        try container.encode(method, forKey: .method)
        try container.encode(source, forKey: .source)
        try container.encodeIfPresent(reason, forKey: .reason)
        try container.encodeIfPresent(decimals, forKey: .decimals)
    }
}
