// How much height a vertebra has lost against its neighbours, and its grade.
import Domain

/// Height loss of one level against its neighbours.
package struct Compression: Sendable, Hashable {
    package var level: VertebralLevel
    /// 1 − H/((H above + H below)/2) in the column (anterior, middle or posterior) that lost most, 0…1; never below 0.
    ///
    /// The usual rate puts the least height of the body over its neighbours' mean; taking the column that lost most instead
    /// compares like with like where a healthy body is lowest in the middle (our choice).
    package var rate: Double
    /// The loss of each column, negative where the column is higher than its neighbours.
    package var columnLosses: ColumnLosses
    /// The levels whose heights were the reference: one above, one below, or both.
    package var references: [VertebralLevel]
    /// Genant semiquantitative grade: 0, 0.5, 1, 2 or 3.
    package var genantGrade: Double
    package var deformity: Deformity

    /// 1 − height over reference height, by column.
    package struct ColumnLosses: Sendable, Hashable {
        package var anterior: Double
        package var middle: Double
        package var posterior: Double
    }

    /// The shape of the height loss (Genant 1993, J Bone Miner Res 8:1137, names the three types; the rule is our choice).
    package enum Deformity: String, Sendable, CaseIterable {
        /// No column lost 20 %.
        case none
        /// The anterior column lost most.
        case wedge
        /// The middle column lost most.
        case biconcave
        /// The posterior column lost 20 % too.
        case crush
    }

    /// The reference in words, for a report.
    package var referenceText: String {
        let names = references.map(\.rawValue)
        return names.count == 2
            ? "mean of the same-column heights of \(names[0]) and \(names[1])"
            : "same-column heights of \(names.joined()), the only measured neighbour"
    }

    package static let source = """
        Genant semiquantitative grade from measured height loss: 0 below 20 %, 1 for 20-25 %, 2 for 25-40 %, 3 above 40 % \
        (10.21037/qims.2019.02.04); 0.5 (suspected) for 15-20 % is our choice
        """

    /// Compares each measured level with the levels directly above and below it.
    ///
    /// - Parameter heights: the column heights of every measured level.
    /// - Returns: for each level, cranial to caudal, its compression, or an omission where neither neighbour was measured.
    package static func assess(
        _ heights: [VertebralLevel: ColumnHeights]
    ) -> [VertebralLevel: Result<Compression, Unmeasured>] {
        var results: [VertebralLevel: Result<Compression, Unmeasured>] = [:]
        for (level, own) in heights {
            let neighbours = [level.labelValue - 1, level.labelValue + 1].compactMap { value in
                VertebralLevel(labelValue: value).flatMap { name in heights[name].map { (name, $0) } }
            }
            results[level] =
                neighbours.isEmpty
                ? .failure(unmeasured(level))
                : .success(Compression(level, own, neighbours: neighbours))
        }
        return results
    }

    private static func unmeasured(_ level: VertebralLevel) -> Unmeasured {
        Unmeasured(
            item: "compression and Genant grade of \(level.rawValue)",
            reason: "neither the level above nor the level below was measured whole; name one of them as a target too")
    }

    private init(_ level: VertebralLevel, _ own: ColumnHeights, neighbours: [(VertebralLevel, ColumnHeights)]) {
        func loss(_ column: KeyPath<ColumnHeights, Double>) -> Double {
            let reference = neighbours.reduce(0) { $0 + $1.1[keyPath: column] } / Double(neighbours.count)
            return 1 - own[keyPath: column] / reference
        }
        let losses = ColumnLosses(
            anterior: loss(\.anteriorMM), middle: loss(\.middleMM), posterior: loss(\.posteriorMM))
        self.level = level
        columnLosses = losses
        rate = max(losses.anterior, losses.middle, losses.posterior, 0)
        references = neighbours.map(\.0)
        genantGrade = Self.grade(rate)
        deformity = Self.deformity(losses)
    }

    /// Genant grade of a height loss (0…1): `source`.
    static func grade(_ loss: Double) -> Double {
        switch loss {
        case ..<0.15: 0
        case ..<0.20: 0.5
        case ..<0.25: 1
        case ...0.40: 2
        default: 3
        }
    }

    private static func deformity(_ losses: ColumnLosses) -> Deformity {
        if max(losses.anterior, losses.middle, losses.posterior) < 0.20 { return .none }
        if losses.posterior >= 0.20 { return .crush }
        return losses.middle > losses.anterior ? .biconcave : .wedge
    }
}
