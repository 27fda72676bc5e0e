// Outcomes on the built program: told over a socket, there after a kill, exported, audited.
import Domain
import Foundation
import Imaging
import ImagingIO
import Phantoms
import Testing

@Suite struct OutcomeJourneyTests {
    private let server: RunningServer

    init() throws { server = try RunningServer() }

    /// Queues a job on a coarse phantom of one vertebra, without simulated injections, and waits for its end.
    private func finishedJob() throws -> String {
        var recipe = PhantomRecipe(seed: 7, levels: [.L1])
        recipe.spacingMM = [1, 1, 1.5]
        let phantom = try PhantomBuilder.build(recipe)
        let place = try #require(phantom.truth.vertebra(.L1)).bodyCentreLPSMM
        let bytes = try inTemporaryFile("image.nii.gz") { try NIfTIWriter.write(phantom.volume, to: $0) }
        let study = try server.client.send("POST", "/v1/studies", body: bytes).json["id"]
        let catalog = try server.client.send("GET", "/v1/analyses").text
        let order: [String: Any] = [
            "study": study ?? "", "analysis": "digital-biopsy",
            "targets": [["level": "L1", "seedLPSMM": [place.x, place.y, place.z]]],
            "parameters": catalog.contains("rehearsalRuns") ? ["rehearsalRuns": 0] : [:],
        ]
        let accepted = try server.client.send(
            "POST", "/v1/jobs", headers: ["Content-Type": "application/json"],
            body: JSONSerialization.data(withJSONObject: order))
        let job = try #require(accepted["location"], "\(accepted.text)")
        #expect(try server.waitForJob(job, ["done", "failed"], seconds: 300)["state"] as? String == "done")
        return job
    }

    private func tell(_ body: String, at place: String, _ headers: [String: String] = [:]) throws -> HTTPClient.Reply {
        try server.client.send(
            "POST", place, headers: headers.merging(["Content-Type": "application/json"]) { $1 }, body: Data(body.utf8))
    }

    @Test func `an outcome that was answered with 201 is there after a kill, exported and audited`() throws {
        let job = try finishedJob()
        let place = job + "/outcome"
        let body = """
            {"level":"L1","leaked":true,"leaks":[{"type":"III","exit":"superiorEndplate","quadrant":"AL"}],
            "injectedVolumeML":4.5,"procedure":"PVP","cement":"=1+1","ascertainment":"CT","observedAt":"2026-01-31"}
            """
        let told = try tell(body, at: place, ["Idempotency-Key": "one"])
        server.kill()
        #expect(told.status == 201, "\(told.text)")
        try server.start()
        let found = try server.client.send("GET", place + "?level=L1")
        #expect(found.body == told.body && found["etag"] == told["etag"])
        #expect(try tell(body, at: place, ["Idempotency-Key": "one"]).body == told.body)
        let prediction = try #require(told.json["prediction"] as? [String: Any])
        #expect((prediction["evidence"] as? [String: Any])?["any"] is Double)
        #expect((prediction["quadrants"] as? [Any])?.count == 4)

        let corrected = body.dropLast() + #","reason":"product name"}"#
        let second = try tell(String(corrected), at: place, ["If-Match": try #require(told["etag"])])
        #expect(second.status == 201 && second.json["version"] as? Int == 2, "\(second.text)")
        try expectProblem(
            tell(String(corrected), at: place, ["If-Match": try #require(told["etag"])]), 412, [.preconditionFailed],
            names: "version 2")

        let table = try server.client.send("GET", "/v1/outcomes/export?format=csv")
        #expect(table.status == 200 && table["content-type"]?.hasPrefix("text/csv") == true)
        #expect(table.text.split(separator: "\r\n").count == 2 && table.text.contains(",'=1+1,"), "\(table.text)")
        let audit = try server.client.send(
            "POST", "/v1/audits/outcomes", headers: ["Content-Type": "application/json"],
            body: Data(#"{"query":{}}"#.utf8))
        #expect(audit.status == 201, "\(audit.text)")
        #expect(audit.text.contains("at least 10 are needed for a rate"))

        // The study goes; what was told and predicted stays, until it is erased.
        let study = (try server.client.send("GET", job).json["request"] as? [String: Any])?["study"] as? String
        #expect(try server.client.send("DELETE", "/v1/studies/\(study ?? "")").status == 204)
        #expect(try server.client.send("GET", place + "?level=L1").body == second.body)
        #expect(try server.client.send("DELETE", place).status == 204)
        server.kill()
        try server.start()
        #expect(try server.client.send("GET", place).status == 404)
    }
}
