// A disk that turns read-only while the service runs: said so, nothing lost, and taken up again.
import Domain
import Foundation
import Testing

@Suite(.serialized) struct ReadOnlyDiskTests {
    private let patient: Patient

    init() throws { patient = try Patient.shared.get() }

    @Test(.enabled(if: ErringDisk.isPossible && DatabaseFile.canBeAsked, "needs the right to mount a disk image"))
    func
        `a disk that the kernel makes read-only stops what writes, and after its repair all that was accepted is done`()
        throws
    {
        let disk = try ErringDisk()
        let log = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-\(UUID().uuidString).log")
        defer { try? FileManager.default.removeItem(at: log) }
        let server = try RunningServer(
            dataFolder: disk.mountPoint.appendingPathComponent("data"), arguments: ["--workers", "1"], log: log,
            launcher: disk.launcher)
        let accepted = try (0..<2).map { _ in
            try #require(
                try server.client.send(
                    "POST", "/v1/studies" + patient.query(2, radiomics: "ge2025"), body: patient.study)["location"])
        }
        let job = try server.waitForJob(accepted[0], ["running", "done", "failed"])
        try #require(job["state"] as? String == "running")
        let study = try #require((job["request"] as? [String: Any])?["study"] as? String)

        let device = try disk.err(under: server)
        let request = Data(#"{"study":"\#(study)","analysis":"segmentation","targets":[]}"#.utf8)
        for (method, path, body) in [
            ("POST", "/v1/studies", patient.study), ("POST", "/v1/jobs", request),
            // The access trail is on that disk too, and nothing is shown that it does not tell of.
            ("GET", "/v1/studies/\(study)", nil), ("DELETE", "/v1/studies/\(study)", nil),
        ] {
            let refused = try server.client.send(method, path, body: body)
            try expectProblem(refused, 503, [.storageReadOnly], names: "is read-only")
            #expect(refused["retry-after"] != nil)
        }
        #expect(try server.client.send("GET", "/healthz").status == 200)
        let readiness = try server.client.send("GET", "/readyz")
        #expect(readiness.status == 503)
        #expect((readiness.json["checks"] as? [String: String])?["store"] == "storage-read-only", "\(readiness.text)")
        try waitUntil("the end of the running job cannot be stored", seconds: 120) {
            try String(contentsOf: log, encoding: .utf8).contains("the end of a job could not be stored")
        }
        #expect(try server.client.send("GET", "/healthz").status == 200)

        #expect(try server.stop() == 0)
        try disk.repair(device)
        try server.start()
        #expect(try DatabaseFile.integrity(in: server.dataFolder, launcher: disk.beside(server)) == ["ok", "ok"])
        for place in accepted {
            #expect(try server.waitForJob(place, ["done", "failed"])["state"] as? String == "done")
        }
        #expect(try server.client.send("GET", "/v1/studies/\(study)").status == 200)
        #expect(try server.client.send("POST", "/v1/studies", body: patient.study).status == 201)
    }

    @Test(.enabled(if: CoveredFolder.isPossible && DatabaseFile.canBeAsked, "needs the right to have own mounts"))
    func `a folder that is read-only for a while is used again without a restart`() throws {
        let folder = try CoveredFolder()
        let server = try RunningServer(dataFolder: folder.url, launcher: CoveredFolder.launcher)
        let accepted = try server.client.send(
            "POST", "/v1/studies" + patient.query(1, radiomics: "ge2025"), body: patient.study)
        let place = try #require(accepted["location"])
        let job = try server.waitForJob(place, ["running", "done", "failed"])
        try #require(job["state"] as? String == "running")

        try folder.cover(for: server)
        let refused = try server.client.send("POST", "/v1/studies", body: patient.study)
        try expectProblem(refused, 503, [.storageReadOnly], names: "is read-only")
        let readiness = try server.client.send("GET", "/readyz")
        #expect(readiness.status == 503)
        #expect((readiness.json["checks"] as? [String: String])?["store"] == "storage-read-only", "\(readiness.text)")
        #expect(try server.client.send("GET", "/healthz").status == 200)
        let study = try #require((job["request"] as? [String: Any])?["study"] as? String)
        #expect(try server.client.send("GET", "/v1/studies/\(study)").status == 200)
        // Its results cannot be written: it waits to be run again.
        let waiting = try server.waitForJob(place, ["queued", "done", "failed"])
        #expect(waiting["state"] as? String == "queued", "\(waiting)")

        try folder.uncover(for: server)
        #expect(try server.waitForJob(place, ["done", "failed"])["state"] as? String == "done")
        #expect(try server.client.send("GET", place + "/report").status == 200)
        #expect(try server.client.send("POST", "/v1/studies", body: patient.study).status == 201)
        #expect(try server.client.send("GET", "/readyz").status == 200)
        #expect(try DatabaseFile.integrity(in: folder.url) == ["ok", "ok"])
    }
}
