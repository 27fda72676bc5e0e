// From an uploaded scan to a warning while cement is injected, over a socket.
import Domain
import Foundation
import Testing

@Suite(.serialized) struct GuidanceJourneyTests {
    private let server: RunningServer
    private let patient: Patient

    init() throws {
        server = try RunningServer()
        patient = try Patient.shared.get()
    }

    /// The seed of L1: the middle of its body.
    private func tip() throws -> [Double] {
        let seed = try #require(patient.seeds.first { $0.hasSuffix(":L1") })
        return seed.dropFirst("seed=".count).dropLast(":L1".count).split(separator: ",").compactMap { Double($0) }
    }

    private func post(_ place: String, volumeML: Double, at tip: [Double]) throws -> HTTPClient.Reply {
        let body: [String: Any] = ["level": "L1", "needles": [["tipLPSMM": tip]], "volumeSoFarML": volumeML]
        return try server.client.send(
            "POST", place + "/rehearsal", headers: ["Content-Type": "application/json"],
            body: JSONSerialization.data(withJSONObject: body))
    }

    @Test func `a posted reading is answered, and whoever follows is warned`() throws {
        let study = try server.client.send("POST", "/v1/studies" + patient.query(1, runs: 25), body: patient.study)
        let place = try #require(study["location"])
        let early = try post(place, volumeML: 1, at: tip())
        try expectProblem(early, 409, [.resultNotReady], names: "guidance.json")
        let job = try server.waitForJob(place, ["done", "failed"], seconds: 300)
        try #require(job["state"] as? String == "done", "\(job)")

        let first = try post(place, volumeML: 0, at: tip())
        #expect(first.status == 200, "\(first.text)")
        #expect(first.json["schema"] as? String == "osteon.rehearsal/1")
        let end = try #require(first.json["tableEndsML"] as? Double)
        // Beyond everything that was simulated it says stop.
        let last = try post(place, volumeML: end + 0.5, at: tip())
        #expect((last.json["warning"] as? [String: Any])?["level"] as? String == "stop", "\(last.text)")
        let outside = try post(place, volumeML: 1, at: [tip()[0] + 200, tip()[1], tip()[2]])
        try expectProblem(outside, 422, [.parameterInvalid], names: "needles[0].tipLPSMM")

        // The stream tells all from the start, and ends when its job is deleted.
        let client = server.client
        let request = try #require(job["request"] as? [String: Any])
        let studyID = try #require(request["study"] as? String)
        var isErased = false
        let stream = try client.follow(place + "/rehearsal/events?level=L1", lastSeen: "0") { text in
            guard !isErased, text.contains("event: warning") else { return }
            isErased = true
            let answer = try client.send("DELETE", "/v1/studies/" + studyID)
            #expect(answer.status == 204)
        }
        let events = stream.components(separatedBy: "\n\n").filter { $0.contains("event: ") }
        #expect(events.count { $0.contains("event: reading\n") } == 2)
        let warning = try #require(events.first { $0.contains("event: warning\n") })
        #expect(warning.contains(#""level":"stop""#))
        #expect(events.first?.hasPrefix("id: 1\n") == true)
    }
}
