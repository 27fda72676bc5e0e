// The two-by-two table of a yes-or-no call against the truth, and what is read from it.
import Foundation

/// Counts of calls against the truth.
package struct BinaryConfusion: Sendable, Hashable, Codable {
    package let truePositives: Int
    package let falsePositives: Int
    package let falseNegatives: Int
    package let trueNegatives: Int

    /// - Throws: `parameterInvalid` for a negative count, `tooFew` for an empty table.
    package init(
        truePositives: Int, falsePositives: Int, falseNegatives: Int, trueNegatives: Int
    ) throws(AgreementError) {
        let counts = [truePositives, falsePositives, falseNegatives, trueNegatives]
        if let count = counts.first(where: { $0 < 0 }) {
            throw .parameterInvalid(name: "count", value: Double(count), allowed: "0 or more")
        }
        guard counts.contains(where: { $0 > 0 }) else { throw .tooFew(what: "cases", count: 0, required: 1) }
        self.truePositives = truePositives
        self.falsePositives = falsePositives
        self.falseNegatives = falseNegatives
        self.trueNegatives = trueNegatives
    }

    /// Calls a case positive when its score is at least the threshold.
    package init(_ cases: ScoredCases, threshold: Double) throws(AgreementError) {
        var hits = 0
        var alarms = 0
        for (score, outcome) in zip(cases.scores, cases.outcomes) where score >= threshold {
            if outcome { hits += 1 } else { alarms += 1 }
        }
        try self.init(
            truePositives: hits, falsePositives: alarms, falseNegatives: cases.positives - hits,
            trueNegatives: cases.negatives - alarms)
    }

    /// Every figure in a fixed order: `sensitivity`, `specificity`, `ppv`, `npv`, `accuracy`, `prevalence`, `balancedAccuracy`,
    /// `f1`, `mcc`, `positiveLikelihoodRatio`, `negativeLikelihoodRatio`.
    ///
    /// - Throws: `parameterInvalid` for an impossible confidence.
    package func metrics(
        interval: ProportionInterval = .wilson, confidence: Double = 0.95
    ) throws(AgreementError) -> [ClassificationMetric] {
        let positives = truePositives + falseNegatives
        let negatives = trueNegatives + falsePositives
        let called = truePositives + falsePositives
        let cleared = trueNegatives + falseNegatives
        let proportions = [
            ("sensitivity", truePositives, positives, "no case has the outcome"),
            ("specificity", trueNegatives, negatives, "every case has the outcome"),
            ("ppv", truePositives, called, "no case was called positive"),
            ("npv", trueNegatives, cleared, "no case was called negative"),
            ("accuracy", truePositives + trueNegatives, positives + negatives, "there are no cases"),
            ("prevalence", positives, positives + negatives, "there are no cases"),
        ]
        var metrics: [ClassificationMetric] = []
        for (name, successes, trials, reason) in proportions {
            guard trials > 0 else {
                metrics.append(ClassificationMetric(name, nil, reason: "Undefined: \(reason)."))
                continue
            }
            let estimate = try interval.estimate(successes: successes, trials: trials, confidence: confidence)
            metrics.append(ClassificationMetric(name, estimate))
        }
        metrics += summaries(confidence)
        let z = try Confidence.normalMultiplier(confidence)
        metrics.append(
            likelihoodRatio("positiveLikelihoodRatio", truePositives, falsePositives, z, confidence))
        metrics.append(
            likelihoodRatio("negativeLikelihoodRatio", falseNegatives, trueNegatives, z, confidence))
        return metrics
    }

    /// Figures that are no proportion of counted cases.
    private func summaries(_ confidence: Double) -> [ClassificationMetric] {
        let noInterval = "No closed interval: bootstrap the cases."
        let hits = Double(truePositives)
        let alarms = Double(falsePositives)
        let misses = Double(falseNegatives)
        let rests = Double(trueNegatives)
        func metric(_ name: String, _ value: Double, _ undefined: String) -> ClassificationMetric {
            value.isFinite
                ? ClassificationMetric(name, Estimate(value, nil, confidence: confidence), reason: noInterval)
                : ClassificationMetric(name, nil, reason: undefined)
        }
        let product = ((hits + alarms) * (hits + misses) * (rests + alarms) * (rests + misses)).squareRoot()
        return [
            metric(
                "balancedAccuracy", (hits / (hits + misses) + rests / (rests + alarms)) / 2,
                "Undefined: the outcome has one class only."),
            metric(
                "f1", 2 * hits / (2 * hits + alarms + misses), "Undefined: no case is positive and none was called so."),
            // Matthews 1975, Biochim Biophys Acta 405:442.
            metric(
                "mcc", (hits * rests - alarms * misses) / product, "Undefined: a row or column of the table is empty."),
        ]
    }

    /// (part of the positives) / (part of the negatives), its interval on the log scale (Simel et al 1991, J Clin Epidemiol 44:763).
    private func likelihoodRatio(
        _ name: String, _ amongPositives: Int, _ amongNegatives: Int, _ z: Double, _ confidence: Double
    ) -> ClassificationMetric {
        let positives = Double(truePositives + falseNegatives)
        let negatives = Double(trueNegatives + falsePositives)
        let above = Double(amongPositives)
        let below = Double(amongNegatives)
        guard positives > 0, negatives > 0 else {
            return ClassificationMetric(name, nil, reason: "Undefined: the outcome has one class only.")
        }
        guard below > 0 else {
            return ClassificationMetric(name, nil, reason: "Undefined: the ratio's divisor is 0.")
        }
        let ratio = (above / positives) / (below / negatives)
        guard above > 0 else {
            return ClassificationMetric(
                name, Estimate(0, nil, confidence: confidence),
                reason: "The log interval needs a case in both cells.")
        }
        let error = (1 / above - 1 / positives + 1 / below - 1 / negatives).squareRoot()
        let interval = Interval(lower: ratio * exp(-z * error), upper: ratio * exp(z * error))
        return ClassificationMetric(name, Estimate(ratio, interval, confidence: confidence))
    }
}
