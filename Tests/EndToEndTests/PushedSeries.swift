// A CT series as a PACS would push it.
import Domain
import Foundation
import Imaging
import ImagingIO

/// DICOM files of one synthetic series.
struct PushedSeries: Sendable {
    let files: [Data]
    let studyUID: String
    let seriesUID: String

    /// The patient's scan: every stage can run on it.
    static let patient = Result {
        try withTemporaryFile("image.nii.gz", Patient.shared.get().study) {
            try PushedSeries(StudyFile.readVolume($0).volume, seed: "pushed patient")
        }
    }

    /// 60 slices of 512 x 512, 31 MB: what one study of a scanner weighs.
    static let heavy = Result {
        let size = Index3(x: 512, y: 512, z: 60)
        let geometry = Geometry(
            size: size, spacingMM: [0.7, 0.7, 1], originMM: .zero, xAxis: [1, 0, 0], yAxis: [0, 1, 0],
            zAxis: [0, 0, 1])
        let voxels = (0..<size.count).map { Float($0 % 1777) - 900 }
        return try PushedSeries(Volume(geometry: geometry, voxels: voxels), seed: "pushed load")
    }

    /// The patient's scan once more, as another study.
    static func numbered(_ number: Int) throws -> PushedSeries {
        try withTemporaryFile("image.nii.gz", Patient.shared.get().study) {
            try PushedSeries(StudyFile.readVolume($0).volume, seed: "pushed patient \(number)")
        }
    }

    private init(_ volume: Volume, seed: String) throws {
        let description = DICOMSeriesDescription(
            seed: seed, studyDescription: "CT spine", seriesDescription: "axial bone")
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-push-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try DICOMSeriesWriter.write(volume, description: description, toFolder: folder)
        files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }.map { try Data(contentsOf: $0) }
        studyUID = description.studyInstanceUID
        seriesUID = description.seriesInstanceUID
    }
}

extension HTTPClient {
    /// Sends DICOM files as one request of STOW-RS.
    func store(_ files: [Data], at path: String = "/dicom-web/studies") throws -> Reply {
        var body = Data()
        for file in files {
            body += Data("--limit\r\nContent-Type: application/dicom\r\n\r\n".utf8) + file + Data("\r\n".utf8)
        }
        body += Data("--limit--".utf8)
        let type = "multipart/related; type=\"application/dicom\"; boundary=limit"
        return try send("POST", path, headers: ["Content-Type": type], body: body)
    }
}

extension HTTPClient.Reply {
    /// The items of a sequence in an answer of STOW-RS.
    func items(_ tag: String) -> [[String: Any]] {
        (json[tag] as? [String: Any])?["Value"] as? [[String: Any]] ?? []
    }

    /// The objects of an answer of QIDO-RS.
    var objects: [[String: Any]] { (try? JSONSerialization.jsonObject(with: body)) as? [[String: Any]] ?? [] }
}

extension RunningServer {
    /// What a pushed study has become once nothing of it is awaited any more.
    /// - Returns: the states in which its series were complete.
    func settled(_ studyUID: String) throws -> [[String: Any]] {
        var arrival: [String: Any] = [:]
        try waitUntil("the series of the study are dealt with", seconds: 60) {
            arrival = try client.send("GET", "/v1/arrivals/" + studyUID).json
            return arrival["isSettled"] as? Bool == true
        }
        let series = arrival["series"] as? [[String: Any]] ?? []
        return series.flatMap { $0["completions"] as? [[String: Any]] ?? [] }
    }

    /// Ends the wait for more of a study, then as `settled`.
    func complete(_ studyUID: String) throws -> [[String: Any]] {
        _ = try client.send("POST", "/v1/arrivals/\(studyUID)/complete")
        return try settled(studyUID)
    }

    func jobCount() throws -> Int { (try client.send("GET", "/v1/jobs").json["items"] as? [Any])?.count ?? -1 }
}
