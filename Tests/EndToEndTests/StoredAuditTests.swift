// Our own results, audited against what was planted: jobs on phantoms, asked for by query over a real socket.
import Domain
import Foundation
import Imaging
import ImagingIO
import Phantoms
import Testing

@Suite struct StoredAuditTests {
    /// One vertebra on a coarse grid, and what is known of it.
    private struct Planted {
        let study: Data
        let seed: String
        let volumeML: Double

        init(seed number: UInt64) throws {
            var recipe = PhantomRecipe(seed: number, levels: [.L1])
            recipe.spacingMM = [1, 1, 1.5]
            let phantom = try PhantomBuilder.build(recipe)
            let truth = try #require(phantom.truth.vertebra(.L1))
            study = try inTemporaryFile("image.nii.gz") { try NIfTIWriter.write(phantom.volume, to: $0) }
            let place = truth.bodyCentreLPSMM
            seed = String(format: "%.2f,%.2f,%.2f:L1", place.x, place.y, place.z)
            volumeML = truth.bodyVolumeML
        }
    }

    @Test func `body volumes of jobs on phantoms are audited against what was planted`() throws {
        let server = try RunningServer()
        let phantoms = try (1...4).map { try Planted(seed: $0) }
        let places = try phantoms.map { phantom in
            let accepted = try server.client.send(
                "POST",
                "/v1/studies?analysis=digital-biopsy&set=rehearsalRuns=0&set=radiomics=none&seed=" + phantom.seed,
                body: phantom.study)
            return try #require(accepted["location"], "\(accepted.text)")
        }
        for place in places {
            #expect(try server.waitForJob(place, ["done", "failed"], seconds: 300)["state"] as? String == "done")
        }
        let jobs = places.map { String($0.split(separator: "/").last ?? "") }
        var reference: [[String: Any]] = zip(jobs, phantoms).map { ["job": $0, "value": $1.volumeML] }
        reference.append(["job": "none", "value": 30])
        let body: [String: Any] = [
            "title": "Planted volumes", "acceptable": 5,
            "query": ["level": "L1", "measure": "bodyVolume", "reference": reference, "group": "month"],
        ]
        let audit = try server.client.send(
            "POST", "/v1/audits/bland-altman", headers: ["Content-Type": "application/json"],
            body: JSONSerialization.data(withJSONObject: body))
        #expect(audit.status == 201, "\(audit.text)")
        let origin = try #require(audit.json["query"] as? [String: Any])
        #expect(origin["used"] as? Int == 4 && origin["unit"] as? String == "mL")
        #expect((origin["excluded"] as? [[String: String]])?.map { $0["job"] } == ["none"])
        let report = try #require(audit.json["report"] as? [String: Any])
        let figures = (report["sections"] as? [[String: Any]])?.first?["figures"] as? [[String: Any]]
        let bias = try #require(figures?.first { $0["name"] as? String == "bias" }?["value"] as? Double)
        // A tenth of a body: what voxels of 1 x 1 x 1.5 mm leave open at its surface.
        #expect(abs(bias) < 0.1 * phantoms[0].volumeML, "\(bias) mL of \(phantoms.map(\.volumeML))")
        #expect((report["drift"] as? [String: Any])?["points"] as? [Any] != nil)
        // The answer is the service's own again after a kill, also when the study has gone.
        server.kill()
        try server.start()
        let study = try #require(try server.client.send("GET", places[0]).json["request"] as? [String: Any])["study"]
        #expect(try server.client.send("DELETE", "/v1/studies/\(study as? String ?? "")").status == 204)
        let place = try #require(audit["location"])
        #expect(try server.client.send("GET", place).body == audit.body)
    }
}
