// A study without targets: the service finds the spine itself, as a PACS that only pushes needs it.
import Domain
import Foundation
import Testing

@Suite(.serialized) struct SpineJourneyTests {
    private let server: RunningServer
    private let patient: Patient

    init() throws {
        let models = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("deploy/models")
        server = try RunningServer(arguments: ["--models", models.path])
        patient = try Patient.shared.get()
    }

    @Test func `a study without targets becomes a report of every vertebra that is accepted`() throws {
        let report = try report("")
        let spine = try #require(report["spine"] as? [String: Any])
        let found = spine["vertebrae"] as? [[String: Any]] ?? []
        // The phantom's vertebrae; one more at each end is drawn without truth and cut by the border. None may be invented.
        let places = found.compactMap { $0["bodyCentreLPSMM"] as? [Double] }
        for seed in patient.seeds {
            let truth = seed.dropFirst("seed=".count).prefix { $0 != ":" }.split(separator: ",").compactMap {
                Double($0)
            }
            #expect(places.filter { zip($0, truth).allSatisfy { abs($0 - $1) < 4 } }.count == 1, "\(seed): \(found)")
        }
        #expect(found.count <= patient.levels.count + 2, "\(found)")
        let accepted = found.filter { $0["verdict"] as? String == "accepted" }.compactMap { $0["name"] as? String }
        try #require(!accepted.isEmpty)
        let vertebrae = report["vertebrae"] as? [[String: Any]] ?? []
        #expect(vertebrae.compactMap { $0["level"] as? String } == accepted)
        for vertebra in vertebrae {
            let segmentation = try #require(vertebra["segmentation"] as? [String: Any])
            #expect(segmentation["origin"] as? String == "automatic")
            #expect(segmentation["levelNamedBy"] as? String != "request")
            #expect(vertebra["risk"] != nil && vertebra["leakageMap"] != nil)
        }
        let told = (report["omissions"] as? [[String: Any]] ?? []).compactMap { $0["item"] as? String }
        let rejected = found.compactMap { $0["name"] as? String }.filter { !accepted.contains($0) }
        #expect(Set(rejected).isSubset(of: told))
    }

    @Test func `an anchor names them, and levels choose among them`() throws {
        let seed = try #require(patient.seeds.first { $0.hasSuffix(":L2") }).dropFirst("seed=".count)
        let report = try report("&set=anchor=\(seed)&set=levels=L2,T3")
        let vertebrae = report["vertebrae"] as? [[String: Any]] ?? []
        #expect(vertebrae.compactMap { $0["level"] as? String } == ["L2"])
        let segmentation = try #require(vertebrae.first?["segmentation"] as? [String: Any])
        #expect(segmentation["levelNamedBy"] as? String == "anchor")
        let omissions = report["omissions"] as? [[String: Any]] ?? []
        #expect(omissions.contains { $0["item"] as? String == "T3" })
        let rehearsal = try #require(vertebrae.first?["rehearsal"] as? [String: Any])
        #expect(rehearsal["runs"] as? Int == 4)
    }

    @Test func `an MR is refused by its tag, and so is a single slice, before anything is searched`() throws {
        let resonance = try server.client.send(
            "POST", "/v1/studies?analysis=segment", body: DICOMBytes.series(count: 16) { $0.modality = "MR" })
        try expectProblem(resonance, 422, [.modalityNotCT], names: "(0008,0060)")
        let slice = try server.client.send("POST", "/v1/studies?analysis=segment", body: DICOMBytes.series(count: 1))
        try expectProblem(slice, 422, [.seriesTooFewSlices], names: "slice")
        try server.expectNothingKept()
    }

    @Test func `the surfaces of a search come as a scene, and one by one`() throws {
        let place = try job("analysis=segment")
        let spine = try server.client.send("GET", place + "/report").json["spine"] as? [String: Any]
        let found = spine?["vertebrae"] as? [[String: Any]] ?? []
        let outlined = found.filter { $0["vertebraVolumeML"] != nil }.compactMap { $0["name"] as? String }
        let scene = try server.client.send("GET", place + "/segmentation?part=mesh")
        #expect(scene["content-type"] == "model/gltf-binary")
        #expect(scene.body.prefix(4) == Data("glTF".utf8))
        for name in outlined {
            let one = try server.client.send("GET", place + "/segmentation?part=mesh&level=" + name)
            #expect(one["content-type"] == "model/stl")
            #expect(one.body.count > 84 + 50 * 1000)
        }
        #expect(try server.client.send("GET", place + "/segmentation?part=mesh&level=C1").status == 404)
    }

    private func report(_ settings: String) throws -> [String: Any] {
        let place = try job(
            "analysis=digital-biopsy&set=rehearsalRuns=4&set=radiomics=none&set=deepFeatures=none" + settings)
        return try server.client.send("GET", place + "/report").json
    }

    /// Posts the patient and waits. - Returns: the path of the job.
    private func job(_ wish: String) throws -> String {
        let accepted = try server.client.send("POST", "/v1/studies?" + wish, body: patient.study)
        #expect(accepted.status == 202, "\(accepted.text)")
        let place = try #require(accepted["location"])
        let job = try server.waitForJob(place, ["done", "failed"], seconds: 600)
        try #require(job["state"] as? String == "done", "\(job)")
        return place
    }
}
