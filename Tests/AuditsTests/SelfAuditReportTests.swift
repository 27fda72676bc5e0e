// The report of the service's own measurements, on made-up figures.
import Foundation
import Testing

@testable import Audits

@Suite struct SelfAuditReportTests {
    /// Three phantoms of two vertebrae: heights 1 mm too great, give or take what the level adds.
    private var report: SelfAuditReport {
        var measurements: [PlantedMeasurement] = []
        for (phantom, truths) in [[20.0, 22], [24, 23], [27, 25]].enumerated() {
            for (index, truth) in truths.enumerated() {
                measurements.append(
                    PlantedMeasurement(
                        quantity: .anteriorHeight, phantom: UInt64(phantom), level: index == 0 ? "L1" : "L2",
                        measured: truth + (index == 0 ? 0.5 : 1.5), truth: truth))
            }
        }
        return SelfAuditReport(
            phantoms: 3, seed: 0, spacingMM: [1, 1, 1], seconds: 2, measurements: measurements,
            omissions: [PlantedOmission(quantity: .bodyVolume, phantom: 0, level: "L1", reason: "cut off")])
    }

    @Test func `bias and limits count phantoms as subjects`() throws {
        let height = try #require(report.quantities.first { $0.quantity == .anteriorHeight })
        #expect(height.count == 6)
        #expect(height.phantoms == 3)
        #expect(height["bias"]?.value == 1)
        #expect(height["subjects"]?.value == 3)
        // Means of differences are all 1; within phantoms the variance is 0.5, of which 1 − 1/2 counts.
        #expect(abs((height["standardDeviation"]?.value ?? 0) - 0.5) < 1e-12)
        #expect((height["ccc"]?.value ?? 0) > 0.85)
        #expect(height["icc"]?.lower != nil)
    }

    @Test func `a quantity without measurements says why, and the report can be written and read`() throws {
        let volume = try #require(report.quantities.first { $0.quantity == .bodyVolume })
        #expect(volume.audit == nil)
        #expect(volume.reason != nil)
        #expect(try JSONDecoder().decode(SelfAuditReport.self, from: report.json()).phantoms == 3)
    }

    @Test func `the table says that this is no accuracy on patients and what was not measured`() {
        let text = SelfAuditText(report).text
        #expect(text.contains("no accuracy on patients"))
        #expect(text.contains("Not measured: Body volume of L1, phantom 0: cut off"))
        #expect(text.contains("Anterior height"))
    }
}
