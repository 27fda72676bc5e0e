// From votes to a row of vertebrae, on hand-made maps and peaks.
import Imaging
import Testing

@testable import Segmentation

private func peak(_ x: Double, _ y: Double, _ z: Double, mass: Double = 500) -> VotePeak {
    VotePeak(centreMM: [x, y, z], mass: mass)
}

/// Balls of one class whose voxels vote for the ball's centre, on a grid of 3 mm from the origin on.
private func maps(size: Index3, balls: [(centre: PointMM, radiusMM: Double, kind: SpineClass, votesFor: PointMM)])
    -> SpineMaps
{
    let geometry = Geometry(size: size, spacingMM: [3, 3, 3])
    var probabilities = Array(repeating: [Float](repeating: 0, count: size.count), count: SpineClass.allCases.count)
    var offsets = Array(repeating: [Float](repeating: 0, count: size.count), count: 3)
    for i in 0..<size.count {
        let p = geometry.point(at: Index3(x: i % size.x, y: i / size.x % size.y, z: i / (size.x * size.y)))
        let ball = balls.first { length($0.centre - p) <= $0.radiusMM }
        probabilities[(ball?.kind ?? .background).rawValue][i] = 1
        for axis in 0..<3 { offsets[axis][i] = ball.map { Float($0.votesFor[axis] - p[axis]) } ?? 0 }
    }
    return SpineMaps(geometry: geometry, probabilities: probabilities, offsetsMM: offsets)
}

@Suite struct CentreVotesTests {
    @Test func `each ball's votes make one peak at its centre, as heavy as it has voxels`() throws {
        let centres: [PointMM] = [[60, 60, 40], [62, 58, 66]]
        let maps = maps(size: Index3(x: 40, y: 40, z: 40), balls: centres.map { ($0, 10, .body, $0) })
        let peaks = CentreVotes.vertebrae(maps).peaks()
        #expect(peaks.count == 2)
        for centre in centres {
            let nearest = try #require(peaks.min { length($0.centreMM - centre) < length($1.centreMM - centre) })
            // Votes fall on the nearest voxel: half of 3 mm along each axis at most.
            #expect(length(nearest.centreMM - centre) < 2.6)
            // A ball of 10 mm holds 155 voxels of 27 mm³, give or take its rim.
            #expect(abs(nearest.mass - 155) < 12)
        }
    }

    @Test func `posterior elements do not vote, and a speck is no vertebra`() {
        let body: PointMM = [60, 60, 60]
        let maps = maps(
            size: Index3(x: 40, y: 40, z: 40),
            balls: [
                (body, 12, .body, body), ([60, 90, 60], 8, .posterior, [60, 100, 60]),
                ([60, 60, 100], 4, .body, [60, 60, 100]),
            ])
        #expect(CentreVotes.vertebrae(maps).peaks().count == 1)
    }

    @Test func `the sacrum's voxels vote for S1`() throws {
        let maps = maps(size: Index3(x: 40, y: 40, z: 40), balls: [([60, 60, 40], 20, .sacrum, [60, 51, 54])])
        #expect(CentreVotes.vertebrae(maps).peaks().isEmpty)
        let peak = try #require(CentreVotes.sacrum(maps).peaks().first)
        #expect(length(peak.centreMM - [60, 51, 54]) < 2.6)
    }

    @Test func `mirrored maps are turned back before they are averaged`() {
        let ball: PointMM = [30, 60, 60]
        let size = Index3(x: 41, y: 40, z: 40)
        var plain = maps(size: size, balls: [(ball, 10, .body, [39, 60, 60])])
        // The mirror about x = 60 of everything.
        let mirrored = maps(size: size, balls: [([90, 60, 60], 10, .body, [81, 60, 60])])
        let before = plain
        plain.average(withMirrored: mirrored)
        #expect(plain[.body] == before[.body])
        #expect(plain.offsetsMM == before.offsetsMM)
    }
}

@Suite struct RowSearchTests {
    /// A straight spine of pitch 30 mm, from z = 300 down.
    private func spine(_ count: Int) -> [VotePeak] { (0..<count).map { peak(0, 0, 300 - 30 * Double($0)) } }

    private func row(_ peaks: [VotePeak], sacrum: VotePeak? = nil, disc: Double? = nil) -> SpineRow {
        RowSearch(peaks: peaks, sacrum: sacrum, discBetween: { _, _ in disc }).row()
    }

    @Test func `a spine is found from head to feet, whatever lies beside it`() {
        let strays = [peak(110, 20, 150), peak(-110, 20, 148), peak(95, 30, 80), peak(-95, 30, 80)]
        let row = row((strays + spine(6)).reversed())
        #expect(row.members.map(\.centreMM) == spine(6).map(\.centreMM))
        #expect(row.members.allSatisfy { $0.missingAbove == 0 })
        #expect(row.positions == [0, 1, 2, 3, 4, 5])
    }

    @Test func `a vertebra without a peak leaves a gap and does not cut the row`() {
        var peaks = spine(7)
        peaks.remove(at: 3)
        let row = row(peaks)
        #expect(row.members.count == 6)
        #expect(row.members.map(\.missingAbove) == [0, 0, 0, 1, 0, 0])
        #expect(row.positions == [0, 1, 2, 4, 5, 6])
    }

    @Test func `a second peak in a body, without a disc before it, is left out`() {
        let extra = peak(0, 0, 300 - 30 * 2 - 15, mass: 300)
        let search = RowSearch(peaks: spine(5) + [extra], sacrum: nil) { upper, lower in
            upper.z - lower.z > 20 ? 0.9 : 0
        }
        #expect(search.row().members.map(\.centreMM) == spine(5).map(\.centreMM))
    }

    @Test func `the sacrum ends the row and is no member of it`() throws {
        let row = row(spine(3), sacrum: peak(0, 10, 205))
        #expect(row.members.count == 3)
        #expect(row.sacrumMM == [0, 10, 205])
        #expect(row.sacrumPosition == 3)
    }

    @Test func `the turn into a steep sacrum costs nothing`() {
        // L5 to S1 by 45° from a straight spine.
        let row = row(spine(3), sacrum: peak(0, 24, 216), disc: 1)
        #expect(row.sacrumMM == [0, 24, 216])
    }

    @Test func `one peak is a row of one, none is none`() {
        #expect(row([peak(1, 2, 3)]).members.map(\.centreMM) == [[1, 2, 3]])
        #expect(row([]).members.isEmpty)
        #expect(row([], sacrum: peak(0, 0, 0)).members.isEmpty)
    }

    @Test func `a weak vertebra in a gap is put back where its votes are`() throws {
        // Three bodies of 10 mm; the middle one is so small that its peak was dropped.
        let centres: [PointMM] = [[60, 60, 105], [60, 60, 75], [60, 60, 45]]
        let maps = maps(
            size: Index3(x: 40, y: 40, z: 50),
            balls: [
                (centres[0], 10, .body, centres[0]), (centres[1], 5.5, .body, centres[1]),
                (centres[2], 10, .body, centres[2]),
            ])
        let votes = CentreVotes.vertebrae(maps)
        let row = RowSearch(peaks: votes.peaks(), sacrum: nil, discBetween: { _, _ in nil }).row()
        #expect(row.members.map(\.missingAbove) == [0, 1])
        let repaired = RowRepair(votes: votes).repaired(row)
        #expect(repaired.members.map(\.missingAbove) == [0, 0, 0])
        #expect(length(repaired.members[1].centreMM - centres[1]) < 2.6)
    }

    @Test func `an empty gap stays a gap`() {
        let centres: [PointMM] = [[60, 60, 105], [60, 60, 45]]
        let maps = maps(size: Index3(x: 40, y: 40, z: 50), balls: centres.map { ($0, 10, .body, $0) })
        let row = SpineRow(members: [
            .init(centreMM: centres[0], mass: 155), .init(centreMM: centres[1], mass: 155, missingAbove: 1),
        ])
        #expect(RowRepair(votes: CentreVotes.vertebrae(maps)).repaired(row) == row)
    }
}

@Suite struct CutVertebraTests {
    @Test func `a vertebra whose voxels lie at the scan's border is cut, and no other`() {
        let centres: [PointMM] = [[60, 60, 100], [60, 60, 70]]
        let maps = maps(size: Index3(x: 40, y: 40, z: 50), balls: centres.map { ($0, 12, .body, $0) })
        let guide = SpineGuide(maps)
        // Voxels from z = 0 to 105: the upper ball would reach to 112.
        let scan = Geometry(size: Index3(x: 120, y: 120, z: 106), spacingMM: [1, 1, 1])
        #expect(guide.isCut(centres[0], scan: scan))
        #expect(!guide.isCut(centres[1], scan: scan))
        let taller = Geometry(size: Index3(x: 120, y: 120, z: 130), spacingMM: [1, 1, 1])
        #expect(!guide.isCut(centres[0], scan: taller))
    }
}

@Suite struct LocateGridTests {
    private func ramp(_ geometry: Geometry) -> Volume {
        var volume = Volume(geometry: geometry, filledWith: 0)
        for z in 0..<geometry.size.z {
            for y in 0..<geometry.size.y {
                for x in 0..<geometry.size.x {
                    volume[x, y, z] = Float(10 * x + 7 * y + 3 * z)
                }
            }
        }
        return volume
    }

    @Test func `it covers the scan with 16 voxels of air around, in multiples of 8`() {
        let scan = ramp(Geometry(size: Index3(x: 60, y: 50, z: 40), spacingMM: [1, 1, 1], originMM: [-10, 5, 3]))
        let located = LocateGrid.volume(of: scan)
        let g = located.geometry
        #expect(g.spacingMM == [3, 3, 3])
        #expect([g.size.x, g.size.y, g.size.z].allSatisfy { $0 % 8 == 0 })
        #expect(located[15, 20, 20] == -1_024)
        let first = g.point(at: Index3(x: 16, y: 16, z: 16))
        // The last multiples of 24 mm before the scan's corner at (-10.5, 4.5, 2.5).
        #expect(first == [-24, 0, 0])
    }

    @Test func `a cropped scan is sampled at the same points`() {
        let whole = ramp(Geometry(size: Index3(x: 60, y: 50, z: 40), spacingMM: [1, 1, 1], originMM: [-10, 5, 3]))
        let part = whole.cropped(from: Index3(x: 5, y: 4, z: 7), size: Index3(x: 50, y: 42, z: 30))
        let (one, other) = (LocateGrid.volume(of: whole), LocateGrid.volume(of: part))
        let middle: PointMM = [21, 27, 24]
        let (a, b) = (one.geometry.index(of: middle), other.geometry.index(of: middle))
        #expect(a == a.rounded(.toNearestOrAwayFromZero) && b == b.rounded(.toNearestOrAwayFromZero))
        #expect(abs(one.value(atIndex: a) - other.value(atIndex: b)) < 0.01)
        // Three halvings of both grids meet at the same points.
        #expect((0..<3).allSatisfy { (a[$0] - b[$0]).truncatingRemainder(dividingBy: 8) == 0 })
    }

    @Test func `voxels of 3 mm keep their values`() {
        let scan = ramp(
            Geometry(
                size: Index3(x: 12, y: 10, z: 9), spacingMM: [3, 3, 3], originMM: [100.7, -20.3, 11.1],
                xAxis: [-1, 0, 0],
                yAxis: [0, -1, 0]))
        let located = LocateGrid.volume(of: scan)
        let point = scan.geometry.point(at: Index3(x: 4, y: 5, z: 6))
        #expect(abs(located.value(at: point) - scan[4, 5, 6]) < 0.01)
    }
}
