// A finished analysis as the files that clients fetch.
import Analyses
import Domain
import Foundation
import Guidance
import ImagingIO
import Store

/// The artifacts of an analysis.
package enum ReportArtifacts {
    /// Encodes report, extracts, feature table, label maps, risk volume and guidance; each once.
    package static func encode(_ output: AnalysisOutput) throws -> [Artifact] {
        let bodies = try NIfTIWriter.encode(output.bodies)
        let hash = try SHA256.digest(of: bodies)
        let table = output.radiomics.table(of: output.report, maskSHA256: hash)
        return [
            try json(.report, output.report),
            try json(.risk, RiskExtract(output.report)),
            try json(.leakageMap, LeakageMapExtract(output.report)),
            try json(.features, output.radiomics.document(of: output.report, maskSHA256: hash)),
            Artifact(name: .featuresTable, mediaType: "text/csv; charset=utf-8", bytes: Array(table.utf8)),
            Artifact(
                name: .segmentation, mediaType: "application/gzip", bytes: try NIfTIWriter.encode(output.segmentation)),
            Artifact(name: .bodies, mediaType: "application/gzip", bytes: bodies),
            // Thousands of numbers that programs read: no white space.
            try json(.guidance, output.guidance, formatting: [.sortedKeys]),
            Artifact(
                name: .riskVolume, mediaType: "application/gzip",
                bytes: try NIfTIWriter.encode(output.riskImage.geometry, slice: output.riskImage.slice)),
        ]
    }

    private static func json(
        _ name: Artifact.Name, _ value: some Encodable,
        formatting: JSONEncoder.OutputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    ) throws -> Artifact {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        encoder.dateEncodingStrategy = .iso8601
        return Artifact(name: name, mediaType: "application/json", bytes: Array(try encoder.encode(value)))
    }
}
