// Reports as JSON: complete, equal for equal input, and never NaN.
import Audits
import Domain
import Foundation
import Testing

@Suite struct AuditReportTests {
    private static let reports: [@Sendable () throws -> AuditReport] = [
        { try Audit.report(.blandAltman, "first,second\n11,10\n22,20\n33,30\n") },
        // All sizes equal: no slope. Symmetric: no W of note.
        { try Audit.report(.blandAltman, "first,second\n11,9\n12,8\n13,7\n14,6\n") },
        { try Audit.report(.blandAltman, "first,second\n1e99,1\n2,-1e99\n3,4\n") },
        { try Audit.report(.blandAltman, "first,second\n1e-150,2e-150\n2e-150,2e-150\n3e-150,5e-150\n") },
        { try Audit.report(.blandAltman, "first,date\n1,2026-01\n2,2026-02\n4,2026-02\n", ["reference": "1"]) },
        { try Audit.report(.reliability, "subject,A,B\na,1,2\nb,2,3\nc,3,4\n") },
        { try Audit.report(.reliability, "subject,A,B\na,x,x\nb,y,y\nc,y,y\n") },
        { try Audit.report(.classification, "outcome,score\n1,0.9\n1,0.8\n0,0.1\n0,0.2\n") },
        { try Audit.report(.classification, "outcome,score\n1,1\n1,0\n0,0\n0,1\n") },
        { try Audit.report(.segmentation, "case,dice,hd\na,1,0\nb,1,0\nc,1,0\n") },
    ]

    @Test(arguments: reports.indices) func `nothing in the JSON is NaN, and what is undefined is null with a reason`(
        _ index: Int
    ) throws {
        let report = try Self.reports[index]()
        let json = try report.json()
        let text = String(decoding: json, as: UTF8.self).lowercased()
        for word in [": nan", ": inf", ": -inf", "\"nan\"", "\"inf\""] { #expect(!text.contains(word)) }
        for figure in report.sections.flatMap(\.figures) where figure.value == nil {
            #expect(figure.reason != nil, "\(figure.name)")
        }
        #expect(try AuditReport(json: json).json() == json)
        #expect(!report.plotSVG().contains("nan"))
    }

    @Test func `equal input gives equal bytes, tied to it by its hash`() throws {
        let csv = Audit.csv("first,second", Audit.pairs(40))
        let report = try Audit.report(.blandAltman, csv)
        #expect(try report.json() == Audit.report(.blandAltman, csv).json())
        #expect(report.input.sha256?.count == 64)
        #expect(report.input.sha256 != (try Audit.report(.blandAltman, csv + "\n")).input.sha256)
        #expect(report.disclaimer.hasPrefix("Research use only"))
        #expect(report.version == SoftwareVersion.current)
    }

    @Test func `the digest of a known text is the published one`() throws {
        // printf 'first,second\n11,10\n22,20\n33,30\n' | sha256sum
        let report = try Self.reports[0]()
        #expect(report.input.sha256 == "98014b19ba7f09fdfe0b4f9291f4306f1d4425f26ea43d85122af6fbce041ec7")
    }

    @Test func `every figure names its method and its source`() throws {
        for make in Self.reports {
            for figure in try make().sections.flatMap(\.figures) {
                #expect(!figure.method.isEmpty && !figure.source.isEmpty, "\(figure.name)")
            }
        }
    }

    @Test func `options may stand beside the table in JSON, and the request's go first`() throws {
        let body = #"{"pairs": [[11, 10], [22, 20], [33, 30]], "unit": "mm", "title": "inside"}"#
        let report = try Audit.report(
            .blandAltman, body, ["title": "outside"], mediaType: "application/json; charset=utf-8")
        #expect(report.title == "outside")
        #expect(report.sections[0]["bias"]?.unit == "mm")
        #expect(report.settings.title == "outside")
    }

    @Test(arguments: AuditKind.allCases) func `settings come back from their JSON`(_ kind: AuditKind) throws {
        var options = ["title": "a, b", "confidence": "0.9"]
        switch kind {
        case .blandAltman: options.merge(["reference": "70.5", "acceptable": "2.0", "first": "angle"]) { $1 }
        case .reliability: options.merge(["raters": "A,B", "categories": "no,yes"]) { $1 }
        case .classification: options.merge(["threshold": "-1.5", "probability": "false", "bins": "5"]) { $1 }
        case .segmentation: options.merge(["target": "0.8", "proportion": "clopper-pearson"]) { $1 }
        case .outcomes: options.merge(["bins": "3", "by": "level"]) { $1 }
        }
        let settings = try AuditSettings(kind: kind, options: options)
        for (name, value) in options { #expect(settings.options[name] == value) }
        #expect(try JSONDecoder().decode(AuditSettings.self, from: JSONEncoder().encode(settings)) == settings)
    }

    @Test func `an unknown media type is refused`() {
        #expect(throws: AuditError.mediaTypeUnknown("text/html")) {
            try Audit.report(.blandAltman, "a,b\n1,2\n", mediaType: "text/html")
        }
    }
}
