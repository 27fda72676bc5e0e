// How the service's own measurements agree with what was planted.
import Agreement
import Domain
import Foundation

/// Agreement of one quantity with the truth.
package struct SelfAuditQuantity: Codable, Sendable {
    package let quantity: PlantedQuantity
    package let label: String
    package let unit: String
    package let count: Int
    package let phantoms: Int
    /// The audit itself: bias, limits, intervals, plot. nil with the reason where too few were measured.
    package let audit: AuditReport?
    package let reason: String?
    /// Absolute agreement of single readings, ICC(2,1), and Lin's CCC; vertebrae count as independent there.
    package let reliability: [AuditFigure]

    /// - Parameter measurements: of this quantity alone.
    init(_ quantity: PlantedQuantity, _ measurements: [PlantedMeasurement]) {
        self.quantity = quantity
        label = quantity.label
        unit = quantity.unit
        count = measurements.count
        phantoms = Set(measurements.map(\.phantom)).count
        let result = Result { (try Self.audit(quantity, measurements), try Self.reliability(measurements)) }
        switch result {
        case .success((let audit, let reliability)):
            self.audit = audit
            self.reliability = reliability
            reason = nil
        case .failure(let error):
            audit = nil
            reliability = []
            reason = (error as? any Fault)?.detail ?? "The audit could not be computed."
        }
    }

    /// A figure of the audit by its name, such as `bias` or `upperLimit`.
    package subscript(figure: String) -> AuditFigure? {
        audit?.sections.first?[figure] ?? reliability.first { $0.name == figure }
    }

    /// Vertebrae of one phantom are repeats of one subject, whose truth differs from level to level.
    private static func audit(_ quantity: PlantedQuantity, _ measurements: [PlantedMeasurement]) throws -> AuditReport {
        let rows = measurements.map { "\($0.phantom),\($0.level),\($0.measured),\($0.truth)" }
        let table = (["phantom,level,measured,planted"] + rows).joined(separator: "\n") + "\n"
        return try AuditReport(
            AuditRequest(
                kind: .blandAltman, body: Data(table.utf8), mediaType: "text/csv",
                options: [
                    "first": "measured", "reference": "planted", "subject": "phantom", "unit": quantity.unit,
                    "title": "\(quantity.label): measured against planted",
                ]))
    }

    private static func reliability(_ measurements: [PlantedMeasurement]) throws -> [AuditFigure] {
        let pairs = try Pairs(
            measurements.map(\.measured), measurements.map(\.truth), firstName: "measured", secondName: "planted")
        let correlation = try IntraclassCorrelation(measurements.map { [$0.measured, $0.truth] })
        var figures: [AuditFigure] = []
        if let agreement = correlation[.agreementSingle] {
            figures.append(
                AuditFigure(
                    "icc", "ICC(2,1)", agreement.estimate.value, agreement.generalizedInterval,
                    confidence: agreement.estimate.confidence,
                    method: "two-way, absolute agreement, generalized interval",
                    source: "Shrout & Fleiss, Psychol Bull 1979;86:420; Ionan et al., BMC Med Res Methodol 2014;14:121")
            )
        }
        figures.append(
            AuditFigure(
                "ccc", "CCC", try Concordance(pairs).estimate, method: "Lin's concordance, Fisher's z",
                source: "Lin, Biometrics 1989;45:255"))
        return figures
    }
}

/// The whole audit of the service by itself.
package struct SelfAuditReport: Codable, Sendable {
    package static let schemaName = "osteon.audit-self/1"

    package var schema = SelfAuditReport.schemaName
    package var disclaimer =
        "Research use only - not a medical device. Phantoms and pipeline have the same authors: this shows that the service measures what "
        + "was planted, and no accuracy on patients."
    package var version = SoftwareVersion.current
    package let phantoms: Int
    /// Phantoms have the seeds from here on.
    package let seed: UInt64
    package let spacingMM: [Double]
    package let seconds: Double
    package let quantities: [SelfAuditQuantity]
    package let measurements: [PlantedMeasurement]
    package let omissions: [PlantedOmission]

    package init(
        phantoms: Int, seed: UInt64, spacingMM: [Double], seconds: Double, measurements: [PlantedMeasurement],
        omissions: [PlantedOmission]
    ) {
        self.phantoms = phantoms
        self.seed = seed
        self.spacingMM = spacingMM
        self.seconds = seconds
        self.measurements = measurements
        self.omissions = omissions
        quantities = PlantedQuantity.allCases.map { quantity in
            SelfAuditQuantity(quantity, measurements.filter { $0.quantity == quantity })
        }
    }

    /// As JSON with sorted keys.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }
}
