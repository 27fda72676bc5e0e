// Reliability audits against published examples and counts by hand.
import Audits
import Foundation
import Testing

@Suite struct ReliabilityAuditTests {
    /// Shrout & Fleiss, Psychol Bull 1979;86:420, table 2: six targets, four judges.
    private static let judges = [
        [9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7],
    ]

    private static var wide: String {
        "subject,J1,J2,J3,J4\n"
            + judges.enumerated().map { "\($0 + 1)," + $1.map(String.init).joined(separator: ",") + "\n" }.joined()
    }

    private static var long: String {
        var text = "value;rater;subject\n"
        for judge in 0..<4 {
            for (target, ratings) in judges.enumerated() { text += "\(ratings[judge]);J\(judge + 1);\(target + 1)\n" }
        }
        return text
    }

    @Test(arguments: [wide, long]) func `the published table gives its six coefficients, wide or long`(_ csv: String)
        throws
    {
        let report = try Audit.report(.reliability, csv)
        let all = report.sections[0]
        for (name, expected) in [
            ("ICC(1,1)", 0.17), ("ICC(2,1)", 0.29), ("ICC(3,1)", 0.71), ("ICC(1,k)", 0.44), ("ICC(2,k)", 0.62),
            ("ICC(3,k)", 0.91),
        ] {
            let value = try #require(all[name]?.value)
            #expect(abs(value - expected) < 0.005, "\(name)")
        }
        #expect(report.reading.contains("On 6 subjects and 4 raters"))
    }

    @Test func `two raters get concordance and correlation`() throws {
        // y = x + 1: r is 1; with n below the variances, CCC = 2 · 2/3 / (4/3 + 1).
        let all = try Audit.report(.reliability, "subject,A,B\na,1,2\nb,2,3\nc,3,4\n").sections[0]
        #expect(abs((all["ccc"]?.value ?? 0) - 4.0 / 7) < 1e-12)
        #expect(abs((all["pearson"]?.value ?? 0) - 1) < 1e-12)
        #expect(all["pearson"]?.lower == nil)
        #expect(all["pearson"]?.reason != nil)
    }

    @Test func `repeats by operators give a gauge study`() throws {
        var text = "part,operator,value (mm)\n"
        for part in 1...5 {
            for name in ["A", "B"] {
                for error in [-0.1, 0.1] { text += "\(part),\(name),\(Double(part) + error)\n" }
            }
        }
        let all = try Audit.report(.reliability, text).sections[0]
        #expect(all.count == 20)
        // Each cell has squares 2 · 0.1² on one degree of freedom.
        #expect(abs((all["withinSubjectSD"]?.value ?? 0) - 0.02.squareRoot()) < 1e-12)
        #expect(all["withinSubjectSD"]?.unit == "mm")
        #expect(all["operatorSD"]?.value == 0)
        #expect(all["gaugePercent"]?.unit == "%")
    }

    @Test func `one rater's repeats give repeatability`() throws {
        let all = try Audit.report(.reliability, "subject,value\na,1\na,3\nb,5\nb,7\nc,2\nc,4\n").sections[0]
        #expect(abs((all["withinSubjectSD"]?.value ?? 0) - 2.0.squareRoot()) < 1e-12)
        #expect(all["ICC(1,1)"]?.value != nil)
    }

    @Test func `categories are told from numbers, and weighted only in a known order`() throws {
        // Agreement 3 of 4; margins 2/2 and 3/1: chance 0.5, kappa 0.5.
        let csv = "subject,A,B\n1,yes,yes\n2,yes,yes\n3,no,no\n4,no,yes\n"
        let all = try Audit.report(.reliability, csv).sections[0]
        #expect(abs((all["kappa"]?.value ?? 0) - 0.5) < 1e-12)
        #expect(all["kappa-linear"]?.value == nil)
        #expect(all["kappa-linear"]?.reason?.contains("option categories") ?? false)
        let listed = try Audit.report(.reliability, csv, ["categories": "no,yes"]).sections[0]
        #expect(abs((listed["kappa-linear"]?.value ?? 0) - 0.5) < 1e-12)
    }

    @Test func `three raters of categories get Fleiss' kappa`() throws {
        // Pairs agree in 1, 1, 1/3 and 1/3; shares 1/2: kappa (2/3 − 1/2) / (1/2).
        let csv = "subject,A,B,C\n1,x,x,x\n2,y,y,y\n3,x,x,y\n4,y,y,x\n"
        let all = try Audit.report(.reliability, csv).sections[0]
        #expect(abs((all["kappa"]?.value ?? 0) - 1.0 / 3) < 1e-12)
        #expect(all["kappa x"]?.value != nil)
    }
}
