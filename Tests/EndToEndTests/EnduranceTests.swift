// What the service survives: a kill in the middle of a job, a full disk, and being asked while it is busy.
import Domain
import Foundation
import Testing

@Suite(.serialized) struct EnduranceTests {
    private let patient: Patient

    init() throws { patient = try Patient.shared.get() }

    @Test func `a job that a kill cut off is finished once after the restart`() throws {
        let server = try RunningServer()
        let accepted = try server.client.send("POST", "/v1/studies" + patient.query(3), body: patient.study)
        let place = try #require(accepted["location"])
        let running = try server.waitForJob(place, ["running", "done", "failed"])
        try #require(running["state"] as? String == "running")
        server.kill()
        try server.start()
        let job = try server.waitForJob(place, ["done", "failed"])
        #expect(job["state"] as? String == "done", "\(job)")
        #expect(job["attempts"] as? Int == 2)
        #expect(try server.client.send("GET", place + "/report").status == 200)
        let jobs = try server.client.send("GET", "/v1/jobs").json["items"] as? [Any]
        #expect(jobs?.count == 1)
        // The study, and each artifact once; a study in NIfTI gives no DICOM objects.
        let artifacts = Artifact.Name.allCases.filter { !$0.rawValue.hasSuffix(".dcm") }
        #expect(server.keptFiles.count == 1 + artifacts.count)
    }

    @Test func `a job that a stop cut off is finished after the restart as if it had not been started`() throws {
        let server = try RunningServer(arguments: ["--drain", "0.2"])
        let accepted = try server.client.send("POST", "/v1/studies" + patient.query(3), body: patient.study)
        let place = try #require(accepted["location"])
        let running = try server.waitForJob(place, ["running", "done", "failed"])
        try #require(running["state"] as? String == "running")
        #expect(try server.stop() == 0)
        try server.start()
        let job = try server.waitForJob(place, ["done", "failed"])
        #expect(job["state"] as? String == "done", "\(job)")
        #expect(job["attempts"] as? Int == 1)
    }

    @Test(.enabled(if: SmallDisk.isPossible, "needs the right to mount a small tmpfs"))
    func `a full disk is a 507, and the service lives on`() throws {
        let disk = try SmallDisk(megabytes: 8)
        let server = try RunningServer(dataFolder: disk.folder.appendingPathComponent("data"))
        // Of no declared length, so that only writing it finds the disk full.
        let body = Data("\(String(16 << 20, radix: 16))\r\n".utf8) + Data(count: 16 << 20) + Data("\r\n0\r\n\r\n".utf8)
        let chunked = try server.client.send(
            "POST", "/v1/studies", headers: ["Transfer-Encoding": "chunked"], framed: body)
        try expectProblem(chunked, 507, [.storageFull], names: "full")
        let declared = try server.client.send("POST", "/v1/studies", body: Data(count: 16 << 20))
        try expectProblem(declared, 507, [.storageFull], names: "full")
        try server.expectNothingKept()
        #expect(try server.client.send("GET", "/readyz").status == 200)
        #expect(try server.client.send("POST", "/v1/studies", body: DICOMBytes.series(count: 16)).status == 201)
    }

    @Test func `health answers while jobs compute`() throws {
        let server = try RunningServer()
        let places = try (0..<2).map { _ in
            let accepted = try server.client.send("POST", "/v1/studies" + patient.query(1), body: patient.study)
            return try #require(accepted["location"])
        }
        try server.waitForJob(places[0], ["running", "done"])
        for _ in 0..<100 { #expect(try server.client.send("GET", "/healthz").status == 200) }
        // What each answer takes is measured in Benchmarks; here none waits for the jobs, which take seconds.
        let last = try server.client.send("GET", places[1]).json
        #expect(["queued", "running"].contains(last["state"] as? String ?? ""))
        for place in places { try server.waitForJob(place, ["done", "failed"]) }
    }
}

/// A file system in memory that is soon full.
private final class SmallDisk {
    let folder: URL

    static var isPossible: Bool { geteuid() == 0 && (try? SmallDisk(megabytes: 1)) != nil }

    init(megabytes: Int) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard mount("tmpfs", folder.path, "tmpfs", 0, "size=\(megabytes)m") == 0 else {
            rmdir(folder.path)
            throw HTTPClient.Failure.socket("mount", errno)
        }
    }

    deinit {
        umount2(folder.path, Int32(MNT_DETACH))
        rmdir(folder.path)
    }
}
