// The summary page: what it says, and that it can be read.
import Domain
import Testing

@testable import DICOMResults

@Suite struct SummaryTests {
    private func pixel(_ page: PageCanvas, _ x: Int, _ y: Int) -> PageCanvas.Colour {
        let start = (y * page.width + x) * 3
        return [page.pixels[start], page.pixels[start + 1], page.pixels[start + 2]]
    }

    @Test func `the table has a row for each vertebra, analysed or only found, in the order of the spine`() {
        let rows = SummaryTable(SampleReport.report()).rows
        #expect(
            rows.map(\.cells) == [
                [
                    "L1", "accepted", "31.4", "31 %, grade 0.5", "98", "31 % (21-41), moderate", "42 % (33-52)",
                    "PR 97 %",
                ],
                [
                    "L2", "needs review", "31.4", "31 %, grade 0.5", "98", "31 % (21-41), moderate", "-",
                    "AR, PL by gaps",
                ],
                ["L4", "accepted", "40.0", "only found, not analysed"],
                ["unknown-1", "needs review", "-", "only found, not analysed"],
            ])
        #expect(rows.map(\.needsReview) == [false, true, false, true])
    }

    @Test func `beside a map stand the volume, the first exits and why nothing was simulated`() {
        let report = SampleReport.report()
        #expect(
            report.vertebrae.map { SummaryCard($0).lines } == [
                [
                    "Volume: 2.1-3.4 mL (published rule)", "First exits: posterior wall 40 %",
                    "No gap in the cortex is claimed",
                ],
                [
                    "Volume: 2.1-3.4 mL (published rule)", "First exits: posterior wall",
                    "No gap in the cortex is claimed", "Not rehearsed: the outline needs review",
                ],
            ])
    }

    @Test func `what several vertebrae lack is said once`() {
        let groups = SampleReport.report().groupedOmissions
        #expect(groups.map(\.levels) == [[], [.L1, .L2]])
        #expect(groups.map(\.omission.item) == ["level detection", "disc above"])
    }

    @Test func `a page begins and ends with the notice in white on red, and says more the more there is to say`() {
        let page = SummaryPage.draw(SampleReport.report())
        #expect(page.pixels.count == page.width * page.height * 3)
        for row in [2, page.height - 3] { #expect(pixel(page, 2, row) == PageWriter.warning) }
        let white = (0..<page.width).count { pixel(page, $0, 28) == [255, 255, 255] }
        #expect(white > 100, "the notice is written")
        var shorter = SampleReport.report()
        shorter.vertebrae.removeLast()
        shorter.omissions = []
        #expect(SummaryPage.draw(shorter).height < page.height)
    }

    @Test func `quadrants are where an axial image has them, the darker the likelier a leak`() throws {
        let map = try #require(SampleReport.report().vertebrae[0].leakageMap)
        var page = PageWriter()
        QuadrantMap(map: map).draw(on: &page, x: 0, y: 0)
        // Seen from the feet: the patient's right is on the left, anterior above. Places without letters.
        let shown = [
            "AR": pixel(page.canvas, 62, 70), "AL": pixel(page.canvas, 198, 70), "PR": pixel(page.canvas, 44, 132),
            "PL": pixel(page.canvas, 216, 132),
        ]
        let shares = Dictionary(
            uniqueKeysWithValues: map.quadrants.map { ($0.quadrant, $0.simulated?.probabilityAtPlannedVolume ?? 0) })
        let byShare = shares.keys.sorted { shares[$0, default: 0] < shares[$1, default: 0] }
        let greens = byShare.map { Int(shown[$0]?.y ?? 0) }
        #expect(greens == greens.sorted(by: >), "\(shown)")
        #expect(Set(greens).count == 4)
    }

    @Test func `every printable character has a glyph of its own, any other the same box`() {
        let font = StrokeFont(capHeight: 11)
        let box = font.lines(of: "\u{2603}", at: .zero)
        let characters = (33...126).compactMap { Unicode.Scalar($0).map(Character.init) }
        let missing = characters.filter { font.lines(of: String($0), at: .zero) == box }
        #expect(missing.isEmpty, "\(missing)")
        let alike = Dictionary(grouping: characters) { "\(font.lines(of: String($0), at: .zero))" }.values.filter {
            $0.count > 1
        }
        #expect(alike.isEmpty, "\(alike)")
    }

    @Test func `text is broken between words and cut where a word is too long`() {
        let font = PageWriter.plain
        let lines = font.wrapped("Estimates come from published odds ratios", width: 200)
        #expect(lines.count > 1 && lines.allSatisfy { font.width(of: $0) <= 200 })
        #expect(lines.joined(separator: " ") == "Estimates come from published odds ratios")
        let cut = font.fitted(String(repeating: "W", count: 99), width: 200)
        #expect(cut.hasSuffix("...") && font.width(of: cut) <= 200)
    }
}
