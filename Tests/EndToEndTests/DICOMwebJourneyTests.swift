// From a PACS's push to a report.
import Domain
import Foundation
import Testing

@Suite(.serialized) struct DICOMwebJourneyTests {
    private let series: PushedSeries
    private let rules: URL

    init() throws {
        series = try PushedSeries.patient.get()
        let seed = try #require(try Patient.shared.get().seeds.first?.split(separator: "=").last?.split(separator: ":"))
        rules = FileManager.default.temporaryDirectory.appendingPathComponent("rules-\(UUID().uuidString).yaml")
        try Data(
            """
            rules:
              - name: spine
                studyDescription: "*spine*"
                sliceThicknessMM: {atMost: 2}
                start:
                  analysis: digital-biopsy
                  parameters: {rehearsalRuns: 0}
                  targets: [{level: \(seed[1]), seedLPSMM: [\(seed[0])]}]
            """.utf8
        ).write(to: rules)
    }

    private func serve(quietSeconds: String = "3600") throws -> RunningServer {
        try RunningServer(arguments: ["--rules", rules.path, "--quiet-seconds", quietSeconds])
    }

    @Test func `one image per request becomes one study, one job and a report; the same push again starts nothing`()
        throws
    {
        let server = try serve()
        defer { try? FileManager.default.removeItem(at: rules) }
        for file in series.files { #expect(try server.client.store([file], at: "/studies").status == 200) }
        let completions = try server.complete(series.studyUID)
        #expect(completions.count == 1)
        let completion = try #require(completions.first)
        #expect(completion["rule"] as? String == "spine")
        let job = try #require(completion["job"] as? String, "\(completion)")
        let ended = try server.waitForJob("/v1/jobs/" + job, ["done", "failed"])
        #expect(ended["state"] as? String == "done", "\(ended)")
        #expect(try server.client.send("GET", "/v1/jobs/\(job)/report").status == 200)

        let again = try server.client.store(series.files)
        #expect(again.status == 200 && again.items("00081199").count == series.files.count)
        #expect(again["x-job-id"] == job)
        #expect(try server.complete(series.studyUID).count == 1)
        #expect(try server.jobCount() == 1)

        let content = try server.client.send("GET", "/v1/studies/\(completion["study"] ?? "")/content")
        #expect(content["content-type"]?.hasPrefix("multipart/related") == true)
    }

    @Test func `what was acknowledged survives the end of the process, the wait for more included`() throws {
        let server = try serve(quietSeconds: "2")
        defer { try? FileManager.default.removeItem(at: rules) }
        #expect(try server.client.store(series.files).status == 200)
        server.kill()
        try server.start()
        let completions = try server.settled(series.studyUID)
        #expect(completions.count == 1)
        #expect(completions.first?["job"] is String)
        #expect(
            try server.client.send("GET", "/studies/\(series.studyUID)/instances").objects.count == series.files.count)
    }

    @Test func `rules that cannot be used end the start with their place`() throws {
        try Data("rules: [{name: a, start: {analysis: none}}]".utf8).write(to: rules)
        defer { try? FileManager.default.removeItem(at: rules) }
        #expect(throws: RunningServer.Failure.self) { try serve() }
    }

    @Test func `a study comes back as it was sent`() throws {
        let server = try serve()
        defer { try? FileManager.default.removeItem(at: rules) }
        let few = Array(series.files.prefix(3))
        #expect(try server.client.store(few).status == 200)
        let place = "/dicom-web/studies/\(series.studyUID)/series/\(series.seriesUID)"
        let reply = try server.client.send("GET", place)
        #expect(reply["content-type"]?.hasPrefix("multipart/related; type=\"application/dicom\"") == true)
        for file in few { #expect(reply.body.range(of: file) != nil) }
        let instance = try #require(try server.client.send("GET", place + "/instances?InstanceNumber=2").objects.first)
        let position = try #require((instance["00081190"] as? [String: Any])?["Value"] as? [String])
        let one = try server.client.send("GET", position[0], headers: ["Accept": "application/dicom"])
        #expect(one.body == few[1])
        let metadata = try #require(try server.client.send("GET", position[0] + "/metadata").objects.first)
        #expect(((metadata["00200032"] as? [String: Any])?["Value"] as? [Double])?.count == 3)
        #expect(metadata["7FE00010"] == nil)
    }
}
