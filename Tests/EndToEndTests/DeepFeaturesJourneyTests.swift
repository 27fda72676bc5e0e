// Deep features as a client and an operator see them: in the report over HTTP, bit for bit; models listed, verified and timed.
import Domain
import Foundation
import Testing

/// An installation of one network of seeded random weights, `tiny`.
private final class TinyModel {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-tiny-\(UUID().uuidString)")
    /// Of `Tests/DeepFeaturesTests/Golden/resnet3d.safetensors`, by sha256sum.
    static let sha256 = "d728f46fe3ae63db6f3824e5f16b72ccc658e8ab686add1f58489ec231e182ff"

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("DeepFeaturesTests/Golden/resnet3d.safetensors")
        try FileManager.default.copyItem(at: golden, to: weights)
        try list(width: 2)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var weights: URL { folder.appendingPathComponent("tiny.safetensors") }

    /// Writes models.lock; a width other than 2 does not fit the weights.
    func list(width: Int) throws {
        let lock = """
            {"models": [{"name": "tiny", "version": "1", "file": "tiny.safetensors", "bytes": 35244, "licence": "CC0",
             "sha256": "\(Self.sha256)", "origin": "seeded random weights", "encoder": {"inputSize": 32, "marginMM": 3,
             "resnet3d": {"depth": 10, "width": \(width), "dilated": false, "shortcut": "B"}}}]}
            """
        try Data(lock.utf8).write(to: folder.appendingPathComponent("models.lock"))
    }

    /// Runs the program with this installation. - Returns: its status and what it said.
    func run(_ arguments: [String]) throws -> (status: Int32, said: String) {
        let process = Process()
        process.executableURL = RunningServer.program
        process.arguments = arguments + ["--models", folder.path]
        let said = Pipe()
        process.standardOutput = said
        process.standardError = said
        try process.run()
        let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text)
    }
}

@Suite(.serialized) struct DeepFeaturesJourneyTests {
    private let model: TinyModel
    private let patient: Patient

    init() throws {
        model = try TinyModel()
        patient = try Patient.shared.get()
    }

    /// The sections of the first vertebrae, or the reason of each omission.
    private func report(of server: RunningServer, levels: Int) throws -> [[String: Any]] {
        let accepted = try server.client.send(
            "POST", "/v1/studies" + patient.query(levels), body: patient.study)
        #expect(accepted.status == 202, "\(accepted.text)")
        let place = try #require(accepted["location"])
        let job = try server.waitForJob(place, ["done", "failed"])
        try #require(job["state"] as? String == "done", "\(job)")
        return try sections(try server.client.send("GET", place + "/report").json)
    }

    private func sections(_ report: [String: Any]) throws -> [[String: Any]] {
        let vertebrae = try #require(report["vertebrae"] as? [[String: Any]])
        return try vertebrae.map { vertebra in
            if let section = vertebra["deepFeatures"] as? [String: Any] { return section }
            let omissions = try #require(vertebra["omissions"] as? [[String: Any]])
            return try #require(omissions.first { $0["item"] as? String == "deep features" })
        }
    }

    private func bits(_ sections: [[String: Any]]) -> [[UInt32]] {
        sections.map { ($0["values"] as? [Double] ?? []).map { Float($0).bitPattern } }
    }

    @Test func `the embedding is the same to the bit in every run, over HTTP and from the command line`() throws {
        let server = try RunningServer(arguments: ["--models", model.folder.path])
        let (first, second) = (try report(of: server, levels: 2), try report(of: server, levels: 2))
        #expect(first.count == 2)
        for section in first {
            #expect(section["model"] as? String == "tiny" && section["sha256"] as? String == TinyModel.sha256)
            #expect(section["origin"] as? String == "seeded random weights")
            #expect(section["length"] as? Int == 16 && (section["boundingBox"] as? [Int])?.count == 6)
        }
        #expect(bits(first) == bits(second) && bits(first).allSatisfy { $0.count == 16 })
        // The command line computes on every core, a worker on one.
        let study = try inTemporaryFile("report.json") { file in
            let folder = file.deletingLastPathComponent()
            let image = folder.appendingPathComponent("image.nii.gz")
            try patient.study.write(to: image)
            let seeds = patient.seeds.prefix(2).flatMap { ["--seed", String($0.dropFirst("seed=".count))] }
            let (status, said) = try model.run(
                ["analyze", image.path, "--output", folder.path, "--set", "rehearsalRuns=0", "--radiomics", "none"]
                    + seeds)
            try #require(status == 0, "\(said)")
        }
        let local = try #require(try JSONSerialization.jsonObject(with: study) as? [String: Any])
        #expect(bits(try sections(local)) == bits(first))
    }

    @Test func `only an installed model may be named`() throws {
        let server = try RunningServer(arguments: ["--models", model.folder.path])
        let listed = try server.client.send("GET", "/v1/analyses").text
        #expect(listed.contains("deepFeatures") && listed.contains("tiny"))
        let query = patient.query(1) + "&set=deepFeatures=huge"
        let refused = try server.client.send("POST", "/v1/studies" + query, body: patient.study)
        try expectProblem(refused, 422, [.parameterInvalid], names: "huge")
        #expect(refused.text.contains("tiny, none"))
    }

    @Test func `a model that was changed is an omission in the report, and the job is done`() throws {
        let server = try RunningServer(arguments: ["--models", model.folder.path])
        let whole = try Data(contentsOf: model.weights)
        try whole.dropLast().write(to: model.weights)
        for omission in try report(of: server, levels: 1) {
            let reason = try #require(omission["reason"] as? String)
            #expect(reason.contains(TinyModel.sha256) && reason.contains("SHA-256"))
        }
        // Repaired, it is used without a restart.
        try whole.write(to: model.weights)
        #expect(bits(try report(of: server, levels: 1)).allSatisfy { $0.count == 16 })
    }

    @Test func `models are listed, verified and timed`() throws {
        let (status, said) = try model.run(["models"])
        #expect(status == 0)
        for part in ["tiny 1", "resnet3d, depth 10, width 2", "32 x 32 x 32 voxels, margin 3.0 mm", "as listed"] {
            #expect(said.contains(part), "\(said)")
        }
        #expect(try model.run(["models", "verify"]) == (0, "ok     tiny \(TinyModel.sha256)\n"))
        let timed = try model.run(["models", "time", "--threads", "1", "--runs", "2", "--json"])
        let timings = try JSONSerialization.jsonObject(with: Data(timed.said.utf8)) as? [[String: Any]]
        let timing = try #require(timings?.first)
        let (least, median) = (timing["leastMS"] as? Double ?? 0, timing["medianMS"] as? Double ?? 0)
        #expect(timed.status == 0 && least > 0 && median >= least && timing["threads"] as? Int == 1)
    }

    @Test func `verify ends with status 1 and says what is wrong`() throws {
        let whole = try Data(contentsOf: model.weights)
        try (whole.dropLast() + [0xff]).write(to: model.weights)
        let changed = try model.run(["models", "verify", "tiny", "--json"])
        let rows = try JSONSerialization.jsonObject(with: Data(changed.said.utf8)) as? [[String: Any]]
        let row = try #require(rows?.first)
        #expect(changed.status == 1 && row["isWhole"] as? Bool == false && row["sha256"] as? String == TinyModel.sha256)
        let found = try #require(row["foundSHA256"] as? String)
        #expect(found.count == 64 && found != TinyModel.sha256)
        #expect(try model.run(["models", "verify"]).said.contains(found))

        try whole.write(to: model.weights)
        try model.list(width: 3)
        let misshapen = try model.run(["models", "verify"])
        #expect(
            misshapen.status == 1 && misshapen.said.contains("[2, 1, 7, 7, 7]")
                && misshapen.said.contains("[3, 1, 7, 7, 7]"))

        try FileManager.default.removeItem(at: model.weights)
        let absent = try model.run(["models", "verify"])
        #expect(absent.status == 1 && absent.said.contains("tiny.safetensors"))
        let unknown = try model.run(["models", "time", "huge"])
        #expect(unknown.status != 0 && unknown.said.contains("Known: tiny"))
    }

    @Test func `a folder without a readable list ends the command with the reason`() throws {
        let lock = model.folder.appendingPathComponent("models.lock")
        try Data("{".utf8).write(to: lock)
        for arguments in [["models"], ["serve", "--port", "0", "--data", model.folder.path + "/data"]] {
            let (status, said) = try model.run(arguments)
            #expect(
                status != 0 && said.contains("models.lock cannot be read") && said.contains("[model-unusable]"),
                "\(said)")
        }
        try FileManager.default.removeItem(at: lock)
        let (status, said) = try model.run(["models"])
        #expect(status != 0 && said.contains("models.lock"), "\(said)")
    }
}
