// Classification and segmentation audits with counts by hand.
import Audits
import Foundation
import Testing

@Suite struct ClassificationAuditTests {
    private static let scored = "outcome,score\n1,0.9\n1,0.6\n1,0.3\n0,0.5\n0,0.2\n0,0.1\n"

    @Test func `the area is the share of pairs ranked right`() throws {
        // 8 of 9 pairs: only 0.3 against 0.5 is wrong.
        let report = try Audit.report(.classification, Self.scored)
        let all = report.sections[0]
        #expect(abs((all["auc"]?.value ?? 0) - 8.0 / 9) < 1e-12)
        #expect(all["threshold"]?.value == 0.5)
        // 0.5 itself is called: two hits, one alarm.
        #expect(all["truePositives"]?.value == 2)
        #expect(all["falsePositives"]?.value == 1)
        #expect(abs((all["sensitivity"]?.value ?? 0) - 2.0 / 3) < 1e-12)
        // (0.01 + 0.16 + 0.49 + 0.25 + 0.04 + 0.01) / 6.
        #expect(abs((all["brier"]?.value ?? 0) - 0.16) < 1e-12)
        #expect(report.plots.map(\.title).count == 3)
    }

    @Test func `scores that are no probabilities have no calibration, with the reason`() throws {
        let all = try Audit.report(.classification, "outcome,score\n1,9\n1,6\n1,3\n0,5\n0,2\n0,1\n").sections[0]
        #expect(all["brier"]?.value == nil)
        #expect(all["brier"]?.reason == "The scores are no probabilities from 0 to 1.")
        #expect(all["threshold"]?.method.contains("optimistic") ?? false)
    }

    @Test func `two scores of the same cases are compared`() throws {
        let csv = "outcome,score,second score\n1,9,1\n1,6,5\n1,3,3\n0,5,4\n0,2,2\n0,1,6\n"
        let all = try Audit.report(.classification, csv).sections[0]
        // 8/9 and 3/9.
        #expect(abs((all["aucDifference"]?.value ?? 0) - 5.0 / 9) < 1e-12)
        #expect(all["aucDifferenceP"]?.value != nil)
    }

    @Test func `calls alone are counted`() throws {
        let all = try Audit.report(.classification, "truth,call\nyes,1\nyes,0\nno,0\nno,0\n").sections[0]
        #expect(all["sensitivity"]?.value == 0.5)
        #expect(all["specificity"]?.value == 1)
        #expect(all["auc"] == nil)
    }

    @Test func `a group with one class is named, the others are judged`() throws {
        let csv = "outcome,score,site\n1,0.9,A\n0,0.6,A\n1,0.3,A\n0,0.5,A\n1,0.2,B\n1,0.1,B\n"
        let report = try Audit.report(.classification, csv, ["by": "site"])
        #expect(report.sections[1].reason == nil)
        #expect(report.sections[2].reason?.contains("no row of class 0") ?? false)
    }

    @Test func `a table of Dice and distances gives means, medians and the worst case`() throws {
        let csv = "case,dice,hd95\na,0.9,1\nb,0.8,2\nc,0.7,6\n"
        let report = try Audit.report(.segmentation, csv, ["target": "0.8"])
        let all = report.sections[0]
        #expect(abs((all["dice.mean"]?.value ?? 0) - 0.8) < 1e-12)
        #expect(all["dice.worst"]?.value == 0.7)
        #expect(all["hd95.worst"]?.value == 6)
        #expect(all["hd95.mean"]?.unit == "mm")
        #expect(abs((all["dice.share"]?.value ?? 0) - 2.0 / 3) < 1e-12)
        #expect(report.reading.contains("worst 6.00 mm (row 3)"))
    }
}
