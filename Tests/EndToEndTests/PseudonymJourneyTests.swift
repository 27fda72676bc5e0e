// The pseudonymised mode of the built program: what came with names is looked for everywhere afterwards.
import Foundation
import Testing

@Suite(.serialized, .enabled(if: TestPython.has("python"), TestPython.absent("python")))
struct PseudonymJourneyTests {
    private let folder: URL
    private let key: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-names-\(UUID().uuidString)")
        let images = folder.appendingPathComponent("images")
        try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
        for (number, file) in try PushedSeries.patient.get().files.enumerated() {
            try file.write(to: images.appendingPathComponent("\(1000 + number).dcm"))
        }
        try Patient.shared.get().study.write(to: folder.appendingPathComponent("image.nii.gz"))
        key = folder.appendingPathComponent("key")
        try Data("0123456789abcdef0123456789abcdef\n".utf8).write(to: key)
        chmod(key.path, 0o600)
    }

    private func python(_ arguments: [String]) throws -> [String] {
        let script = try Command.run(
            [TestPython.script("pseudonym_check.py")] + arguments, program: TestPython.program("python").path)
        #expect(script.status == 0 && script.output.hasSuffix("ok\n"), "\(script.output) \(script.errors)")
        return script.output.split(separator: "\n").map(String.init)
    }

    private func send(_ mode: String, _ server: RunningServer) throws -> [String] {
        try python([
            "send", mode, "http://127.0.0.1:\(server.client.port)", folder.appendingPathComponent("images").path,
            folder.appendingPathComponent("image.nii.gz").path,
        ])
    }

    @Test func `nothing that names the patient is kept, logged, noted or answered`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let rules = try RulesFile()
        let (data, log) = (folder.appendingPathComponent("data"), folder.appendingPathComponent("log"))
        let server = try RunningServer(
            dataFolder: data,
            arguments: [
                "--pseudonymise", key.path, "--rules", rules.path, "--quiet-seconds", "3600", "--log-level", "trace",
                "--log-format", "json",
            ], log: log)
        let said = try send("pseudonymised", server)
        let uids = try #require(said.dropLast().last)
        // While it runs, so that the write-ahead log is there as well; and once more when it has been folded in.
        _ = try python(["search", uids, data.path, log.path])
        #expect(FileManager.default.fileExists(atPath: data.appendingPathComponent("osteon.sqlite-wal").path))
        #expect(try server.stop() == 0)
        _ = try python(["search", uids, data.path, log.path])
        #expect(try Data(contentsOf: log).count > 10_000, "the log was written")
        let results = ["segmentation.dcm", "report.dcm"].map { folder.appendingPathComponent($0).path }
        try expectNamed(results)
        let other = folder.appendingPathComponent("few")
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        try PushedSeries.patient.get().files[0].write(to: other.appendingPathComponent("one.dcm"))
        let refused = try Command.run(reidentify + [other.path] + results)
        #expect(refused.status != 0 && refused.errors.contains("No original has a UID whose pseudonym is 2.25."))
    }

    @Test(.enabled(if: RunningOrthanc.isInstalled, RunningOrthanc.absent))
    func `in a PACS results are a study of their own, and named again they join the patient's`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let rules = try RulesFile()
        let port = try RunningOrthanc.freePort()
        let server = try RunningServer(arguments: [
            "--pseudonymise", key.path, "--rules", rules.path, "--quiet-seconds", "3600", "--deliver-to",
            "http://127.0.0.1:\(port)/dicom-web/",
        ])
        let orthanc = try RunningOrthanc(target: server.client.port, port: port)
        let series = try PushedSeries.patient.get()
        let original = try orthanc.keep(series.files)
        #expect(try server.client.store(series.files).status == 202)
        _ = try server.complete(series.studyUID)
        try waitUntil("the results are delivered", seconds: 300) {
            let items = try server.client.send("GET", "/v1/deliveries").json["items"] as? [[String: Any]]
            return items?.first?["state"] as? String == "delivered"
        }
        let studies = try orthanc.list("/studies")
        #expect(studies.count == 2)
        let foreign = try #require(studies.first { $0["ID"] as? String != original })
        let own = try #require(studies.first { $0["ID"] as? String == original })
        let patients = [foreign, own].map { ($0["PatientMainDicomTags"] as? [String: String])?["PatientID"] }
        #expect(patients[0] != nil && patients[0] != patients[1])

        let delivered = folder.appendingPathComponent("delivered")
        try FileManager.default.createDirectory(at: delivered, withIntermediateDirectories: true)
        let instances = try orthanc.list("/studies/\(foreign["ID"] as? String ?? "")/instances")
        #expect(instances.count == 4, "segmentation, parts, report and summary")
        let files = try instances.enumerated().map { number, instance in
            let file = delivered.appendingPathComponent("\(number).dcm")
            try orthanc.client.send("GET", "/instances/\(instance["ID"] as? String ?? "")/file").body.write(to: file)
            return file.path
        }
        let named = try expectNamed(files)
        #expect(try orthanc.keep(named.map { try Data(contentsOf: URL(fileURLWithPath: $0)) }) == original)
        #expect(try orthanc.list("/studies").count == 2)
        #expect(try orthanc.list("/studies/\(original)/instances").count == series.files.count + 4)
    }

    private var reidentify: [String] {
        ["reidentify", "--key", key.path, "--output", folder.appendingPathComponent("named").path, "--originals"]
    }

    /// With the key and the images, results are the patient's again. - Returns: their files.
    @discardableResult
    private func expectNamed(_ results: [String]) throws -> [String] {
        let images = folder.appendingPathComponent("images").path
        let done = try Command.run(reidentify + [images] + results)
        #expect(done.status == 0, "\(done.errors)")
        let named = folder.appendingPathComponent("named")
        let written = try FileManager.default.contentsOfDirectory(atPath: named.path).map { named.path + "/" + $0 }
        #expect(written.count == results.count)
        _ = try python(["named", images] + written)
        return written
    }

    @Test func `in the ordinary mode neither the log nor an error names the patient`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let rules = try RulesFile()
        let log = folder.appendingPathComponent("log")
        let server = try RunningServer(
            arguments: ["--rules", rules.path, "--quiet-seconds", "3600", "--log-level", "trace"], log: log)
        _ = try send("ordinary", server)
        _ = try python(["search", "[]", log.path])
        let kept = try Command.run(
            [TestPython.script("pseudonym_check.py"), "search", "[]", server.dataFolder.path],
            program: TestPython.program("python").path)
        #expect(kept.status != 0 && kept.errors.contains("quxfenwick"), "the search finds what is there")
    }

    @Test func `a folder stays in the mode and under the key that it was begun with`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let data = folder.appendingPathComponent("data")
        let study = try Patient.shared.get().study
        func serve(_ arguments: [String]) throws -> RunningServer {
            try RunningServer(dataFolder: data, arguments: arguments)
        }
        func refusal(_ arguments: [String]) throws -> String {
            try Command.run(["serve", "--port", "0", "--data", data.path] + arguments).errors
        }
        var server: RunningServer? = try serve(["--pseudonymise", key.path])
        #expect(try server?.client.send("POST", "/v1/studies", body: study).status == 201)
        #expect(try server?.stop() == 0)
        server = nil
        #expect(try refusal([]).contains("is pseudonymised, and no key was given"))
        let other = folder.appendingPathComponent("other")
        try Data("fedcba9876543210fedcba9876543210".utf8).write(to: other)
        #expect(try refusal(["--pseudonymise", other.path]).contains("chmod 600"))
        chmod(other.path, 0o600)
        #expect(try refusal(["--pseudonymise", other.path]).contains("under another key"))
        try Data("short".utf8).write(to: other)
        #expect(try refusal(["--pseudonymise", other.path]).contains("fewer than 32 characters"))
        let rules = folder.appendingPathComponent("rules.yaml")
        try Data("rules: [{name: spine, studyDescription: \"*\", start: {analysis: segment}}]".utf8).write(to: rules)
        #expect(try refusal(["--pseudonymise", key.path, "--rules", rules.path]).contains("never fit: spine"))
        try FileManager.default.removeItem(at: data)
        server = try serve([])
        #expect(try server?.client.send("POST", "/v1/studies", body: study).status == 201)
        #expect(try server?.stop() == 0)
        server = nil
        #expect(try refusal(["--pseudonymise", key.path]).contains("were kept as they came"))
    }
}
