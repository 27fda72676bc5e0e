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

    /// Whether a point behind the bodies can be vertebra.
    func isVertebra(at point: PointMM, isBone: Bool) -> Bool {
        guard let answer = maps.answer(at: point) else { return false }
        return answer.otherBone < Self.mostOfOtherBone
            && answer.vertebra > (isBone ? Self.leastOfBone : Self.leastOfAny)
    }

    /// What it costs that a point votes for another centre than this; nil where it belongs to another vertebra.
    func dissent(at point: PointMM, from centre: PointMM) -> Double? {
        guard let answer = maps.answer(at: point), answer.vertebra >= Self.leastOfVoter else {
            return Self.costPerMM * Self.greatestDissentMM / 2
        }
        let distance = length(answer.centreMM - centre)
        return distance <= Self.greatestDissentMM ? Self.costPerMM * distance : nil
    }
}
