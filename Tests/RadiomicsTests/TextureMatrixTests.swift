// Texture matrices that can be counted by hand.
import Imaging
import Testing

@testable import Radiomics

/// A slice of 4×3 voxels with ranks of the levels 1, 3 and 4; · lies outside the region:
///
///     1 1 3 3
///     1 · 3 1
///     4 4 4 4
private let slice = LevelGrid(
    size: Index3(x: 4, y: 3, z: 1), ranks: [0, 0, 1, 1, 0, -1, 1, 0, 2, 2, 2, 2], levels: [1, 3, 4])

private let alongX = Direction(dx: 1, dy: 0, dz: 0)

@Suite struct TextureMatrixTests {
    @Test func `a voxel has 13 pairs of neighbours, 4 within its slice and 49 at distance 2`() {
        #expect(Set(Direction.all).count == 13)
        #expect(Direction.inPlane.count == 4 && Direction.inPlane.allSatisfy { $0.dz == 0 })
        #expect(Set(Direction.directions(distances: [2])).count == (5 * 5 * 5 - 3 * 3 * 3) / 2)
        #expect(Direction.directions(distances: [1], withoutAxis: 0).allSatisfy { $0.dx == 0 })
    }

    @Test func `pairs along x count in both orders`() {
        // 1-1, 1-3, 3-3 above; 3-1 in the middle, where a gap parts 1 and 3; 4-4 three times below.
        #expect(slice.cooccurrences([alongX])[0].counts == [2, 2, 0, 2, 2, 0, 0, 0, 6])
        #expect(slice.cooccurrences([alongX], isSymmetric: false)[0].counts == [1, 1, 0, 1, 1, 0, 0, 0, 3])
    }

    @Test func `a rare level in a large region changes the maximal correlation as in PyRadiomics`() throws {
        // Level 4 is in 3 of 1.3 million pairs, so that the 2.2e-16 that PyRadiomics adds to products of marginals counts.
        let counts = CountTable(
            levels: [1, 2, 3, 4], columns: [1, 2, 3, 4],
            counts: [400_000, 30_000, 0, 1, 30_000, 500_000, 20_000, 0, 0, 20_000, 300_000, 0, 1, 0, 0, 2])
        let matrix = try #require(CooccurrenceMatrix(counts))
        let feature = try #require(cooccurrenceFeatures.first { $0.name == "MCC" })
        // NumPy 2.4.6, sqrt(sort(linalg.eigvals(Q))[-2]) with Q as in PyRadiomics; without the constant ...751.
        #expect(abs(feature.formula(matrix) - 0.93473033745645029) < 1e-13)
    }

    @Test func `a gap ends a run`() {
        let runs = slice.runLengths([alongX])[0]
        #expect(runs.hasLineOfTwo)
        #expect(runs.table.columns == [1, 2, 4])
        // Level 1: two of one voxel and one of two; level 3: one of one and one of two; level 4: one of four.
        #expect(runs.table.counts == [2, 1, 0, 1, 1, 0, 0, 0, 1])
    }

    @Test func `a direction across a single slice has no line of two voxels`() {
        #expect(!slice.runLengths([Direction(dx: 0, dy: 0, dz: 1)])[0].hasLineOfTwo)
    }

    @Test func `two voxels on a line with a gap between them make a line of two`() {
        let apart = LevelGrid(size: Index3(x: 3, y: 3, z: 1), ranks: [0, -1, -1, -1, -1, -1, -1, -1, 0], levels: [1])
        #expect(apart.runLengths([Direction(dx: 1, dy: 1, dz: 0)])[0].hasLineOfTwo)
        #expect(!apart.runLengths([alongX])[0].hasLineOfTwo)
    }

    @Test func `zones join across corners`() {
        let table = SizeZones(slice).table
        // Level 1: 3 voxels at the left and one alone; level 3: 3 voxels; level 4: 4.
        #expect(table.columns == [1, 3, 4])
        #expect(table.counts == [1, 1, 0, 0, 1, 0, 0, 0, 1])
    }

    @Test func `slices are counted apart within a slice`() {
        let two = LevelGrid(size: Index3(x: 2, y: 1, z: 2), ranks: [0, 0, 0, 0], levels: [1])
        #expect(SizeZones(two).table.columns == [4])
        let zones = SizeZones(two, Direction.inPlane, slices: 1..<2)
        #expect(zones.table.columns == [2])
        #expect(two.cooccurrences([alongX], slices: 0..<1)[0].total == 2)
        #expect(Neighbourhoods(two, Direction.inPlane, slices: 0..<1).voxels == [2])
    }

    @Test func `a voxel without neighbours counts but does not differ`() {
        // 2 and 5 side by side, 2 alone at the end.
        let row = LevelGrid(size: Index3(x: 4, y: 1, z: 1), ranks: [0, 1, -1, 0], levels: [2, 5])
        let neighbourhoods = Neighbourhoods(row)
        #expect(neighbourhoods.voxels == [2, 1])
        #expect(neighbourhoods.voxelsWithNeighbours == [1, 1])
        #expect(neighbourhoods.differences == [3, 3])
        #expect(neighbourhoods.dependences.columns == [1] && neighbourhoods.dependences.counts == [2, 1])
        #expect(Neighbourhoods(row, coarseness: 3).dependences.counts == [1, 1, 0, 1])
    }

    @Test func `tables with other columns are added column by column`() {
        var table = CountTable(levels: [1, 2], columns: [1, 3], counts: [1, 2, 3, 4])
        table += CountTable(levels: [1, 2], columns: [2, 3], counts: [10, 20, 30, 40])
        #expect(table.columns == [1, 2, 3])
        #expect(table.counts == [1, 10, 22, 3, 30, 44])
        #expect(table.scaled(by: 0.5).total == 55)
    }

    @Test func `quantiles lie between neighbours in ascending order`() {
        let values = (0..<101).map { Double($0 * 37 % 101) }  // 0 … 100 in another order
        #expect(quantiles([0, 0.25, 0.5, 1], of: values) == [0, 25, 50, 100])
        #expect(quantiles([0.5, 0.9], of: [4, 1, 3, 2]) == [2.5, 3.7])
        #expect(quantiles([0.1, 0.9], of: [7, 7, 7]) == [7, 7])
        // All but one value in a single interval.
        #expect(quantiles([0.25, 0.5, 0.75], of: [3, 1, 2, 5, 1e300]) == [2, 3, 5])
        #expect(quantiles([0.5], of: [])[0].isNaN)
    }
}
