// Small vertebrae sought again on a magnified picture: which count as small, how the rows are joined, and what the network makes of bodies 11 mm apart.
import Domain
import Imaging
import ReferenceData
import Testing

@testable import Segmentation

/// A row straight down, by the heights of its centres.
private func row(_ heights: [Double], mass: Double = 100) -> SpineRow {
    SpineRow(members: heights.map { SpineRow.Member(centreMM: [0, 0, $0], mass: mass) })
}

@Suite struct MagnifiedRowTests {
    /// Masses are voxels of 27 mm³: 100 are 2.7 mL, 1,000 are 27 mL.
    private func smallCount(_ masses: [Double]) -> Int {
        MagnifiedRow.smallCount(
            SpineRow(
                members: masses.enumerated().map {
                    SpineRow.Member(centreMM: [0, 0, -20 * Double($0.offset)], mass: $0.element)
                }))
    }

    @Test func `small bodies at the head count, a large one among them too, a cut one above large ones does not`() {
        #expect(smallCount([100, 120, 150, 200, 600, 800, 900]) == 4)
        #expect(smallCount([100, 500, 120, 150, 600, 800]) == 4)
        #expect(smallCount([100, 1_000, 1_000, 1_000]) == 0)
        #expect(smallCount([1_000, 1_000, 1_000, 100]) == 0)
        #expect(smallCount([100]) == 1)
        #expect(smallCount([]) == 0)
    }

    @Test func `the small vertebrae are the magnified row's, the others stay, and no vertebra comes twice`() {
        // Two of four small bodies were found, 24 mm apart; below them bodies of 20 mm pitch.
        let found = row([100, 76, 52, 32, 12])
        let magnified = row([100, 88, 76, 64, 51, 33])
        let joined = MagnifiedRow.joined(magnified, found, from: 2)
        #expect(joined.members.map(\.centreMM.z) == [100, 88, 76, 64, 52, 32, 12])
        #expect(joined.members.allSatisfy { $0.missingAbove == 0 })
    }

    @Test func `a magnified row that sees fewer is left, and a gap before the large ones is told`() {
        let found = row([100, 86, 72, 52, 32])
        #expect(MagnifiedRow.joined(row([100, 72]), found, from: 3) == found)
        #expect(MagnifiedRow.joined(row([]), row([40, 20]), from: 2) == row([40, 20]))
        #expect(MagnifiedRow.joined(row([40, 30, 20]), row([40, 20]), from: 2) == row([40, 30, 20]))
        let short = MagnifiedRow.joined(row([120, 106, 92]), found, from: 3)
        #expect(short.members.map(\.missingAbove) == [0, 0, 0, 1, 0])
    }

    /// The lumbar scan made so small that its bodies stand as closely as a neck's.
    @Test(.enabled(if: LumbarScan.isPresent, Comment(rawValue: ReferenceData.absent)))
    func `bodies 16 mm apart that the network loses at 3 mm are found when they are magnified`() throws {
        let (lumbar, scale) = (try LumbarScan(), 0.45)
        var scan = lumbar.volume
        scan.geometry.spacingMM *= scale
        scan.geometry.originMM *= scale
        let (locator, execution) = (try ShippedNetworks.locator(), try ShippedNetworks.execution())
        let maps = try locator.maps(of: scan, execution) { _ in }
        let plain = AutomaticSegmentation.row(maps, SpineGuide(maps))
        let magnified = try MagnifiedRow(volume: scan, locator: locator, execution: execution).completed(plain)
        let centres = LumbarScan.values.keys.compactMap { centroid(of: $0.labelValue, in: lumbar.bodies) }
        func found(_ row: SpineRow) -> Int {
            centres.count { centre in row.members.contains { length($0.centreMM - centre * scale) < 5 } }
        }
        #expect(centres.count == 5 && found(plain) < 3)
        #expect(found(magnified) >= 4)
        #expect(magnified.members.count <= 6)
    }
}

@Suite struct CountedStepsTests {
    @Test func `steps of fewer than three slices are not counted over`() {
        let thick = Geometry(size: Index3(x: 100, y: 100, z: 40), spacingMM: [0.5, 0.5, 5])
        let thin = Geometry(size: Index3(x: 100, y: 100, z: 200), spacingMM: [0.5, 0.5, 1])
        let neck = row([100, 88, 76, 60])
        #expect(AutomaticSegmentation.isCounted(neck, on: thick) == [false, false, true])
        #expect(AutomaticSegmentation.isCounted(neck, on: thin) == [true, true, true])
    }

    @Test func `no name is carried across a step in which a vertebra can be overlooked`() throws {
        let dens = LevelReading(anchor: .dens, position: 0, level: .C2, finding: "A dens is seen")
        let naming = LevelNaming(
            positions: [0, 1, 2, 3], readings: [dens], silences: [], isCounted: [true, false, true])
        #expect(naming.names.map(\.rawValue) == ["C2", "C3", "unknown-1", "unknown-2"])
        #expect(try #require(naming.reasons.first).contains("fewer than three slices"))
    }
}
