// Every bad input is one clear error that names the row and the column.
import Agreement
import Domain
import Foundation
import Testing

@testable import Audits

@Suite struct BadInputTests {
    private static func cell(_ row: Int, _ column: String, _ fault: CellFault) -> AuditError {
        .cell(CellPlace(row: row, line: row + 1, column: column), fault)
    }

    @Test(arguments: [
        ("first,second\n1,2\n2,4\n", AuditError.tooFew(what: "pairs", count: 2, required: 3)),
        ("first,second\n1,5\n2,5\n4,5\n", .columnConstant(name: "second", rows: 3)),
        ("first,second\n7,5\n7,6\n7,8\n", .columnConstant(name: "first", rows: 3)),
        ("first,second\n1,2\n2,NaN\n3,4\n", cell(2, "second", .notFinite)),
        ("first,second\n1,2\n2,3\ninf,4\n", cell(3, "first", .notFinite)),
        ("first,second\n1,2\n2,x\n3,4\n", cell(2, "second", .text)),
        ("first,second\n1,2\n2,\n3,4\n", cell(2, "second", .empty)),
        ("first,second\n1,2\n2,NA\n3,4\n", cell(2, "second", .empty)),
        ("first;second\n1;2\n2,5;3\n3;4\n", cell(2, "first", .decimalComma)),
        ("first,second\n1,2\n1e200,3\n3,4\n", cell(2, "first", .tooLarge)),
        ("first,second\n1,2\n0x10,3\n3,4\n", cell(2, "first", .text)),
        (
            "first (mm),second (cm)\n1,2\n2,3\n3,5\n",
            .unitsDiffer(first: "first", firstUnit: "mm", second: "second", secondUnit: "cm")
        ),
        (
            "first,second,unit\n1,2,mm\n2,3,mm\n3,5,cm\n",
            .unitsMixed(CellPlace(row: 3, line: 4, column: "unit"), expected: "mm")
        ),
        ("first,date,second\n1,2026-01-01,2\n2,soon,3\n3,2026-02-01,5\n", cell(2, "date", .notADate)),
        ("only\n1\n2\n3\n", .roleMissing(role: "second", columns: ["only"])),
    ]) func `pairs`(_ csv: String, _ error: AuditError) {
        #expect(throws: error) { try Audit.report(.blandAltman, csv) }
    }

    @Test func `the first faulty cell does not turn its column into another`() {
        #expect(throws: Self.cell(1, "automatic", .text)) {
            try Audit.report(.blandAltman, "automatic,manual,other\nx,1,2\n3,4,5\n6,8,8\n")
        }
    }

    @Test(arguments: [
        (["form": "log"], AuditError.cell(CellPlace(row: 2, line: 3, column: "first"), .notPositive)),
        (["form": "percent"], .cell(CellPlace(row: 2, line: 3, column: "first"), .notPositive)),
        (["first": "none"], .columnMissing(name: "none", role: "first", columns: ["first", "second"])),
        (["first": "second", "second": "second"], .roleRepeated(column: "second", roles: ["first", "second"])),
        (["by": "rater"], .columnMissing(name: "rater", role: "by", columns: ["first", "second"])),
        (
            ["truth": "constant", "form": "percent"],
            .cell(CellPlace(row: 2, line: 3, column: "first"), .notPositive)
        ),
        (
            ["truth": "constant", "reference": "2"],
            .optionInvalid(name: "truth", allowed: "varying for per cents and for known values")
        ),
        (["confidence": "95"], .optionInvalid(name: "confidence", allowed: "above 0 and below 1, such as 0.95")),
        (["form": "ratio"], .optionInvalid(name: "form", allowed: "one of difference, percent, log")),
    ]) func `options`(_ options: [String: String], _ error: AuditError) {
        #expect(throws: error) { try Audit.report(.blandAltman, "first,second\n1,2\n-2,3\n3,5\n", options) }
    }

    @Test func `an option that does not exist is named with those that do`() throws {
        #expect {
            try Audit.report(.segmentation, "case,dice\n1,0.9\n2,0.8\n3,0.7\n", ["reference": "1"])
        } throws: { error in
            (error as? AuditError)?.detail.contains("no option reference") ?? false
        }
    }

    @Test func `raters that do not all rate every subject are refused`() {
        let error = AuditError.unbalanced(
            CellPlace(row: 5, line: 6, column: "value"), rater: "B", count: 0, expected: 1)
        #expect(throws: error) {
            try Audit.report(.reliability, "subject,rater,value\n1,A,1\n1,B,2\n2,A,3\n2,B,3\n3,A,5\n")
        }
    }

    @Test(arguments: [
        ("outcome,score\n1,0.3\n1,0.4\n1,0.5\n", AuditError.classMissing(column: "outcome", missing: "0")),
        ("outcome,score\n0,0.3\n0,0.4\n0,0.5\n", .classMissing(column: "outcome", missing: "1")),
        ("outcome,score\n0,0.3\n2,0.4\n1,0.5\n", cell(2, "outcome", .notYesOrNo)),
        ("outcome,score\n0,0.3\n1,0.3\n1,0.3\n", .columnConstant(name: "score", rows: 3)),
        ("outcome,score\n0,0.3\n1,high\n1,0.3\n", cell(2, "score", .text)),
    ]) func `outcomes and scores`(_ csv: String, _ error: AuditError) {
        #expect(throws: error) { try Audit.report(.classification, csv) }
    }

    @Test func `a Dice above 1 is refused`() {
        #expect(throws: Self.cell(2, "dice", .outside("0 to 1"))) {
            try Audit.report(.segmentation, "case,dice\n1,0.9\n2,1.2\n3,0.7\n")
        }
    }

    @Test func `methods that never differ are refused`() {
        #expect(throws: AgreementError.constantColumn(column: "difference")) {
            try Audit.report(.blandAltman, "first,second\n1,1\n2,2\n3,3\n")
        }
    }

    @Test func `every error has a fix, and its column as its subject`() {
        let error = Self.cell(2, "second", .notFinite)
        #expect(error.detail == "Row 2 (line 3), column second is NaN or infinite.")
        #expect(error.subject == "second")
        #expect(error.code == .auditDataUnusable)
        #expect(!error.fix.isEmpty)
    }
}
