// The largest volume whose simulated leakage stays under a threshold.

/// How much can be injected before a simulated probability of leakage passes a threshold.
package struct VolumeCeiling: Sendable, Hashable {
    /// 0…1.
    package var threshold: Double
    /// Largest volume with a probability of at most the threshold, mL; `endML` where the runs ended under it.
    package var volumeML: Double
    /// The same for the upper and the lower 95 % limit of the probability: chance in the number of runs alone.
    package var interval95ML: ClosedRange<Double>
    /// Where the runs ended, mL: a ceiling at the end is a lower limit.
    package var endML: Double

    package var isBeyondEnd: Bool { volumeML >= endML }

    init(_ tally: LeakageTally, threshold: Double) {
        let runs = tally.firstLeaksML.count
        let leaks = tally.firstLeaksML.map { min($0 ?? tally.endML, tally.endML) }.sorted()
        /// The volume at which one more run leaks than is allowed; before it the probability is at most the threshold.
        func volume(where isAllowed: (Int) -> Bool) -> Double {
            guard isAllowed(0) else { return 0 }
            let allowed = (0...runs).last(where: isAllowed) ?? 0
            return allowed < runs ? leaks[allowed] : tally.endML
        }
        self.threshold = threshold
        endML = tally.endML
        volumeML = volume { Double($0) <= threshold * Double(runs) }
        interval95ML =
            volume {
                wilsonInterval($0, of: runs).upperBound <= threshold
            }...volume { wilsonInterval($0, of: runs).lowerBound <= threshold }
    }
}
