// dicomweb-client, the Python library that research tools use.
import Foundation
import ReferenceData
import Testing

/// The Python that `deploy/setup --with-tests` makes.
private let python = ReferenceData.packageRoot.appendingPathComponent(".build/test-python/bin/python")
private let isInstalled = FileManager.default.isExecutableFile(atPath: python.path)

@Suite(.enabled(if: isInstalled, "dicomweb-client is not installed: run deploy/setup --with-tests"))
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
        let process = Process()
        process.executableURL = python
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("dicomweb_client_check.py")
        process.arguments = [script.path, "http://127.0.0.1:\(server.client.port)/dicom-web", folder.path]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && words.hasSuffix("ok\n"), "\(words)")
    }
}
