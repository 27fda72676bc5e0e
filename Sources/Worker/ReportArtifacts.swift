// A finished analysis as the files that clients fetch.
import Analyses
import DICOMResults
import Domain
import Foundation
import Guidance
import ImagingIO
import Meshes
import Store

/// The artifacts of an analysis.
package enum ReportArtifacts {
    /// Encodes report and label maps, of extracts, surfaces, feature table, risk volume and guidance what the analysis made, and DICOM objects
    /// where the images were DICOM; each once.
    package static func encode(_ finished: StudyAnalysis.Finished, as identity: ResultIdentity) throws -> [Artifact] {
        let output = finished.output
        let bodies = try NIfTIWriter.encode(output.bodies)
        var artifacts = [
            try json(.report, output.report),
            Artifact(
                name: .segmentation, mediaType: "application/gzip", bytes: try NIfTIWriter.encode(output.segmentation)),
            Artifact(name: .bodies, mediaType: "application/gzip", bytes: bodies),
            text(.labelNames, output.labels.itkSnapText), text(.labelColours, output.labels.slicerText),
            Artifact(name: .parts, mediaType: "application/gzip", bytes: try NIfTIWriter.encode(output.parts)),
            text(.partNames, output.partLabels.itkSnapText), text(.partColours, output.partLabels.slicerText),
        ]
        // A glTF file without a mesh is none.
        if !output.meshes.nodes.isEmpty {
            artifacts.append(
                Artifact(name: .meshes, mediaType: "model/gltf-binary", bytes: try output.meshes.glb()))
        }
        var features: FeaturesReport?
        if let radiomics = output.radiomics {
            let hash = try SHA256.digest(of: bodies)
            let table = radiomics.table(of: output.report, maskSHA256: hash)
            let document = radiomics.document(of: output.report, maskSHA256: hash)
            features = document
            artifacts += [
                try json(.features, document),
                Artifact(name: .featuresTable, mediaType: "text/csv; charset=utf-8", bytes: Array(table.utf8)),
            ]
        }
        if let image = output.riskImage {
            artifacts += [
                try json(.risk, RiskExtract(output.report)), try json(.leakageMap, LeakageMapExtract(output.report)),
                Artifact(
                    name: .riskVolume, mediaType: "application/gzip",
                    bytes: try NIfTIWriter.encode(image.geometry, slice: image.slice)),
            ]
        }
        if let guidance = output.guidance {
            // Thousands of numbers that programs read: no white space.
            artifacts.append(try json(.guidance, guidance, formatting: [.sortedKeys]))
        }
        return artifacts + dicom(finished, features, identity)
    }

    private static func dicom(
        _ finished: StudyAnalysis.Finished, _ features: FeaturesReport?, _ identity: ResultIdentity
    ) -> [Artifact] {
        let content = finished.source.flatMap {
            ResultContent(
                report: finished.output.report, features: features, segmentation: finished.output.segmentation,
                parts: finished.output.parts,
                riskVolume: finished.output.riskImage.map { image in
                    RiskVolume(geometry: image.geometry, padding: RiskImage.notRehearsed) { image.slice($0) }
                }, source: $0, identity: identity)
        }
        guard let files = content?.encode() else { return [] }
        let named: [(Artifact.Name, [UInt8]?)] = [
            (.segmentationObject, files.segmentation), (.reportObject, files.report),
            (.summaryObject, files.summary), (.riskMapObject, files.riskMap), (.partsObject, files.parts),
        ]
        return named.compactMap { name, bytes in
            bytes.map { Artifact(name: name, mediaType: "application/dicom", bytes: $0) }
        }
    }

    private static func text(_ name: Artifact.Name, _ text: String) -> Artifact {
        Artifact(name: name, mediaType: "text/plain; charset=utf-8", bytes: Array(text.utf8))
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
