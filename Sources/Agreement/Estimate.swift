// A number with the interval that says how well it is known.

/// A confidence interval.
package struct Interval: Sendable, Hashable, Codable {
    package var lower: Double
    package var upper: Double

    package init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }
}

/// A statistic and its confidence interval.
package struct Estimate: Sendable, Hashable, Codable {
    package var value: Double
    /// nil where none is defined; the owner says why.
    package var interval: Interval?
    /// The confidence of the interval, between 0 and 1.
    package var confidence: Double

    package init(_ value: Double, _ interval: Interval?, confidence: Double = 0.95) {
        self.value = value
        self.interval = interval
        self.confidence = confidence
    }
}
