// Bland–Altman audits of small tables with answers by hand.
import Audits
import Foundation
import Testing

@Suite struct BlandAltmanAuditTests {
    private static let z = 1.959963984540054

    private static func isClose(_ value: Double?, _ expected: Double, _ tolerance: Double = 1e-12) -> Bool {
        value.map { abs($0 - expected) <= tolerance } ?? false
    }

    @Test func `differences of 1, 2 and 3 have a bias of 2 and an SD of 1`() throws {
        let all = try Audit.report(.blandAltman, "first,second\n11,10\n22,20\n33,30\n").sections[0]
        #expect(all.count == 3)
        #expect(all["bias"]?.value == 2)
        #expect(all["standardDeviation"]?.value == 1)
        #expect(Self.isClose(all["upperLimit"]?.value, 2 + Self.z))
        #expect(Self.isClose(all["lowerLimit"]?.value, 2 - Self.z))
        // t(2) at 97.5 % is 4.302652729911275; over √3.
        #expect(Self.isClose(all["bias"]?.upper, 2 + 4.302652729911275 / 3.0.squareRoot(), 1e-9))
    }

    @Test func `a known value is taken off every reading`() throws {
        let report = try Audit.report(
            .blandAltman, "angle\n69\n71\n73\n", ["reference": "70", "unit": "deg", "first": "angle"])
        #expect(report.sections[0]["bias"]?.value == 1)
        #expect(report.sections[0]["bias"]?.unit == "deg")
        #expect(report.reading.contains("One known value shows accuracy at that value only"))
    }

    @Test func `per cents are of the mean of both, or of the known value`() throws {
        let methods = try Audit.report(.blandAltman, "first,second\n3,1\n6,2\n15,10\n", ["form": "percent"])
        // 100, 100 and 40 per cent.
        #expect(Self.isClose(methods.sections[0]["bias"]?.value, 80))
        let known = try Audit.report(.blandAltman, "first,reference\n3,1\n6,2\n15,10\n", ["form": "percent"])
        // 200, 200 and 50 per cent.
        #expect(Self.isClose(known.sections[0]["bias"]?.value, 150))
    }

    @Test func `logarithms come back as ratios`() throws {
        let report = try Audit.report(.blandAltman, "first,second\n2,1\n8,2\n40,5\n", ["form": "log"])
        // Ratios 2, 4 and 8: the geometric mean is 4, the SD of logarithms ln 2.
        let all = report.sections[0]
        #expect(Self.isClose(all["bias"]?.value, 4))
        #expect(Self.isClose(all["standardDeviation"]?.value, 0.6931471805599453))
        #expect(Self.isClose(all["upperLimit"]?.value, 4 * exp(Self.z * 0.6931471805599453), 1e-9))
    }

    @Test func `each rater has a result beside the one for all`() throws {
        let csv = "first,second,rater\n2,1,A\n4,2,A\n6,3,A\n1,2,B\n2,4,B\n3,6,B\n5,5,C\n"
        let report = try Audit.report(.blandAltman, csv, ["by": "rater"])
        #expect(report.sections.map(\.name) == ["all", "A", "B", "C"])
        #expect(report.sections.map(\.count) == [7, 3, 3, 1])
        #expect(report.sections[0]["bias"]?.value == 0)
        #expect(report.sections[1]["bias"]?.value == 2)
        #expect(report.sections[2]["bias"]?.value == -2)
        // Means 2, −2 and 0 of 3, 3 and 1 rows: 24 between on 2 degrees of freedom, 4 within on 4, so that F is 12.
        #expect((report.sections[0]["biasByGroupP"]?.value ?? 1) < 0.05)
        #expect(report.reading.contains("the biases differ"))
        #expect(report.sections[3].reason == "There are 1 pairs; at least 3 are needed.")
        #expect(report.reading.contains("By rater, the bias runs from -2.00 (B) to 2.00 (A)"))
    }

    @Test func `repeats of a subject are told by its name`() throws {
        // Differences by subject: 1, 3; 2, 4; 6, 8. Means 2, 3, 7 with variance 7; within variance 2.
        let csv = "subject,first,second\na,11,10\na,13,10\nb,12,10\nb,14,10\nc,17,11\nc,19,11\n"
        let all = try Audit.report(.blandAltman, csv).sections[0]
        #expect(all["subjects"]?.value == 3)
        #expect(all["bias"]?.value == 4)
        // 7 + (1 − 1/2) · 2 = 8.
        #expect(Self.isClose(all["standardDeviation"]?.value, 8.0.squareRoot()))
    }

    @Test func `a scanner is charted where there is no date`() throws {
        let csv = "first,second,scanner\n2,1,A\n4,2,A\n6,3,B\n9,4,B\n"
        let report = try Audit.report(.blandAltman, csv)
        #expect(report.drift?.grouping == "scanner")
        #expect(report.drift?.points.map(\.mean) == [1.5, 4])
    }

    @Test func `a month with another bias is flagged, and nine in a row on one side`() throws {
        var rows = "first,second,date\n"
        for month in 1...12 {
            for day in 1...4 {
                let noise = day % 2 == 0 ? 0.1 : -0.1
                let shift = month == 12 ? 2.0 : 0
                rows +=
                    "\(20 + Double(day) + noise + shift),\(20 + day),2026-\(month < 10 ? "0" : "")\(month)-0\(day)\n"
            }
        }
        let drift = try #require(try Audit.report(.blandAltman, rows).drift)
        #expect(drift.points.count == 12)
        #expect(drift.points[0].name == "2026-01")
        #expect(abs(drift.centre - 2.0 / 12) < 1e-12)
        // Within each month the squares are 4 · 0.1²; over 48 − 12.
        let sd = (12 * 4 * 0.01 / 36).squareRoot()
        #expect(abs((drift.withinSD ?? 0) - sd) < 1e-12)
        #expect(abs((drift.points[0].upper ?? 0) - (2.0 / 12 + 3 * sd / 2)) < 1e-12)
        #expect(drift.points[11].flags == ["beyond-limits"])
        #expect(drift.points[0].flags == ["run-of-nine"])
    }

    @Test(arguments: [
        ("3", "agreement is not sufficient"), ("4", "their intervals do not"),
        ("7", "Both limits with their intervals lie within"),
    ]) func `an acceptable difference is judged by limits and intervals`(_ acceptable: String, _ verdict: String) throws
    {
        // Differences −2, 0, 2 four times: SD √(32/11), limits ±3.34, their outer ends about ±6.
        let rows = (0..<12).map { row -> [Double] in
            let size = Double(10 + row)
            return [size + Double(row % 3 - 1) * 2, size]
        }
        let report = try Audit.report(.blandAltman, Audit.csv("first,second", rows), ["acceptable": acceptable])
        #expect(report.reading.contains(verdict))
    }

    @Test func `a difference that grows with size is named`() throws {
        let rows = (0..<40).map { row -> [Double] in
            let size = Double(10 + row)
            return [size * 1.2 + Double(row % 3), size]
        }
        let report = try Audit.report(.blandAltman, Audit.csv("first,second", rows))
        #expect(report.reading.contains("The difference changes with the size measured"))
        #expect((report.sections[0]["slopeP"]?.value ?? 1) < 0.001)
    }

    @Test func `published limits come out of the published means and spreads`() throws {
        // Three readings with mean 64.0 and SD 4.7 against a phantom of 70: limits −15.2 to 3.2 as published.
        let report = try Audit.report(.blandAltman, "alpha\n59.3\n64.0\n68.7\n", ["reference": "70"])
        let all = report.sections[0]
        #expect(Self.isClose(all["bias"]?.value, -6, 1e-9))
        #expect(Figure.text(all["lowerLimit"]?.value ?? 0, decimals: 1) == "-15.2")
        #expect(Figure.text(all["upperLimit"]?.value ?? 0, decimals: 1) == "3.2")
    }
}
