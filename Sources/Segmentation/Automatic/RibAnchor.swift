// What the ribs say of the levels: the lowest vertebra with ribs on both sides is T12.
import Domain
import Imaging

/// The reading of the row's ribs.
struct RibAnchor {
    let maps: SpineMaps
    let scan: Geometry

    /// Where a rib leaves its vertebra, in the vertebra's frame, millimetres: beside the body and the transverse process, at and above
    /// the centre, near enough that the ribs above have not come down so far. Our choice.
    private static let beside = 10.0...34.0
    private static let behind = -38.0...6.0
    private static let height = -8.0...18.0
    /// Rib in that place, mL, for a side that bears one, and for a side that clearly bears none. Our choice: short twelfth ribs on slices of 5 mm
    /// count 0.45 to 0.83, lumbar transverse processes up to 0.25.
    private static let leastML = 0.85
    private static let mostOfNoneML = 0.35
    /// Less probability of rib is nothing. Our choice.
    private static let leastOfRib: Float = 0.05
    /// So many vertebrae in a row bear ribs where the first in view bears none. Our choice.
    private static let leastOfRun = 3

    /// Rib beside one vertebra: each voxel counts as far as it is likely to be rib, so that a short rib, of which no voxel is sure, is not overlooked.
    struct Count: Equatable {
        var rightML = 0.0
        var leftML = 0.0
    }

    /// The reading, or why there is none.
    func reading(of row: SpineRow) -> Result<LevelReading, Silence> {
        let counts = row.members.indices.map { count(at: row.members[$0].centreMM, cranial: row.cranial(at: $0)) }
        let isSeen = row.members.indices.map {
            areRibsInView(at: row.members[$0].centreMM, cranial: row.cranial(at: $0))
        }
        return Self.reading(counts, isSeen: isSeen, positions: row.positions)
    }

    /// - Parameters:
    ///   - counts: for each vertebra of the row.
    ///   - isSeen: whether the scan shows where its ribs would begin.
    static func reading(_ counts: [Count], isSeen: [Bool], positions: [Int]) -> Result<LevelReading, Silence> {
        let bears = counts.map { $0.rightML >= leastML && $0.leftML >= leastML }
        let runs = bears.indices.filter { bears[$0] && ($0 == 0 || !bears[$0 - 1]) }.map { first in
            first..<(bears[first...].firstIndex(of: false) ?? bears.count)
        }
        guard let run = runs.max(by: { $0.count < $1.count }) else {
            return .failure(Silence("No vertebra with ribs on both sides is in view."))
        }
        // A transverse process or an iliac crest can be taken for rib below, never in as many vertebrae as bear ribs.
        guard runs.count(where: { $0.count == run.count }) == 1, run.lowerBound == 0 || run.count >= leastOfRun else {
            return .failure(Silence("Too few vertebrae in view bear ribs on both sides to tell the last of them."))
        }
        let lowest = run.upperBound - 1
        guard lowest + 1 < counts.count, positions[lowest + 1] == positions[lowest] + 1, isSeen[lowest + 1] else {
            return .failure(
                Silence("The lowest vertebra in view still bears ribs: the scan does not show where they end."))
        }
        guard counts[(lowest + 1)...].prefix(2).allSatisfy({ max($0.rightML, $0.leftML) < mostOfNoneML }) else {
            return .failure(
                Silence("Below the last pair of ribs there is still some rib: where they end is not clear."))
        }
        return .success(
            LevelReading(
                anchor: .ribs, position: positions[lowest], level: .T12,
                finding: "Vertebra \(lowest + 1) from the head is the last with ribs on both sides"))
    }

    /// Whether the scan shows the place where a vertebra's ribs begin, on both sides: a vertebra that its border cuts says nothing of ribs.
    func areRibsInView(at centre: PointMM, cranial: SIMD3<Double>) -> Bool {
        let frame = VertebralFrame(centreMM: centre, cranial: cranial)
        return [-Self.beside.upperBound, Self.beside.upperBound].allSatisfy { x in
            [Self.height.lowerBound, Self.height.upperBound].allSatisfy { z in
                [Self.behind.lowerBound, Self.behind.upperBound].allSatisfy { y in
                    scan.voxel(holding: frame.point([x, y, z])) != nil
                }
            }
        }
    }

    /// Rib in the place where a vertebra's ribs begin.
    func count(at centre: PointMM, cranial: SIMD3<Double>) -> Count {
        let frame = VertebralFrame(centreMM: centre, cranial: cranial)
        let ribs = maps[.rib]
        let size = maps.geometry.size
        let at = maps.geometry.index(of: centre).rounded(.toNearestOrAwayFromZero)
        let reach = Int(60 / maps.geometry.spacingMM.x)
        let voxelML = maps.geometry.voxelVolumeMM3 / 1000
        var count = Count()
        for z in max(0, Int(at.z) - reach)..<max(0, min(size.z, Int(at.z) + reach)) {
            for y in max(0, Int(at.y) - reach)..<max(0, min(size.y, Int(at.y) + reach)) {
                for x in max(0, Int(at.x) - reach)..<max(0, min(size.x, Int(at.x) + reach))
                where ribs[(z * size.y + y) * size.x + x] > Self.leastOfRib {
                    let p = frame.local(maps.geometry.point(at: Index3(x: x, y: y, z: z)))
                    guard Self.beside.contains(abs(p.x)), Self.behind.contains(p.y), Self.height.contains(p.z) else {
                        continue
                    }
                    let ribML = Double(ribs[(z * size.y + y) * size.x + x]) * voxelML
                    if p.x > 0 { count.leftML += ribML } else { count.rightML += ribML }
                }
            }
        }
        return count
    }
}
