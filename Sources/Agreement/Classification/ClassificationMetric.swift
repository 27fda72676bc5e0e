// One named figure of a classification.

/// A named figure with its interval, or the reason why it has none.
package struct ClassificationMetric: Sendable, Hashable, Codable {
    /// As the field writes it, such as `sensitivity`.
    package let name: String
    /// nil where the figure is undefined.
    package let estimate: Estimate?
    /// Why the figure or its interval is missing; nil where both are there.
    package let reason: String?

    package init(_ name: String, _ estimate: Estimate?, reason: String? = nil) {
        self.name = name
        self.estimate = estimate
        self.reason = reason
    }
}
