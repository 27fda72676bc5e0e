// Clicks in a row that was found: by hand on five bodies 30 mm apart.
import Domain
import Imaging
import Testing

@testable import Segmentation

@Suite struct SeededRowTests {
    private static func row(_ heights: [Double]) -> SpineRow {
        SpineRow(members: heights.map { SpineRow.Member(centreMM: [0, 0, $0], mass: 10) }, sacrumMM: [0, 10, -30])
    }

    @Test func `a click keeps its vertebra and the two beside it`() {
        let seeded = SeededRow(
            [VertebraSeed(level: .L2, pointMM: [3, -4, 65])], found: Self.row([120, 90, 60, 30, 0]))
        #expect(seeded.row.members.map(\.centreMM.z) == [90, 60, 30])
        #expect(seeded.naming.names == [.unknown(1), .L2, .unknown(3)])
        #expect(seeded.neighbours == [0, 2])
        #expect(seeded.row.sacrumMM == nil, "S1 is no neighbour of what is left")
    }

    /// In a large one 14 mm are still inside.
    @Test func `a click in the corner of a large vertebra counts for it`() {
        let corner = SeededRow([VertebraSeed(level: .L3, pointMM: [8, -9, 65])], found: Self.row([96, 60, 24]))
        #expect(corner.row.members.map(\.centreMM.z) == [96, 60, 24])
        #expect(corner.naming.names == [.unknown(1), .L3, .unknown(3)])
        let small = SeededRow([VertebraSeed(level: .C5, pointMM: [8, -9, 5])], found: Self.row([15, 0, -15]))
        #expect(small.row.members.map(\.centreMM.z) == [15, 5, 0])
    }

    /// Midway between two that were found, in the neck, too, where 13 mm lie between one centre and the next.
    @Test func `a click on a body that was overlooked is not taken for its neighbour`() {
        for step in [60.0, 36, 26] {
            let seeded = SeededRow([VertebraSeed(level: .C5, pointMM: [0, 0, step / 2])], found: Self.row([step, 0]))
            #expect(seeded.row.members.map(\.centreMM.z) == [step, step / 2, 0], "\(step)")
        }
    }

    @Test func `a click at an end without a neighbour is told from one beside a vertebra or the sacrum`() {
        let upper = SeededRow([VertebraSeed(level: .L1, pointMM: [0, 0, 60])], found: Self.row([60, 30, 0]))
        #expect(upper.isFirstClicked && !upper.isLastClicked)
        let lower = SeededRow([VertebraSeed(level: .L5, pointMM: [0, 0, 0])], found: Self.row([60, 30, 0]))
        #expect(!lower.isFirstClicked && !lower.isLastClicked)
        let last = SeededRow(
            [VertebraSeed(level: .L3, pointMM: [0, 0, 0])],
            found: SpineRow(members: Self.row([30, 0]).members, sacrumMM: nil))
        #expect(!last.isFirstClicked && last.isLastClicked)
    }

    @Test func `a click in the last vertebra keeps the sacrum`() {
        let seeded = SeededRow([VertebraSeed(level: .L5, pointMM: [0, 0, 0])], found: Self.row([60, 30, 0]))
        #expect(seeded.row.members.map(\.centreMM.z) == [30, 0])
        #expect(seeded.row.sacrumMM == [0, 10, -30])
    }

    @Test func `a vertebra that was not found is put in where it was clicked`() {
        var found = Self.row([90, 30, 0])
        found.members[1].missingAbove = 1
        let seeded = SeededRow([VertebraSeed(level: .L2, pointMM: [1, 2, 61])], found: found)
        #expect(seeded.row.members.map(\.centreMM.z) == [90, 61, 30])
        #expect(seeded.row.members.map(\.missingAbove) == [0, 0, 0])
    }

    @Test func `between two clicks what nobody asked for is counted, not kept`() {
        let seeds = [(VertebralLevel.T12, 150.0), (.L5, 0)].map {
            VertebraSeed(level: $0, pointMM: [0, 0, $1])
        }
        let seeded = SeededRow(seeds, found: Self.row([150, 120, 90, 60, 30, 0]))
        #expect(seeded.row.members.map(\.centreMM.z) == [150, 120, 30, 0])
        #expect(seeded.row.members.map(\.missingAbove) == [0, 0, 2, 0])
        #expect(seeded.row.positions == [0, 1, 4, 5])
    }

    @Test func `two clicks never share a vertebra`() {
        let seeds = [(VertebralLevel.L1, 66.0), (.L2, 55)].map { VertebraSeed(level: $0, pointMM: [0, 0, $1]) }
        let seeded = SeededRow(seeds, found: Self.row([90, 60, 30]))
        #expect(seeded.naming.names.filter(\.isKnown) == [.L1, .L2])
    }
}
