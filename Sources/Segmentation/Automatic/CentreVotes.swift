// Where the voxels of a scan say that body centres are.
import Imaging

/// A place that many voxels vote for.
struct VotePeak: Sendable, Hashable {
    var centreMM: PointMM
    /// Votes within 12 mm, in voxels of the locating grid; about the volume of the body.
    var mass: Double
}

/// The votes of all voxels of one kind, and their peaks.
struct CentreVotes {
    /// Votes at each voxel of the locating grid.
    private let votes: Volume

    /// Voxels count from this probability of being bone that votes.
    private static let leastProbability: Float = 0.4
    /// Gaussian that turns single votes into hills, voxels. It, the window and the radii are narrow enough for cervical pitches of 13 mm:
    /// chosen on generated scans (docs/segmentation.md).
    private static let hillSigmaVoxels = 0.8
    /// A peak is the highest voxel of a cube of this half edge.
    private static let windowVoxels = 1
    /// Peaks nearer to each other are one.
    private static let mergeMM = 9.0
    private static let massRadiusMM = 12.0
    private static let shiftRadiusMM = 6.0
    private static let shifts = 2
    /// A peak with a smaller share of the mass that is usual about it is no vertebra.
    private static let leastShare = 0.25
    /// How far "about it" reaches: bodies of the neck are an eighth of lumbar ones. Our choice.
    static let neighbourhoodMM = 150.0

    /// Bodies and posterior elements vote, weighted by how surely they are body.
    static func vertebrae(_ maps: SpineMaps) -> CentreVotes {
        let (body, posterior) = (maps[.body], maps[.posterior])
        return CentreVotes(
            maps, weights: body.indices.map { body[$0] + posterior[$0] > leastProbability ? body[$0] : 0 })
    }

    /// The sacrum votes for the centre of S1.
    static func sacrum(_ maps: SpineMaps) -> CentreVotes {
        CentreVotes(maps, weights: maps[.sacrum].map { $0 > leastProbability ? $0 : 0 })
    }

    private init(_ maps: SpineMaps, weights: [Float]) {
        let size = maps.geometry.size
        var votes = Volume(geometry: maps.geometry, filledWith: 0)
        let scale = Float(1 / maps.geometry.spacingMM.x)
        let (dx, dy, dz) = (maps.offsetsMM[0], maps.offsetsMM[1], maps.offsetsMM[2])
        votes.voxels.withUnsafeMutableBufferPointer { votes in
            var i = 0
            for z in 0..<size.z {
                for y in 0..<size.y {
                    for x in 0..<size.x {
                        defer { i += 1 }
                        guard weights[i] > 0 else { continue }
                        let tx = Int((Float(x) + dx[i] * scale).rounded())
                        let ty = Int((Float(y) + dy[i] * scale).rounded())
                        let tz = Int((Float(z) + dz[i] * scale).rounded())
                        guard tx >= 0, ty >= 0, tz >= 0, tx < size.x, ty < size.y, tz < size.z else { continue }
                        votes[(tz * size.y + ty) * size.x + tx] += weights[i]
                    }
                }
            }
        }
        self.votes = votes
    }

    /// The peaks, heaviest first.
    func peaks() -> [VotePeak] {
        let found = maxima().map { shifted($0) }.filter { $0.mass > 0 }.sorted { $0.mass > $1.mass }
        var distinct: [VotePeak] = []
        for peak in found where !distinct.contains(where: { length($0.centreMM - peak.centreMM) < Self.mergeMM }) {
            distinct.append(peak)
        }
        return distinct.filter { peak in
            let masses = distinct.filter { length($0.centreMM - peak.centreMM) <= Self.neighbourhoodMM }.map(\.mass)
            return peak.mass >= Self.leastShare * upperQuartile(masses)
        }
    }

    /// The peak that two mean shifts (Comaniciu and Meer 2002, IEEE Trans Pattern Anal 24:603) from a point lead to.
    func shifted(_ point: PointMM) -> VotePeak {
        var centre = point
        for _ in 0..<Self.shifts { centre = votes(around: centre, radiusMM: Self.shiftRadiusMM).mean }
        return VotePeak(centreMM: centre, mass: votes(around: centre, radiusMM: Self.massRadiusMM).mass)
    }

    /// The same from a place that is only roughly known.
    func gathered(near point: PointMM) -> VotePeak {
        shifted(votes(around: point, radiusMM: Self.massRadiusMM).mean)
    }

    private func votes(around point: PointMM, radiusMM: Double) -> (mean: PointMM, mass: Double) {
        let size = votes.geometry.size
        let centre = votes.geometry.index(of: point)
        let reach = radiusMM / votes.geometry.spacingMM.x
        let low = (centre - reach).rounded(.up)
        let high = (centre + reach).rounded(.down)
        var (mass, sum) = (0.0, SIMD3<Double>.zero)
        guard high.x >= 0, high.y >= 0, high.z >= 0 else { return (point, 0) }
        for z in max(0, Int(low.z))..<max(0, min(size.z, Int(high.z) + 1), Int(low.z)) {
            for y in max(0, Int(low.y))..<max(0, min(size.y, Int(high.y) + 1), Int(low.y)) {
                for x in max(0, Int(low.x))..<max(0, min(size.x, Int(high.x) + 1), Int(low.x)) {
                    let place = SIMD3(Double(x), Double(y), Double(z))
                    let away = place - centre
                    guard dot(away, away) <= reach * reach else { continue }
                    let weight = Double(votes.voxels[(z * size.y + y) * size.x + x])
                    mass += weight
                    sum += place * weight
                }
            }
        }
        return mass > 0 ? (votes.geometry.point(at: sum / mass), mass) : (point, 0)
    }

    /// Voxels of the smoothed votes that no other within the window exceeds.
    private func maxima() -> [PointMM] {
        let hills = votes.smoothed(sigmaVoxels: SIMD3(repeating: Self.hillSigmaVoxels))
        let size = hills.geometry.size
        let w = Self.windowVoxels
        let least = (hills.voxels.max() ?? 0) / 100
        var found: [PointMM] = []
        hills.voxels.withUnsafeBufferPointer { v in
            for z in w..<max(w, size.z - w) {
                for y in w..<max(w, size.y - w) {
                    for x in w..<max(w, size.x - w) {
                        let here = v[(z * size.y + y) * size.x + x]
                        guard here > least else { continue }
                        var isHighest = true
                        for dz in -w...w where isHighest {
                            for dy in -w...w where isHighest {
                                for dx in -w...w
                                where v[((z + dz) * size.y + y + dy) * size.x + x + dx] > here { isHighest = false }
                            }
                        }
                        if isHighest { found.append(hills.geometry.point(at: Index3(x: x, y: y, z: z))) }
                    }
                }
            }
        }
        return found
    }
}

/// The value that a quarter of the values reach or exceed; 0 of nothing.
func upperQuartile(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.sorted()[(3 * (values.count - 1) + 3) / 4]
}
