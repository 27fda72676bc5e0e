// Whether acting on a prediction does more good than harm.

/// Decision curve analysis (Vickers and Elkin 2006, Med Decis Making 26:565): net benefit at each threshold probability t,
/// true positives / n − false positives / n · t / (1 − t), in true positives per case. Treating none has net benefit 0.
package struct DecisionCurve: Sendable, Hashable {
    /// One threshold probability.
    package struct Point: Sendable, Hashable, Codable {
        /// A case is treated when its probability is at least this.
        package let threshold: Double
        package let model: Double
        package let treatAll: Double
        /// The model's net benefit over the prevalence: at most 1.
        package let standardised: Double
    }

    /// In the order of the thresholds asked for.
    package let points: [Point]
    package let prevalence: Double

    /// 1 % to 99 % (our choice).
    package static let usualThresholds = (1...99).map { Double($0) / 100 }

    /// - Throws: `parameterInvalid` for a threshold not between 0 and 1.
    package init(_ forecasts: Forecasts, thresholds: [Double] = usualThresholds) throws(AgreementError) {
        if let threshold = thresholds.first(where: { !($0 > 0 && $0 < 1) }) {
            throw .parameterInvalid(name: "threshold", value: threshold, allowed: "between 0 and 1")
        }
        let count = Double(forecasts.outcomes.count)
        let prevalence = forecasts.prevalence
        let withOutcome = zip(forecasts.probabilities, forecasts.outcomes).filter(\.1).map(\.0).sorted()
        let without = zip(forecasts.probabilities, forecasts.outcomes).filter { !$0.1 }.map(\.0).sorted()
        self.prevalence = prevalence
        points = thresholds.map { threshold in
            let odds = threshold / (1 - threshold)
            let hits = Double(Self.atLeast(threshold, in: withOutcome))
            let alarms = Double(Self.atLeast(threshold, in: without))
            let benefit = hits / count - alarms / count * odds
            return Point(
                threshold: threshold, model: benefit, treatAll: prevalence - (1 - prevalence) * odds,
                standardised: benefit / prevalence)
        }
    }

    private static func atLeast(_ threshold: Double, in sorted: [Double]) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < threshold { low = middle + 1 } else { high = middle }
        }
        return sorted.count - low
    }
}
