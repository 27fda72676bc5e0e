// The network's maps as the search for discs, surfaces and arches asks them.
import Imaging

/// Images and answers made of `SpineMaps`.
struct SpineGuide: Sendable {
    /// How surely each point is disc.
    let disc: Volume
    /// How much more surely each point is disc than body, -1…1.
    let discOverBody: Volume
    /// How surely each point is vertebra, body or posterior.
    let vertebra: Volume
    private let maps: SpineMaps
    /// What the outlining network says of each vertebra of the row; empty without one.
    private(set) var views: [VertebraView] = []

    /// Bone counts as vertebra from the first probability, anything else from the second (docs/segmentation.md).
    private static let leastOfBone: Float = 0.12
    private static let leastOfAny: Float = 0.6
    /// No vertebra from this probability of sacrum, rib or pelvis.
    private static let mostOfOtherBone: Float = 0.5
    /// What a millimetre between the centre that a voxel votes for and the vertebra's own costs, and where it is another's.
    private static let costPerMM = 0.5
    private static let greatestDissentMM = 24.0
    /// Voxels of a vertebra lie this near to its centre, and vote for a place this near to it. Our choice.
    private static let reachMM = 90.0
    private static let ownVoteMM = 12.0
    /// So many voxels in the outermost layer say that the scan ends in the vertebra; fewer can be noise. Our choice.
    private static let leastOfCut = 4
    /// Bone counts as vertebra, too, from this probability that the outlining network gives; and what its full doubt costs. Our choice.
    private static let leastOfOwnBone: Float = 0.3
    private static let costOfDoubt = 12.0
    /// What certain disc against bone counts as, HU: by the maps of 3 mm, which blur thin discs, and by the views of 1.5 mm (docs/segmentation.md).
    private static let discHU = 60.0
    private static let viewedDiscHU = 250.0
    /// What a fall from vertebra to something else counts as, HU: measured with the falls of HU on lumbar scans (docs/segmentation.md).
    private static let fallHU: Float = 60
    /// Votes of voxels that are vertebra with less probability than this mean little.
    private static let leastOfVoter: Float = 0.3

    init(_ maps: SpineMaps) {
        self.maps = maps
        disc = maps.image(of: .disc)
        vertebra = maps.vertebraImage()
        var difference = disc
        let body = maps[.body]
        for i in body.indices { difference.voxels[i] -= body[i] }
        discOverBody = difference
    }

    /// The same guide with a closer look at each vertebra of the row.
    func looking(_ views: [VertebraView]) -> SpineGuide {
        var guide = self
        guide.views = views
        return guide
    }

    /// The same guide for vertebrae beyond the row.
    var withoutViews: SpineGuide { looking([]) }

    /// The closer look at a vertebra of the row; nil without one.
    func view(of i: Int) -> VertebraView? { views.indices.contains(i) ? views[i] : nil }

    /// What speaks for disc between vertebra i of the row and the next.
    func discEvidence(below i: Int) -> DiscEvidence {
        discEvidence([i, i + 1])
    }

    /// What speaks for disc on either side of vertebra i.
    func discEvidence(besides i: Int) -> DiscEvidence {
        discEvidence([i])
    }

    private func discEvidence(_ members: [Int]) -> DiscEvidence {
        let images = members.compactMap { view(of: $0)?.discOverBone }
        return images.isEmpty
            ? DiscEvidence(images: [discOverBody], weightHU: Self.discHU)
            : DiscEvidence(images: images, weightHU: Self.viewedDiscHU)
    }

    /// Where on the way between two points inside bodies neither vertebra is seen closely, millimetres from the first, a millimetre more on
    /// each side; nil where one has no closer look, or the way does not begin and end in them.
    func gap(below i: Int, from upper: PointMM, to lower: PointMM) -> ClosedRange<Double>? {
        guard let above = view(of: i)?.ownBody, let below = view(of: i + 1)?.ownBody,
            above.value(at: upper) >= VertebraView.half, below.value(at: lower) >= VertebraView.half
        else { return nil }
        let distance = length(lower - upper)
        let way = normalised(lower - upper)
        var (first, last) = (0.0, distance)
        for t in stride(from: 0, through: distance, by: 0.5) where above.value(at: upper + way * t) >= VertebraView.half
        {
            first = t
        }
        for t in stride(from: distance, through: 0, by: -0.5)
        where below.value(at: upper + way * t) >= VertebraView.half {
            last = t
        }
        return (min(first, last) - 1)...(max(first, last) + 1)
    }

    /// The middle of the body that was seen closely, where another centre is not inside it.
    func centre(of i: Int, insteadOf centre: PointMM) -> PointMM? {
        guard let view = view(of: i), view.ownBody.value(at: centre) < VertebraView.half, let body = view.body,
            body.volumeML >= VertebraView.leastML
        else { return nil }
        return body.centreMM
    }

    /// How far a body that is seen closely reaches along a direction; nil without a closer look or from outside it.
    func reach(of i: Int, from centre: PointMM, along direction: SIMD3<Double>) -> Double? {
        guard let body = view(of: i)?.ownBody, body.value(at: centre) >= VertebraView.half else { return nil }
        let places = Array(stride(from: 0, through: 30, by: 0.5))
        return places.last { body.value(at: centre + direction * $0) >= VertebraView.half }
    }

    /// What speaks for the surface of vertebra i's body.
    func bodyEvidence(of i: Int) -> BodyEvidence {
        guard let view = view(of: i) else {
            return BodyEvidence(image: vertebra, fallHU: Self.fallHU, isOutline: false)
        }
        return BodyEvidence(image: view.ownBody, fallHU: Self.fallHU, isOutline: true)
    }

    /// How large the body about a centre is, by what the network calls body; nil where it is hardly seen.
    func bodyExtent(at centre: PointMM, cranial: SIMD3<Double>) -> BodyExtent? {
        BodyExtent(maps: maps, frame: VertebralFrame(centreMM: centre, cranial: cranial))
    }

    /// How surely a disc lies between two body centres: the best section across the middle of the way, 0…1.
    func discBetween(_ upper: PointMM, _ lower: PointMM) -> Double {
        let way = lower - upper
        let frame = VertebralFrame(centreMM: upper, cranial: -way)
        let across = [.zero, frame.x * 6, frame.x * -6, frame.y * 5, frame.y * -5]
        var best = 0.0
        for t in stride(from: 0.2, through: 0.8, by: 1 / max(length(way), 1)) {
            let sum = across.reduce(0.0) { $0 + Double(disc.value(at: upper + way * t + $1)) }
            best = max(best, sum / Double(across.count))
        }
        return best
    }

    /// Whether the scan ends in a vertebra: its own voxels lie in the outermost layer of the scan.
    func isCut(_ centre: PointMM, scan: Geometry) -> Bool {
        let geometry = maps.geometry
        let at = geometry.index(of: centre).rounded(.toNearestOrAwayFromZero)
        let reach = Int(Self.reachMM / geometry.spacingMM.x)
        let steps = [geometry.xAxis, geometry.yAxis, geometry.zAxis].flatMap { [$0 * 3.5, $0 * -3.5] }
        var count = 0
        for z in max(0, Int(at.z) - reach)..<max(0, min(geometry.size.z, Int(at.z) + reach)) {
            for y in max(0, Int(at.y) - reach)..<max(0, min(geometry.size.y, Int(at.y) + reach)) {
                for x in max(0, Int(at.x) - reach)..<max(0, min(geometry.size.x, Int(at.x) + reach)) {
                    let i = geometry.offset(x: x, y: y, z: z)
                    guard vertebra.voxels[i] > 0.5 else { continue }
                    let point = geometry.point(at: Index3(x: x, y: y, z: z))
                    guard steps.contains(where: { scan.voxel(holding: point + $0) == nil }),
                        let answer = maps.answer(at: point), length(answer.centreMM - centre) < Self.ownVoteMM
                    else { continue }
                    count += 1
                }
            }
        }
        return count >= Self.leastOfCut
    }

    /// Whether a point behind the bodies can be vertebra: by the closer look at vertebra i, and where there is none by the maps.
    func isVertebra(at point: PointMM, isBone: Bool, of i: Int) -> Bool {
        if let view = view(of: i), view.holds(point) {
            return view.own.value(at: point) > (isBone ? Self.leastOfOwnBone : Self.leastOfAny)
        }
        guard let answer = maps.answer(at: point) else { return false }
        return answer.otherBone < Self.mostOfOtherBone
            && answer.vertebra > (isBone ? Self.leastOfBone : Self.leastOfAny)
    }

    /// Whether a point beside the bodies is seen closely as vertebra i's: the neck's transverse processes lie there.
    func isSeenOwn(at point: PointMM, of i: Int) -> Bool {
        guard let view = view(of: i), view.holds(point) else { return false }
        return view.own.value(at: point) >= VertebraView.half
    }

    /// What it costs that a point votes for another centre than this, vertebra i's, and that the closer look doubts that it is its own; nil
    /// where it belongs to another vertebra.
    func dissent(at point: PointMM, from centre: PointMM, of i: Int) -> Double? {
        let vote = dissentOfVote(at: point, from: centre)
        guard let view = view(of: i), view.holds(point) else { return vote }
        let own = Double(view.own.value(at: point))
        if vote == nil, own < 0.5 { return nil }
        return (vote ?? Self.costPerMM * Self.greatestDissentMM) + Self.costOfDoubt * (1 - own)
    }

    private func dissentOfVote(at point: PointMM, from centre: PointMM) -> Double? {
        guard let answer = maps.answer(at: point), answer.vertebra >= Self.leastOfVoter else {
            return Self.costPerMM * Self.greatestDissentMM / 2
        }
        let distance = length(answer.centreMM - centre)
        return distance <= Self.greatestDissentMM ? Self.costPerMM * distance : nil
    }
}
