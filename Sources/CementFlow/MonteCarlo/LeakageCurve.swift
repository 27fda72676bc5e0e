// Probability of leakage as a function of volume, with its interval.
import Agreement
import Foundation

/// How likely a leak is by each injected volume.
package struct LeakageCurve: Sendable, Codable, Hashable {
    package var volumesML: [Double]
    /// Part of the runs in which the leak had passed the threshold, 0…1.
    package var probability: [Double]
    /// 95 % interval for the probability: of chance in the finite number of runs, not of the model (Wilson 1927, J Am Stat Assoc
    /// 22:209).
    package var lower95: [Double]
    package var upper95: [Double]
    /// Volume of the first leak that 5, 50 and 95 % of the runs stayed below, mL; nil where fewer runs leaked at all.
    package var firstLeakML: [Double?]

    /// - Parameters:
    ///   - firstLeaksML: one per run; nil where nothing leaked.
    ///   - volumesML: where the curve is read.
    init(firstLeaksML: [Double?], volumesML: [Double]) {
        let count = Double(firstLeaksML.count)
        let leaks = firstLeaksML.map { $0 ?? .infinity }.sorted()
        self.volumesML = volumesML
        probability = volumesML.map { volume in Double(leaks.prefix { $0 <= volume }.count) / count }
        let bounds = probability.map { WilsonInterval.bounds(share: $0, trials: count) }
        lower95 = bounds.map(\.lowerBound)
        upper95 = bounds.map(\.upperBound)
        firstLeakML = [0.05, 0.5, 0.95].map { part in
            let value = leaks[min(Int((part * count).rounded(.up)), leaks.count) - 1]
            return value < .infinity ? value : nil
        }
    }
}
