// The columns of the outcome table: what the export writes and the audit reads.

/// Names of columns, without their units. `docs/outcomes.md` is their dictionary.
package enum OutcomeColumns {
    package static let job = "job"
    package static let level = "level"
    package static let leaked = "leaked"
    package static let procedure = "procedure"
    package static let ascertainment = "ascertainment"
    package static let predictedProcedure = "predictedProcedure"
    package static let predictedAscertainment = "predictedAscertainment"

    /// Types with a probability of their own.
    package static let types = ["I", "II", "III", "IV"]
    package static let quadrants = ["AL", "AR", "PL", "PR"]
    package static let exits = [
        "superiorEndplate", "inferiorEndplate", "anterior", "leftLateral", "rightLateral", "posterior",
    ]

    /// Whether a leak of this type was seen: 1 or 0; empty where types were not told.
    package static func leak(type: String) -> String { "leak.type." + type }

    /// Whether cement left here: 1 or 0; empty where places were not told of every leak.
    package static func leak(_ kind: PlaceKind, _ place: String) -> String { "leak.\(kind.rawValue).\(place)" }

    /// Where the map ranks the place, 1 for the highest.
    package static func rank(_ kind: PlaceKind, _ place: String) -> String { "map.\(kind.rawValue).\(place).rank" }

    /// A probability of leakage, of any kind (`any`) or of a type.
    package static func probability(_ source: PredictionSource, of outcome: String) -> String {
        "\(source.rawValue).\(outcome)"
    }

    /// What a map ranks.
    package enum PlaceKind: String, CaseIterable, Sendable {
        case quadrant, exit

        package var places: [String] { self == .quadrant ? quadrants : exits }
    }

    /// Where a probability comes from.
    package enum PredictionSource: String, CaseIterable, Sendable {
        /// Published odds ratios.
        case evidence
        /// Simulated injections.
        case rehearsal
        /// The rule that puts both together.
        case combined
    }
}
