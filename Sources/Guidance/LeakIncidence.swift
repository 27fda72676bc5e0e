// How likely the first leak is by each further volume, and through which way, given that none has happened yet.
import Agreement

/// Cumulative incidence of the first leak among weighted runs that compete by way.
///
/// Kaplan and Meier's product over the runs still without a leak (1958, J Am Stat Assoc 53:457), with a weight for each run
/// (Beran 1981, Technical report, Berkeley) and split by way as Aalen and Johansen do (1978, Scand J Stat 5:141). Runs from two
/// needles are two groups whose hazards add: each front is taken as if the other were not there.
struct LeakIncidence {
    /// One weighted run, its volume that of all needles together.
    struct Observation {
        var weight: Double
        /// Volume of the first leak, or where the run ended without one, mL.
        var volumeML: Double
        /// Nil where the run ended without a leak.
        var way: Int?
    }

    struct Step {
        var volumeML: Double
        /// Part without a leak after it.
        var survival: Double
        var way: Int
        var group: Int
        /// What this step adds to its way's incidence.
        var increment: Double
    }

    let steps: [Step]
    /// Effective number of runs without a leak at the start; of several groups the fewest.
    let effectiveRuns: Double
    /// Nothing is known beyond this volume, mL; nil where no run is left at the start.
    let endML: Double?

    /// - Parameters:
    ///   - groups: the runs that stand for each needle.
    ///   - start: the volume until which no leak happened, mL.
    init(_ groups: [[Observation]], fromML start: Double) {
        let atRisk = groups.map { group in group.filter { $0.volumeML > start } }
        effectiveRuns = atRisk.map { effectiveCount($0.lazy.map(\.weight)) }.min() ?? 0
        endML = atRisk.contains(where: \.isEmpty) ? nil : atRisk.compactMap { $0.map(\.volumeML).max() }.min()
        var order: [(observation: Observation, group: Int)] = []
        for (n, group) in atRisk.enumerated() { order += group.map { ($0, n) } }
        // Of equal volumes leaks come first, as Kaplan and Meier have it.
        order.sort { a, b in
            (a.observation.volumeML, a.observation.way == nil ? 1 : 0)
                < (b.observation.volumeML, b.observation.way == nil ? 1 : 0)
        }
        // Sums from the end, so that the last run's weight is exactly what is left.
        var left = order.map(\.observation.weight)
        var behind = [Double](repeating: 0, count: groups.count)
        for n in order.indices.reversed() {
            behind[order[n].group] += order[n].observation.weight
            left[n] = behind[order[n].group]
        }
        var steps: [Step] = []
        var survival = 1.0
        for (n, entry) in order.enumerated() {
            guard let way = entry.observation.way, left[n] > 0 else { continue }
            let hazard = entry.observation.weight / left[n]
            let increment = survival * hazard
            survival -= increment
            steps.append(
                Step(
                    volumeML: entry.observation.volumeML, survival: max(survival, 0), way: way, group: entry.group,
                    increment: increment))
        }
        self.steps = steps
    }

    /// Probability of a first leak up to a volume, mL.
    func probability(untilML volume: Double) -> Double {
        steps.last { $0.volumeML <= volume }.map { 1 - $0.survival } ?? 0
    }

    /// The volume at which the probability of a first leak reaches a value, mL; nil where it does not.
    func volumeML(reaching probability: Double) -> Double? {
        steps.first { 1 - $0.survival >= probability - 1e-12 }?.volumeML
    }

    /// Volumes at which the two limits of the probability's interval reach a value: the earliest and the latest, mL; nil beyond
    /// the end. The earliest is the start itself where even no leak among the runs leaves the value possible.
    func volumesML(reaching probability: Double, fromML start: Double) -> (earliest: Double?, latest: Double?) {
        func first(_ limit: (ClosedRange<Double>) -> Double) -> Double? {
            if limit(interval(0)) >= probability { return start }
            return steps.first { limit(interval(1 - $0.survival)) >= probability }?.volumeML
        }
        return (first(\.upperBound), first(\.lowerBound))
    }

    /// 90 % interval for a probability found among the effective runs (Wilson 1927, J Am Stat Assoc 22:209): of chance in the
    /// table's finite number of runs, not of the model.
    func interval(_ probability: Double) -> ClosedRange<Double> {
        guard effectiveRuns > 0 else { return 0...1 }
        return WilsonInterval.bounds(
            share: min(max(probability, 0), 1), trials: effectiveRuns, multiplier: WilsonInterval.multiplier90)
    }
}
