// The rule that puts the evidence and the rehearsal of one kind of leakage together.
import Agreement
import Foundation

/// How often a kind of leakage happened in simulated injections into this vertebra. Not a rate among patients.
package struct SimulatedLeakage: Sendable, Hashable {
    package let leaks: Int
    package let runs: Int

    /// - Parameters:
    ///   - leaks: runs that leaked this way by the planned volume, 0…`runs`.
    ///   - runs: all runs, > 0.
    /// - Returns: nil for counts that cannot be.
    package init?(leaks: Int, runs: Int) {
        guard runs > 0, (0...runs).contains(leaks) else { return nil }
        self.leaks = leaks
        self.runs = runs
    }

    /// The part of the runs that leaked, 0…1.
    package var share: Double { Double(leaks) / Double(runs) }

    /// The same kept off 0 and 1, which a finite number of runs cannot show: the mean of Jeffreys' posterior, (leaks + ½) / (runs + 1).
    package var probability: Double { (Double(leaks) + 0.5) / (Double(runs) + 1) }

    /// 95 % interval of chance in the number of runs, not of the simulation's truth (Wilson 1927, J Am Stat Assoc 22:209).
    package var interval95: ClosedRange<Double> { WilsonInterval.bounds(share: share, trials: Double(runs)) }
}

/// One kind of leakage as the evidence has it, as the rehearsal has it, and as both together have it.
///
/// The rule: a logarithmic opinion pool (Genest and Zidek 1986, Stat Sci 1:114, 10.1214/ss/1177013825),
/// `logit p = (1 − w) · logit p(evidence) + w · logit p(rehearsal)`, with w = 1/4 (our choice: published rates come from patients, the
/// rehearsal was never compared with any). The two disagree where their 95 % intervals do not meet and their odds differ more than
/// threefold (our choice); the interval then spans both, and both are to be read.
package struct CombinedLeakage: Sendable, Hashable {
    package enum Agreement: String, Sendable {
        case agree, disagree
    }

    package let outcome: LeakageOutcome
    /// 0…1.
    package let probability: Double
    package let interval95: ClosedRange<Double>
    package let agreement: Agreement

    /// w: how much the rehearsal counts.
    package static let rehearsalWeight = 0.25
    /// Odds that differ less are not called a disagreement.
    package static let toleratedOddsRatio = 3.0

    package static let rule = """
        logit p = 3/4 logit p(evidence) + 1/4 logit p(rehearsal): a logarithmic opinion pool whose weights are our choice. The two disagree \
        where their 95 % intervals do not meet and their odds differ more than threefold; the interval then spans both. The rehearsal is a \
        simulation, never compared with patients.
        """

    package init(_ evidence: LeakageRisk.Estimate, _ rehearsal: SimulatedLeakage) {
        outcome = evidence.outcome
        let (published, simulated) = (evidence.interval95, rehearsal.interval95)
        let distance = abs(logit(evidence.probability) - logit(rehearsal.probability))
        agreement = published.overlaps(simulated) || distance <= log(Self.toleratedOddsRatio) ? .agree : .disagree
        probability = Self.pool(evidence.probability, rehearsal.probability)
        interval95 =
            switch agreement {
            case .agree:
                Self.pool(
                    published.lowerBound, simulated.lowerBound)...Self.pool(
                        published.upperBound, simulated.upperBound)
            case .disagree:
                min(published.lowerBound, simulated.lowerBound)...max(published.upperBound, simulated.upperBound)
            }
    }

    private static func pool(_ evidence: Double, _ rehearsal: Double) -> Double {
        guard evidence > 0, rehearsal > 0 else { return 0 }
        guard evidence < 1, rehearsal < 1 else { return 1 }
        return sigmoid((1 - rehearsalWeight) * logit(evidence) + rehearsalWeight * logit(rehearsal))
    }
}
