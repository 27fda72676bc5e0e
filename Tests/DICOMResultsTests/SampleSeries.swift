// A tiny DICOM series, and objects of it read back.
import Domain
import Foundation
import Imaging
import ImagingIO
import Testing

@testable import DICOMResults

enum SampleSeries {
    /// 5 x 4 x 3 voxels with odd numbers of bits to a frame.
    static let size = Index3(x: 5, y: 4, z: 3)

    static func source() throws -> SourceSeries {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "osteon-results-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let zip = folder.appendingPathComponent("series.zip")
        let geometry = Geometry(size: size, spacingMM: [1, 1, 2])
        let archive = try ZipWriter(zip)
        try DICOMSeriesWriter.write(
            Volume(geometry: geometry, voxels: [Float](repeating: 0, count: size.count)),
            description: DICOMSeriesDescription(seed: "results", patientName: "MÜLLER^ÄNNE"), to: archive)
        try archive.finish()
        return try #require(try StudyFile.readVolume(zip).source)
    }

    static func content(
        map: LabelMap, parts: LabelMap? = nil, riskVolume: RiskVolume? = nil
    ) throws -> ResultContent? {
        ResultContent(
            report: SampleReport.report(), segmentation: map, parts: parts, riskVolume: riskVolume,
            source: try source(),
            identity: ResultIdentity(seed: "job", date: Date(timeIntervalSince1970: 1_750_000_000)))
    }

    /// The header as the service reads it, as a JSON text.
    static func header(_ bytes: [UInt8]) throws -> InstanceHeader {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-\(UUID().uuidString).dcm")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        return try InstanceFile.readHeader(file)
    }
}
