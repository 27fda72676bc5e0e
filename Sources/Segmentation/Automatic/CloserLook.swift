// Puts vertebrae back that the locating network missed, where the outlining network sees a body of its own.
import Imaging

/// Looks where a vertebra could be: between bodies that lie further apart than a disc is thick, and beyond a row's ends.
struct CloserLook {
    let volume: Volume
    let outliner: VertebraOutliner

    /// Two bodies further apart than this have room for one between them, millimetres: thicker than any disc, thinner than any vertebra with
    /// its discs. Our choice.
    private static let leastRoomMM = 12.0
    /// A body's volume, width and depth against its neighbour's. Our choice.
    private static let volumeRatios = 0.5...2.0
    private static let widthRatios = 0.7...1.4
    /// How far a second look may move a centre, millimetres: more is no body that the network is sure of. Our choice.
    private static let greatestMoveMM = 3.0
    /// How far beyond an end its body may lie from its expected place, as a share of the step. Our choice.
    private static let greatestShift = 0.3
    /// The step past a doubtful member, and to one that was found between two, against the usual one. Our choice.
    private static let mostOfStep = 1.6
    private static let leastOfStep = 0.5
    /// So many are sought beyond an end. Our choice: the locating network seldom misses three in a row.
    static let mostBeyond = 2

    /// - Throws: a cancellation.
    func completed(_ row: SpineRow) throws -> SpineRow {
        var result = try thinned(row)
        guard result.members.count > 1 else { return result }
        var i = 0
        while i + 1 < result.members.count {
            if let centre = try between(i, i + 1, in: result) {
                let below = result.members[i + 1]
                result.members.insert(
                    SpineRow.Member(centreMM: centre, mass: (result.members[i].mass + below.mass) / 2), at: i + 1)
                // Whether one more is missing is asked again on both sides of it.
                result.members[i + 2].missingAbove = max(0, below.missingAbove - 1)
            } else {
                i += 1
            }
        }
        return try extended(result, isUpward: true, isDownward: result.sacrumMM == nil)
    }

    /// The row with the vertebrae that stand beyond its ends.
    /// - Throws: a cancellation.
    func extended(_ row: SpineRow, isUpward: Bool, isDownward: Bool, atMost: Int = mostBeyond) throws -> SpineRow {
        var result = row
        guard row.members.count > 1 else { return row }
        if isUpward { try extend(&result, isUpward: true, atMost) }
        if isDownward { try extend(&result, isUpward: false, atMost) }
        return result
    }

    /// The row without members in which there is no body of their own, where their neighbours stand no further apart for it than most.
    private func thinned(_ row: SpineRow) throws -> SpineRow {
        var result = row
        let usual = usualStepMM(row)
        var i = 1
        while i + 1 < result.members.count {
            let (above, below) = (result.members[i - 1], result.members[i + 1])
            let isBetween = length(below.centreMM - above.centreMM) <= Self.mostOfStep * usual
            let seen = isBetween ? try glance(at: result.members[i].centreMM, result).body : nil
            if isBetween, (seen?.volumeML ?? 0) < VertebraView.leastML {
                result.members[i + 1].missingAbove = 0
                result.members.remove(at: i)
            } else {
                i += 1
            }
        }
        return result
    }

    private func between(_ i: Int, _ j: Int, in row: SpineRow) throws -> PointMM? {
        let (upper, lower) = (row.members[i].centreMM, row.members[j].centreMM)
        let (above, below) = (try glance(at: upper, row), try glance(at: lower, row))
        let distance = length(lower - upper)
        let way = normalised(lower - upper)
        let free = stride(from: 0, through: distance, by: 0.5).filter { t in
            [above, below].allSatisfy { $0.ownBody.value(at: upper + way * t) < VertebraView.half }
        }
        guard let first = free.first, let last = free.last, last - first > Self.leastRoomMM else { return nil }
        let middle = upper + way * ((first + last) / 2)
        guard let centre = try body(near: middle, within: (last - first) / 2, beside: above, row),
            [upper, lower].allSatisfy({ length($0 - centre) >= Self.leastOfStep * usualStepMM(row) }),
            [above, below].allSatisfy({ $0.ownBody.value(at: centre) < VertebraView.half }),
            !Self.isDisc(centre, for: [above, below])
        else { return nil }
        return centre
    }

    /// Whether all who see a place see disc there rather than bone: told of a vertebra in a very thick disc, the network draws one.
    static func isDisc(_ place: PointMM, for neighbours: [VertebraView]) -> Bool {
        neighbours.allSatisfy { $0.holds(place) && $0.discOverBone.value(at: place) > VertebraView.half }
    }

    private func usualStepMM(_ row: SpineRow) -> Double {
        var steps = zip(row.members, row.members.dropFirst()).map { length($1.centreMM - $0.centreMM) }
        return median(&steps)
    }

    private func extend(_ row: inout SpineRow, isUpward: Bool, _ most: Int) throws {
        for _ in 0..<most {
            let (end, next) = isUpward ? (0, 1) : (row.members.count - 1, row.members.count - 2)
            let missing = row.members[max(end, next)].missingAbove
            let last = row.members[end]
            let step = (last.centreMM - row.members[next].centreMM) / Double(missing + 1)
            let expected = last.centreMM + step
            guard
                let centre = try body(
                    near: expected, within: Self.greatestShift * length(step),
                    beside: try glance(at: last.centreMM, row), row)
            else { return }
            row.members.insert(SpineRow.Member(centreMM: centre, mass: last.mass), at: isUpward ? 0 : row.members.count)
        }
    }

    /// The centre of a body near an expected place that two looks agree on and that is of its neighbour's kind; nil of none.
    private func body(
        near expected: PointMM, within reachMM: Double, beside neighbour: VertebraView, _ row: SpineRow
    ) throws -> PointMM? {
        // The border of the scan may hide a part: what of the neighbour would be seen in its place is what to expect.
        guard let beside = neighbour.body?.centreMM else { return nil }
        let model = neighbour.moved(by: expected - beside, within: volume.geometry)
        guard let inView = model.body, inView.volumeML >= VertebraView.leastML else { return nil }
        let hidden = expected - inView.centreMM
        guard let first = try glance(at: expected, row).body, length(first.centreMM - inView.centreMM) <= reachMM else {
            return nil
        }
        let view = try glance(at: first.centreMM + hidden, row)
        guard let second = view.body, length(second.centreMM - first.centreMM) <= Self.greatestMoveMM,
            length(second.centreMM - inView.centreMM) <= reachMM,
            Self.volumeRatios.contains(second.volumeML / inView.volumeML)
        else { return nil }
        let cranial = expected - beside
        let sizes = [(view, second.centreMM), (model, inView.centreMM)].map { view, centre in
            view.halfExtentMM(in: VertebralFrame(centreMM: centre, cranial: cranial.z < 0 ? -cranial : cranial))
        }
        guard let own = sizes[0], let other = sizes[1], Self.widthRatios.contains(own.x / other.x),
            Self.widthRatios.contains(own.y / other.y)
        else { return nil }
        return second.centreMM
    }

    private func glance(at centre: PointMM, _ row: SpineRow) throws -> VertebraView {
        let known = row.members.map(\.centreMM) + (row.sacrumMM.map { [$0] } ?? [])
        return try outliner.glance(at: centre, rivals: known.filter { length($0 - centre) > 1 }, in: volume)
    }
}
