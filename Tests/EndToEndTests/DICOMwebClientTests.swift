// dicomweb-client, the Python library that research tools use.
import Foundation
import Testing

@Suite(.enabled(if: TestPython.has("python"), TestPython.absent("dicomweb-client")))
struct DICOMwebClientTests {
    @Test func `dicomweb-client stores, searches and retrieves a study`() throws {
        let server = try RunningServer()
        let series = try PushedSeries.patient.get()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-dcm-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (number, file) in series.files.enumerated() {
            try file.write(to: folder.appendingPathComponent("\(1000 + number).dcm"))
        }
        try TestPython.expectOK(
            "dicomweb_client_check.py", ["http://127.0.0.1:\(server.client.port)/dicom-web", folder.path])
    }
}
