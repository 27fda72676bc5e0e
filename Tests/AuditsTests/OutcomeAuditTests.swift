// Outcomes against predictions: figures of other programs, ties, what was not told, and few leaks.
import Audits
import Domain
import Foundation
import Testing

@Suite struct OutcomeAuditTests {
    private func audit(_ csv: String, _ options: [String: String] = [:]) throws -> AuditReport {
        try AuditReport(
            AuditRequest(kind: .outcomes, body: Data(csv.utf8), mediaType: "text/csv", options: options))
    }

    @Test func `hit rates, ROC and calibration are those of scipy, scikit-learn and statsmodels`() throws {
        let report = try audit(OutcomeGolden.table)
        let all = try #require(report.sections.first)
        for (name, expected) in OutcomeGolden.counts { #expect(all[name]?.value == expected, "\(name)") }
        for (name, expected) in OutcomeGolden.figures {
            let figure = try #require(all[name], "\(name)")
            // statsmodels prints ends to 8 decimals; everything else agrees to rounding.
            let found = [figure.value, figure.lower, figure.upper]
            for (one, other) in zip(found, expected) {
                #expect(abs(try #require(one, "\(name)") - other) < 2e-8, "\(name): \(found) against \(expected)")
            }
        }
        #expect(report.plots.count == 3)
        #expect(report.plotSVG().contains("Chance of one in 4"))
    }

    @Test func `the reading says what was hit, what chance gives, and that nobody's accuracy is meant`() throws {
        let text = try audit(OutcomeGolden.table).reading
        for part in [
            "72 vertebrae of 36 jobs, 32 with a leak", "treated vertebrae that nobody reported are not among them",
            "10 of 21", "0.274: not shown to be better than chance", "For 3 more the map named no single quadrant",
            "The map's exits were not judged: 0 vertebrae; at least 10 are needed",
            "Any leak by evidence: predicted 0.357, observed 0.444 (0.327 to 0.566): no shift is shown",
            "No row has a probability by combined", "Nothing here is an accuracy for patients to come",
        ] { #expect(text.contains(part), "\(part) is not in: \(text)") }
    }

    /// Nine leaks in AL, each ranked first, and eleven vertebrae without a leak.
    private static func small(leaks: Int, none: Int) -> String {
        let header =
            "leaked,evidence.any,leak.quadrant.AL,leak.quadrant.AR,leak.quadrant.PL,leak.quadrant.PR,"
            + ["AL", "AR", "PL", "PR"].map { "map.quadrant.\($0).rank" }.joined(separator: ",") + "\n"
        return header + String(repeating: "1,0.5,1,0,0,0,1,2,3,4\n", count: leaks)
            + String(repeating: "0,0.25,0,0,0,0,1,2,3,4\n", count: none)
    }

    @Test func `few leaks are counted, and the rates are left out by name`() throws {
        let few = try audit(Self.small(leaks: 9, none: 30))
        let all = try #require(few.sections.first)
        #expect(all["quadrant.cases"]?.value == 9 && all["any.evidence.events"]?.value == 9)
        for name in ["quadrant.firstHit", "quadrant.firstHitChance", "quadrant.AL.firstHit", "any.evidence.brier"] {
            #expect(all[name]?.value == nil && all[name]?.reason != nil, "\(name)")
        }
        #expect(all["any.evidence.slope"] == nil && few.plots.isEmpty)
        #expect(few.reading.contains("at least 10 of each are needed for calibration and ROC"))

        let enough = try #require(try audit(Self.small(leaks: 10, none: 30)).sections.first)
        // All of ten: the exact lower end is 0.025^(1/10).
        let hit = try #require(enough["quadrant.firstHit"])
        #expect(hit.value == 1 && hit.upper == 1 && abs((hit.lower ?? 0) - pow(0.025, 0.1)) < 1e-12)
        #expect(enough["quadrant.firstHitChance"]?.value == 0.25)
        #expect(enough["quadrant.AR.firstHit"]?.value == nil)
    }

    @Test func `a shared first rank is neither hit nor miss, and two leaks make chance larger`() throws {
        let header =
            "leaked,leak.quadrant.AL,leak.quadrant.AR,leak.quadrant.PL,leak.quadrant.PR,"
            + ["AL", "AR", "PL", "PR"].map { "map.quadrant.\($0).rank" }.joined(separator: ",") + "\n"
        let table =
            header + String(repeating: "1,1,1,0,0,1,2,3,3\n", count: 10)
            + String(repeating: "1,1,0,0,0,1,1,3,4\n", count: 5)
            + String(repeating: "1,,1,0,0,2,1,3,4\n", count: 7) + "1,0,0,0,1,,,,\n"
        let all = try #require(try audit(table).sections.first)
        #expect(all["quadrant.cases"]?.value == 15 && all["quadrant.undecided"]?.value == 5)
        #expect(all["quadrant.firstHit"]?.value == 1 && all["quadrant.firstHit"]?.method == "10 of 10, exact")
        #expect(all["quadrant.firstHitChance"]?.value == 0.5)
        // Two of four drawn at random: 5/6 hit one of two leaks, 1/2 hit a single one.
        let chance = try #require(all["quadrant.firstTwoHitChance"]?.value)
        #expect(abs(chance - (10 * 5.0 / 6 + 5 * 0.5) / 15) < 1e-12)
    }

    @Test func `groups are judged by themselves, and other ways of looking are counted`() throws {
        let header = "leaked,evidence.any,ascertainment,predictedAscertainment,procedure,predictedProcedure\n"
        let rows = (0..<40).map { index in
            "\(index % 2),0.\(index % 7 + 1),\(index < 20 ? "CT" : "radiograph"),CT,PVP,\(index < 3 ? "PKP" : "PVP")"
        }
        let report = try audit(header + rows.joined(separator: "\n"), ["by": "ascertainment"])
        #expect(report.sections.map(\.name) == ["all", "CT", "radiograph"])
        #expect(report.sections.map { $0["otherAscertainment"]?.value } == [20, 0, 20])
        #expect(report.sections[0]["otherProcedure"]?.value == 3)
        #expect(report.sections[1]["any.evidence.brier"]?.value != nil)
        #expect(report.reading.contains("20 vertebrae were looked at by another ascertainment"))
    }

    @Test(arguments: [
        ("leaked,evidence.any\n2,0.5\n", "leaked"), ("leaked,evidence.any\n1,1.5\n", "evidence.any"),
        ("leaked,evidence.any\n1,high\n", "evidence.any"), ("evidence.any\n0.5\n", "leaked"),
        ("leaked,age\n1,70\n", "prediction (such as evidence.any)"),
        ("leaked,map.exit.anterior.rank\n1,7\n", "map.exit.anterior.rank"),
        ("leaked,evidence.any,leak.type.I\n1,0.5,maybe\n", "leak.type.I"),
    ])
    func `a cell that its column cannot hold is named`(table: String, subject: String) throws {
        let error = #expect(throws: AuditError.self) { try audit(table) }
        #expect(error?.subject == subject)
    }
}
