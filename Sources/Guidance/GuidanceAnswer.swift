// What a table says to a reading: the next hazard, its direction, and the volume left.
import Domain

/// The answer to a reading of a running injection. Every probability and volume is that of simulated injections.
package struct GuidanceAnswer: Codable, Sendable, Hashable {
    package var schema = "osteon.rehearsal/1"
    package var disclaimer = Report.disclaimerText
    package var level: VertebralLevel
    package var needles: [NeedleFigures]
    package var volumeSoFarML: Double
    package var warning: Warning
    /// The likeliest first leak; absent where no simulated injection leaked.
    package var nextHazard: Hazard?
    /// The other ways with at least 1 % of the first leaks, likeliest first.
    package var otherHazards: [Hazard]
    /// Total volumes at which 5, 50 and 95 % have had their first leak, mL; null where fewer leak up to the table's end.
    package var firstLeakML: [Double?]
    package var volumeLeft: [VolumeLeft]
    /// First leak within the volume looked ahead.
    package var lookAhead: LookAhead
    /// Part of the simulated injections from here that had leaked by now; the rest of the answer is about the others.
    package var leakedBefore: Probability
    /// Nothing was simulated beyond this total volume, mL.
    package var tableEndsML: Double
    package var conditions: GuidanceTable.Conditions
    package var thresholds: GuidanceQuery.Thresholds
    /// What the answer does not know.
    package var limits: [String]

    /// How well a table covers a needle's place.
    package struct NeedleFigures: Codable, Sendable, Hashable {
        package var tipLPSMM: SIMD3<Double>
        package var share: Double
        /// Standard deviation of the kernel, mm.
        package var bandwidthMM: Double
        /// How many equal simulated injections the weighted ones are worth; those without a leak so far.
        package var effectiveRuns: Double
    }

    /// A probability with its 90 % interval of chance.
    package struct Probability: Codable, Sendable, Hashable {
        package var value: Double
        package var lower: Double
        package var upper: Double
    }

    /// A way out, and where it lies.
    package struct Hazard: Codable, Sendable, Hashable {
        package var exit: String
        package var passage: GuidanceTable.Way.Passage
        package var type: String
        package var hazard: String
        package var placeLPSMM: SIMD3<Double>
        /// That the first leak is this one and comes before the table's end.
        package var probability: Probability
        /// Total volumes at which 5, 50 and 95 % of the first leaks through this way have come, mL.
        package var firstLeakML: [Double]
        /// Index of the needle that most of these leaks come from.
        package var needle: Int
        /// From that needle's tip.
        package var direction: Direction
    }

    /// How much more until a stated risk is reached.
    package struct VolumeLeft: Codable, Sendable, Hashable {
        package var risk: Double
        /// mL; absent where the risk is not reached up to the table's end.
        package var volumeML: Double?
        /// 90 % interval of chance, mL; absent beyond the table's end.
        package var lowerML: Double?
        package var upperML: Double?
    }

    package struct LookAhead: Codable, Sendable, Hashable {
        package var volumeML: Double
        package var probability: Probability
    }

    package struct Warning: Codable, Sendable, Hashable {
        package var level: Level
        package var text: String

        /// In rising order.
        package enum Level: String, Codable, Sendable, CaseIterable, Comparable {
            case ok, caution, stop

            package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }

            private var rank: Int { self == .ok ? 0 : self == .caution ? 1 : 2 }
        }
    }
}
