// How much cement the published rule of thumb allows.
import Domain
import Morphometry

/// A cement volume for one body, by rule; nothing is simulated.
package struct VolumeRecommendation: Sendable, Hashable {
    /// Planned volume, mL.
    package var rangeML: ClosedRange<Double>
    /// Above this share of the body leakage outweighs benefit, mL.
    package var hardLimitML: Double
    package var rule: String
    package var source: String
    package var warnings: [String]

    /// 15–20 % of the body as it is now, within 2–7 mL; hard limit 24 % of the body (docs/evidence.md).
    ///
    /// - Parameters:
    ///   - bodyVolumeML: volume of the body mask, collapsed or not, > 0.
    ///   - gaps: claimed gaps of the shell.
    package init(bodyVolumeML: Double, gaps: [CorticalGap] = []) {
        let limit = Self.hardShare * bodyVolumeML
        let low = min(max(Self.shares.lowerBound * bodyVolumeML, Self.boundsML.lowerBound), Self.boundsML.upperBound)
        let high = min(max(Self.shares.upperBound * bodyVolumeML, Self.boundsML.lowerBound), Self.boundsML.upperBound)
        rangeML = min(low, limit)...min(high, limit)
        hardLimitML = limit
        rule = "15-20 % of the present body volume, within 2-7 mL; never above 24 % of the body volume"
        source = Self.sources
        warnings = Self.standingWarnings
        if low > limit {
            warnings.append("The body is so small that the usual least volume of 2 mL exceeds 24 % of it.")
        }
        if !gaps.isEmpty {
            warnings.append("Gaps in the shell: plan the lower end of the range and stop at the first sign of leakage.")
        }
        if gaps.contains(where: { $0.wall == .posterior }) {
            warnings.append(
                "A gap in the posterior wall opens to the canal: stop when cement reaches the posterior third.")
        }
    }

    private static let shares = 0.15...0.20
    private static let boundsML = 2.0...7.0
    private static let hardShare = 0.24

    private static let sources = """
        Rule of thumb derived from: 3.5 mL restores strength (Molloy 2005, AJNR 26:401); leakage cut-off near 25 % of the \
        body (160 patients); below 3 mL more residual back pain (PMID 36816002). Not validated as a rule.
        """
    private static let standingWarnings = [
        "A unilateral approach takes about 1.3 mL less than a bilateral one (meta-analysis of 16 trials).",
        "More than 13.7 % of the body on the puncture side goes with venous leakage (10.1186/s12891-022-05135-w).",
    ]
}
