// Plots: well-formed, nothing over anything else, small, and true to the extremes.
import Foundation
import FoundationXML
import Testing

@testable import Audits

@Suite struct AuditPlotTests {
    private static let many = Audit.csv("automatic (mm),manual (mm)", Audit.pairs(100_000))

    private static func isWellFormed(_ svg: String) -> Bool {
        XMLParser(data: Data(svg.utf8)).parse()
    }

    private static func overlaps(_ report: AuditReport) -> [String] {
        let texts = PlotSheet(report).texts
        return texts.indices.flatMap { first in
            texts.indices.filter { $0 > first && texts[first].overlaps(texts[$0]) }
                .map { "\(texts[first].text) / \(texts[$0].text)" }
        }
    }

    private static func isInside(_ text: PlotText) -> Bool {
        text.box.left >= 0 && text.box.right <= PlotPanel.width && text.box.top >= 0
    }

    @Test(arguments: [12, 200, 100_000]) func `a plot is well-formed, without overlap and small`(_ count: Int) throws {
        let csv = count < 1000 ? Audit.csv("automatic (mm),manual (mm)", Audit.pairs(count)) : Self.many
        let report = try Audit.report(.blandAltman, csv)
        let svg = report.plotSVG()
        #expect(Self.isWellFormed(svg))
        #expect(Self.overlaps(report).isEmpty)
        #expect(PlotSheet(report).texts.allSatisfy(Self.isInside))
        #expect(svg.utf8.count < 200_000)
        #expect(svg.contains("role=\"img\""))
        #expect(svg.contains("<title id=\"title\">automatic against manual</title>"))
        #expect(svg.contains(">automatic - manual, mm</text>"))
        #expect(svg.contains(">Mean of automatic and manual, mm</text>"))
    }

    @Test(arguments: ["0.9": "90 % interval", "0.95": "95 % interval"])
    func `the legend says which interval a band is`(_ confidence: String, _ name: String) throws {
        let csv = Audit.csv("first,second", Audit.pairs(30))
        let svg = try Audit.report(.blandAltman, csv, ["confidence": confidence]).plotSVG()
        #expect(svg.contains(">\(name)</text>"))
    }

    @Test func `lines that lie close keep their labels apart`() throws {
        // A bias of 1000 with limits within a thousandth of it, and zero far away.
        let rows = (0..<20).map { row -> [Double] in
            let size = Double(row)
            return [1000 + size + Double(row % 2) * 0.001, size]
        }
        let report = try Audit.report(.blandAltman, Audit.csv("first,second", rows))
        #expect(Self.overlaps(report).isEmpty)
    }

    @Test func `names with markup, and long ones, stay text inside the sheet`() throws {
        let name = "<b>&\u{1}" + String(repeating: "very long name ", count: 20)
        let report = try Audit.report(
            .blandAltman, Audit.csv("\(name),second", Audit.pairs(30)), ["title": "</title><script>x</script>"])
        let svg = report.plotSVG()
        #expect(Self.isWellFormed(svg))
        #expect(!svg.contains("<script"))
        #expect(Self.overlaps(report).isEmpty)
        #expect(PlotSheet(report).texts.allSatisfy(Self.isInside))
    }

    @Test func `groups, drift and many months do not collide`() throws {
        var text = "first,second,rater,date\n"
        for (row, pair) in Audit.pairs(300).enumerated() {
            let month = row / 6
            text +=
                "\(pair[0]),\(pair[1]),reader \(row % 5),\(2020 + month / 12)-\(month % 12 < 9 ? "0" : "")\(month % 12 + 1)\n"
        }
        let report = try Audit.report(.blandAltman, text, ["by": "rater"])
        #expect(report.plots.count == 2)
        #expect(report.plots[0].series.count == 5)
        #expect(Self.isWellFormed(report.plotSVG()))
        #expect(Self.overlaps(report).isEmpty)
    }

    @Test func `a thinned plot keeps the extremes and tells its rule`() throws {
        var rows = Audit.pairs(100_000)
        rows[777] = [60, 20]
        rows[778] = [5, 90]
        let plot = try Audit.report(.blandAltman, Audit.csv("first,second", rows)).plots[0]
        let points = plot.series.flatMap(\.points)
        #expect(points.count <= 5000)
        #expect(points.contains([40, 40]))
        #expect(points.contains([47.5, -85]))
        #expect(plot.thinning?.total == 100_000)
        #expect(plot.density?.cells.reduce(0) { $0 + $1[2] } == 100_000)
    }

    @Test func `other kinds draw too`() throws {
        let reports = [
            try Audit.report(.classification, "outcome,score\n1,0.9\n1,0.6\n1,0.3\n0,0.5\n0,0.2\n0,0.1\n"),
            try Audit.report(.reliability, "subject,A,B\na,1,2\nb,2,3\nc,3,5\nd,4,4\n"),
            try Audit.report(.segmentation, "case,dice,hd95\na,0.9,1\nb,0.8,2\nc,0.7,6\n"),
        ]
        for report in reports {
            #expect(Self.isWellFormed(report.plotSVG()))
            #expect(Self.overlaps(report).isEmpty, "\(report.kind)")
        }
    }

    @Test func `ticks are round and inside`() {
        let ticks = AxisTicks(from: -3.4, to: 4.7, about: 7)
        #expect(ticks.values == [-3, -2, -1, 0, 1, 2, 3, 4])
        let small = AxisTicks(from: 0.0119, to: 0.019, about: 7)
        #expect(small.values.first.map(small.label) == "0.012")
    }
}
