// The interval of any statistic, by drawing the sample again from itself.
import Domain

/// A seeded nonparametric bootstrap (Efron and Tibshirani 1993, An Introduction to the Bootstrap). Cases are drawn with
/// replacement by `ResamplingGenerator`, replicate after replicate, one index per case in turn.
package struct Bootstrap: Sendable, Hashable {
    /// How the interval is read from the replicates.
    package enum Method: String, Sendable, Codable, CaseIterable {
        case percentile
        /// Bias-corrected and accelerated (Efron 1987, J Am Stat Assoc 82:171).
        case bca
    }

    /// A bootstrapped statistic.
    package struct Result: Sendable, Hashable, Codable {
        /// The statistic of the sample itself, with its interval.
        package let estimate: Estimate
        /// The standard deviation of the replicates.
        package let standardError: Double?
        /// The replicates' mean less the estimate.
        package let bias: Double?
        /// Replicates in which the statistic was undefined; they are left out.
        package let undefinedReplicates: Int
        /// Why there is no interval; nil where there is one.
        package let reason: String?
    }

    /// Fewer give no limits; more only cost time (our choice).
    static let allowedReplicates = 100...1_000_000
    /// The part of replicates that may be undefined before there is no interval (our choice).
    static let allowedUndefined = 0.05

    package let replicates: Int
    package let seed: UInt64
    package let confidence: Double
    package let method: Method

    /// - Throws: `parameterInvalid` for replicates outside 100…1,000,000 or an impossible confidence.
    package init(
        replicates: Int = 10_000, seed: UInt64 = 1, confidence: Double = 0.95, method: Method = .bca
    ) throws(AgreementError) {
        guard Self.allowedReplicates.contains(replicates) else {
            throw .parameterInvalid(
                name: "replicates", value: Double(replicates), allowed: "100 to 1,000,000")
        }
        try Confidence.check(confidence)
        self.replicates = replicates
        self.seed = seed
        self.confidence = confidence
        self.method = method
    }

    /// Bootstraps a statistic of a sample.
    ///
    /// - Parameter statistic: nil or not finite where it is undefined.
    /// - Throws: as `estimate(cases:statistic:)`.
    package func estimate(
        of sample: [Double], cancellation: Cancellation? = nil, statistic: ([Double]) -> Double?
    ) throws -> Result {
        var drawn = sample
        return try estimate(cases: sample.count, cancellation: cancellation) { indices in
            if indices.count == drawn.count {
                for place in indices.indices { drawn[place] = sample[indices[place]] }
                return statistic(drawn)
            }
            return statistic(indices.map { sample[$0] })
        }
    }

    /// Bootstraps a statistic that reads cases by index; so rows of several columns stay together.
    ///
    /// - Parameter statistic: of the cases at these indices (0-based, with repeats); nil or not finite where it is undefined.
    /// - Throws: `tooFew` below two cases, `statisticUndefined` where the whole sample leaves it undefined,
    ///   `FaultRecord` when cancelled.
    package func estimate(
        cases: Int, cancellation: Cancellation? = nil, statistic: ([Int]) -> Double?
    ) throws -> Result {
        guard cases >= 2 else { throw AgreementError.tooFew(what: "cases", count: cases, required: 2) }
        func defined(_ indices: [Int]) -> Double? {
            guard let value = statistic(indices), value.isFinite else { return nil }
            return value
        }
        guard let value = defined(Array(0..<cases)) else {
            throw AgreementError.statisticUndefined
        }
        var random = ResamplingGenerator(seed: seed)
        var indices = [Int](repeating: 0, count: cases)
        var drawn: [Double] = []
        drawn.reserveCapacity(replicates)
        for replicate in 0..<replicates {
            if replicate % 256 == 0 { try cancellation?.check() }
            for place in 0..<cases { indices[place] = random.index(below: cases) }
            if let value = defined(indices) { drawn.append(value) }
        }
        let distribution = BootstrapDistribution(value: value, replicates: drawn.sorted())
        let limits: BootstrapDistribution.Limits
        if Double(replicates - drawn.count) > Self.allowedUndefined * Double(replicates) {
            limits = .none("The statistic was undefined in \(replicates - drawn.count) of \(replicates) replicates.")
        } else if method == .percentile {
            limits = distribution.percentile(confidence)
        } else {
            limits = distribution.bca(confidence, leftOut: try leftOut(cases, cancellation, defined))
        }
        return Result(
            estimate: Estimate(value, limits.interval, confidence: confidence),
            standardError: distribution.standardError, bias: distribution.bias,
            undefinedReplicates: replicates - drawn.count, reason: limits.reason)
    }

    /// The statistic without each case in turn; nil where one is undefined.
    private func leftOut(
        _ cases: Int, _ cancellation: Cancellation?, _ statistic: ([Int]) -> Double?
    ) throws -> [Double]? {
        var indices = Array(1..<cases)
        var values: [Double] = []
        values.reserveCapacity(cases)
        for left in 0..<cases {
            if left % 256 == 0 { try cancellation?.check() }
            // The indices hold all but `left`: one entry changes from case to case.
            if left > 0 { indices[left - 1] = left - 1 }
            guard let value = statistic(indices) else { return nil }
            values.append(value)
        }
        return values
    }
}
