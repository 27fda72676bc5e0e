// The clicked vertebrae and those beside them as a row.
import Domain
import Imaging

/// Clicks put into the row that a network found around them; of the others only the neighbours are kept, which share discs and bound the arches.
struct SeededRow {
    private(set) var row: SpineRow
    /// For each member of the row its click; nil of a neighbour.
    private var seeds: [VertebraSeed?] = []

    /// A click lies nearer to the centre of its body than this share of the way to the next one, millimetres within these bounds: less than half,
    /// so that a click on the middle of a body that was overlooked is not its neighbour's (where centres stand more than 12 mm apart, as in all but
    /// the smallest necks); at least `VertebraSeed`'s reach and half of a disc. Our choice.
    private static let reachShare = 0.45
    private static let reachMM = 12.0...18.0

    /// - Parameters:
    ///   - seeds: cranial to caudal.
    ///   - found: what a network found around them.
    init(_ seeds: [VertebraSeed], found: SpineRow) {
        let reaches = Self.reachesMM(found)
        var members = zip(found.members, reaches).map { (member: $0, reachMM: $1, seed: VertebraSeed?.none) }
        for seed in seeds {
            let own = members.indices.filter { members[$0].seed == nil }.min {
                length(members[$0].member.centreMM - seed.pointMM) < length(members[$1].member.centreMM - seed.pointMM)
            }
            if let own, length(members[own].member.centreMM - seed.pointMM) <= members[own].reachMM {
                members[own].seed = seed
                continue
            }
            let at = members.firstIndex { $0.member.centreMM.z < seed.pointMM.z } ?? members.count
            members.insert((SpineRow.Member(centreMM: seed.pointMM, mass: 0), Self.reachMM.lowerBound, seed), at: at)
            if at + 1 < members.count {
                members[at + 1].member.missingAbove = max(0, members[at + 1].member.missingAbove - 1)
            }
        }
        row = SpineRow(members: [], sacrumMM: found.sacrumMM)
        var passedOver = 0
        for i in members.indices {
            let isBeside = [i - 1, i, i + 1].contains { members.indices.contains($0) && members[$0].seed != nil }
            guard isBeside else {
                passedOver += 1 + members[i].member.missingAbove
                continue
            }
            var member = members[i].member
            member.missingAbove = row.members.isEmpty ? 0 : member.missingAbove + passedOver
            passedOver = 0
            row.members.append(member)
            self.seeds.append(members[i].seed)
        }
        if passedOver > 0 { row.sacrumMM = nil }
    }

    /// Whether nobody stands above the uppermost click.
    var isFirstClicked: Bool { seeds.first.map { $0 != nil } ?? false }

    /// Whether nobody stands below the lowest click, S1 neither.
    var isLastClicked: Bool { row.sacrumMM == nil && seeds.last.map { $0 != nil } ?? false }

    /// The members that nobody clicked.
    var neighbours: Set<Int> { Set(seeds.indices.filter { seeds[$0] == nil }) }

    /// The clicked names; what was not clicked is unknown.
    var naming: LevelNaming {
        var naming = LevelNaming(positions: row.positions, readings: [], silences: [])
        for (i, seed) in seeds.enumerated() {
            guard let seed else { continue }
            naming.names[i] = seed.level
            naming.confidences[i] = 1
        }
        return naming
    }

    /// The clicked vertebrae of what was found; nil where one has no plausible body, or the click lies away from it.
    func seeded(of found: FoundSpine) -> SpineSegmentation? {
        var result = SpineSegmentation(vertebrae: [], quality: [], warnings: warnings)
        result.isGuided = true
        let reaches = Self.reachesMM(row)
        for (i, vertebra) in found.vertebrae.enumerated() {
            guard let seed = seeds[i] else { continue }
            guard var own = vertebra.vertebra, length(own.frame.originMM - seed.pointMM) <= reaches[i] else {
                return nil
            }
            own.origin = .seeded
            result.vertebrae.append(own)
            result.quality.append(vertebra.quality)
            result.warnings += vertebra.review.reasons.map { "\(own.level.rawValue): \($0)" }
        }
        return result
    }

    /// How near to each member's centre its click lies.
    private static func reachesMM(_ row: SpineRow) -> [Double] {
        row.members.indices.map { i in
            min(max(reachShare * (row.pitchMM(at: i) ?? 0), reachMM.lowerBound), reachMM.upperBound)
        }
    }

    /// Clicks whose levels do not count as the vertebrae between them do.
    private var warnings: [String] {
        let positions = row.positions
        let clicked = seeds.indices.compactMap { i in seeds[i].map { (level: $0.level, position: positions[i]) } }
        return zip(clicked, clicked.dropFirst()).compactMap { upper, lower in
            let named = Int(lower.level.labelValue) - Int(upper.level.labelValue)
            let counted = lower.position - upper.position
            guard named != counted else { return nil }
            return "By their names \(lower.level.rawValue) is \(named) below \(upper.level.rawValue), by the "
                + "vertebrae that were seen \(counted): a level may be misnamed."
        }
    }
}
