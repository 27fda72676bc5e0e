// Bland–Altman audits of small tables with answers by hand.
import Audits
import Foundation
import Testing

@Suite struct BlandAltmanAuditTests {
    private static func report(_ csv: String, _ options: [String: String] = [:]) throws -> AuditReport {
        try AuditReport(AuditRequest(kind: .blandAltman, body: Data(csv.utf8), mediaType: "text/csv", options: options))
    }

    @Test func `differences of 1, 2 and 3 have a bias of 2 and an SD of 1`() throws {
        let report = try Self.report("first,second\n11,10\n22,20\n33,30\n")
        let all = report.sections[0]
        #expect(all.count == 3)
        #expect(all["bias"]?.value == 2)
        #expect(all["standardDeviation"]?.value == 1)
        let upper = try #require(all["upperLimit"]?.value)
        #expect(abs(upper - 3.959963984540054) < 1e-12)
    }
}
