// What an approach, or a change of plan, came to in a short rehearsal.
import Foundation

/// A short rehearsal of one approach.
package struct ApproachOutcome: Sendable {
    package var approach: RehearsalOrder.Approach
    package var needles: [NeedlePlan]
    /// At the planned volume.
    package var leakage: SimulatedShare
    /// How much each threshold allows.
    package var ceilings: Ceilings
    /// The map's score of a leak anywhere and into the canal: lower is later and rarer.
    package var score: Double
    package var canalScore: Double
    /// Where the figures come from.
    let tallies: LeakageTallies

    /// Volumes up to which a leak anywhere, and one into the canal, stays under its threshold.
    package struct Ceilings: Sendable, Hashable {
        package var any: VolumeCeiling
        package var canal: VolumeCeiling

        /// The lower of the two, mL.
        package var volumeML: Double { min(any.volumeML, canal.volumeML) }
    }
}

/// Simulated probabilities of leakage at one volume.
package struct SimulatedShare: Sendable, Hashable {
    package var volumeML: Double
    package var runs: Int
    package var any: Double
    package var any95: ClosedRange<Double>
    package var canal: Double
    package var canal95: ClosedRange<Double>

    init(any: LeakageTally, canal: LeakageTally, atML volume: Double) {
        let (all, posterior) = (any.leaks(byML: volume), canal.leaks(byML: volume))
        volumeML = volume
        runs = any.firstLeaksML.count
        self.any = Double(all) / Double(max(runs, 1))
        self.canal = Double(posterior) / Double(max(runs, 1))
        any95 = wilsonInterval(all, of: runs)
        canal95 = wilsonInterval(posterior, of: runs)
    }

    /// The larger of the two probabilities over its threshold: 1 is just allowed.
    func burden(_ thresholds: RehearsalOrder.Thresholds) -> Double {
        max(any / thresholds.any, canal / thresholds.canal)
    }
}

/// First leaks anywhere and into the canal.
struct LeakageTallies: Sendable {
    let any: LeakageTally
    let canal: LeakageTally

    init(_ result: RehearsalResult, endML: Double) {
        any = LeakageTally(result.outcomes, endML: endML) { [$0.anyML] }
        let canalExits = FlowExit.allCases.indices.filter { FlowExit.allCases[$0].leakageType == .canal }
        canal = LeakageTally(result.outcomes, endML: endML) { outcome in canalExits.map { outcome.exitsML[$0] } }
    }

    func share(atML volume: Double) -> SimulatedShare { SimulatedShare(any: any, canal: canal, atML: volume) }

    func ceilings(_ thresholds: RehearsalOrder.Thresholds) -> ApproachOutcome.Ceilings {
        ApproachOutcome.Ceilings(
            any: VolumeCeiling(any, threshold: thresholds.any), canal: VolumeCeiling(canal, threshold: thresholds.canal)
        )
    }
}
