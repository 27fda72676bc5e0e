// From a PACS's push to results in the PACS.
import Domain
import Foundation
import ReferenceData
import Testing

/// The Python that `deploy/setup --with-tests` makes.
private let environment = ReferenceData.packageRoot.appendingPathComponent(".build/test-python")
private let validator = "/usr/bin/dciodvfy"
private let areReadersInstalled: Bool = {
    let library = environment.appendingPathComponent("lib").path
    let versions = (try? FileManager.default.contentsOfDirectory(atPath: library)) ?? []
    let isThere = { (version: String) in
        FileManager.default.fileExists(atPath: "\(library)/\(version)/site-packages/highdicom")
    }
    return FileManager.default.isExecutableFile(atPath: validator) && versions.contains(where: isThere)
}()

@Suite(.serialized) struct DeliveryJourneyTests {
    private let series: PushedSeries

    init() throws { series = try PushedSeries.patient.get() }

    private func serve(_ rules: RulesFile, _ arguments: [String] = []) throws -> RunningServer {
        try RunningServer(arguments: ["--rules", rules.path, "--quiet-seconds", "3600"] + arguments)
    }

    /// Pushes the series and waits for what it starts. - Returns: the path of the job.
    private func runJob(on server: RunningServer) throws -> String {
        #expect(try server.client.store(series.files).status == 200)
        let job = try #require(try server.complete(series.studyUID).first?["job"] as? String)
        let ended = try server.waitForJob("/v1/jobs/" + job, ["done", "failed"], seconds: 400)
        #expect(ended["state"] as? String == "done", "\(ended)")
        return "/v1/jobs/" + job
    }

    private func deliveries(of server: RunningServer) throws -> [[String: Any]] {
        try server.client.send("GET", "/v1/deliveries").json["items"] as? [[String: Any]] ?? []
    }

    @Test(.enabled(if: RunningOrthanc.isInstalled, RunningOrthanc.absent))
    func `results reach a PACS that was down, once, and the enriched study that it pushes back starts nothing`() throws
    {
        let rules = try RulesFile(levels: 2)
        let port = try RunningOrthanc.freePort()
        let server = try serve(rules, ["--deliver-to", "http://127.0.0.1:\(port)/dicom-web/"])
        _ = try runJob(on: server)
        try waitUntil("the first attempt fails") { try deliveries(of: server).first?["fault"] != nil }
        let waiting = try #require(try deliveries(of: server).first)
        #expect(waiting["state"] as? String == "waiting")
        #expect((waiting["fault"] as? [String: Any])?["code"] as? String == "delivery-failed")

        server.kill()
        try server.start()
        let orthanc = try RunningOrthanc(target: server.client.port, port: port)
        let study = try orthanc.keep(series.files)
        try waitUntil("the results are delivered", seconds: 120) {
            try deliveries(of: server).first?["state"] as? String == "delivered"
        }
        let kept = try orthanc.client.send("GET", "/statistics").json["CountInstances"] as? Int
        #expect(kept == series.files.count + 4)
        let place = try #require((try deliveries(of: server).first?["links"] as? [String: String])?["self"])
        let delivered = try server.client.send("GET", place).json
        #expect(delivered["fault"] == nil && delivered["deliveredAt"] is String)
        let modalities = try orthanc.list("/series").compactMap {
            ($0["MainDicomTags"] as? [String: Any])?["Modality"] as? String
        }
        #expect(modalities.sorted() == ["CT", "OT", "SEG", "SEG", "SR"])

        #expect(try orthanc.push(study, to: "chunked") == "Success")
        #expect(try server.complete(series.studyUID).count == 1)
        #expect(try server.jobCount() == 1)
        let objects = try server.client.send("GET", "/studies/\(series.studyUID)/instances").objects
        #expect(objects.count == series.files.count + 4)

        server.kill()
        try server.start()
        #expect(try server.client.send("GET", place).json["attempts"] as? Int == delivered["attempts"] as? Int)
        #expect(try deliveries(of: server).count == 1)
    }

    @Test(.enabled(if: areReadersInstalled, "dciodvfy or highdicom is not installed: run deploy/setup --with-tests"))
    func
        `dciodvfy finds no error in the results, highdicom reads the same voxels and numbers, fhir.resources the same risks`()
        throws
    {
        // Few runs, but as many as a map of simulated cement needs.
        let rules = try RulesFile(levels: 1, runs: 2, radiomics: "ge2025")
        let server = try serve(rules)
        let job = try runJob(on: server)
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-sr-\(UUID().uuidString)")
        let images = folder.appendingPathComponent("images")
        try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (number, file) in series.files.enumerated() {
            try file.write(to: images.appendingPathComponent("\(number).dcm"))
        }
        for (name, place) in [
            ("segmentation.nii.gz", "segmentation"), ("segmentation.dcm", "segmentation?format=dicom"),
            ("report.json", "report"), ("report.dcm", "report?format=dicom"), ("summary.dcm", "report?format=summary"),
            ("fhir.json", "fhir"), ("features.json", "features"),
            ("parts.nii.gz", "segmentation?part=parts"), ("parts.dcm", "segmentation?part=parts&format=dicom"),
            ("risk-volume.nii.gz", "risk-volume"), ("risk-map.dcm", "risk-volume?format=dicom"),
        ] {
            let reply = try server.client.send("GET", "\(job)/\(place)")
            #expect(reply.status == 200, "\(reply.text.prefix(200))")
            try reply.body.write(to: folder.appendingPathComponent(name))
        }
        for name in ["segmentation.dcm", "report.dcm", "summary.dcm", "risk-map.dcm", "parts.dcm"] {
            let check = try TalkingProgram(
                URL(fileURLWithPath: validator), [folder.appendingPathComponent(name).path])
            let status = check.end()
            #expect(status == 0 && !check.words.contains("Error"), "\(check.words.prefix(2000))")
        }
        for script in ["dicom_results_check.py", "fhir_check.py"] { try TestPython.expectOK(script, [folder.path]) }
    }
}
