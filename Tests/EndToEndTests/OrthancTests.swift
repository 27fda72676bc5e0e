// What a PACS does with Osteon, from its own side.
import Foundation
import Testing

@Suite(.serialized, .enabled(if: RunningOrthanc.isInstalled, RunningOrthanc.absent)) struct OrthancTests {
    @Test func `a study of 31 MB is pushed within five seconds, chunked or not, and becomes one study`() throws {
        let server = try RunningServer(arguments: ["--quiet-seconds", "3600"])
        let orthanc = try RunningOrthanc(target: server.client.port)
        let series = try PushedSeries.heavy.get()
        let study = try orthanc.keep(series.files)
        #expect(try orthanc.push(study, to: "chunked") == "Success")
        #expect(try server.complete(series.studyUID).count == 1)
        for mode in ["chunked", "plain"] {
            #expect(try orthanc.push(study, to: mode) == "Success")
            #expect(try server.settled(series.studyUID).count == 1, "\(mode)")
        }
        #expect(server.keptFiles.count == 60)

        let wish = Data(#"{"Uri":"/studies","Arguments":{"00100020":"PHANTOM"}}"#.utf8)
        let found = try orthanc.client.send("POST", "/dicom-web/servers/chunked/qido", body: wish)
        #expect(found.status == 200 && found.objects.count == 1, "\(found.text.prefix(200))")
        _ = try orthanc.client.send("DELETE", "/studies/" + study)
        let resource = ["Resources": [["Study": series.studyUID]]]
        let fetched = try orthanc.client.send(
            "POST", "/dicom-web/servers/chunked/retrieve", body: JSONSerialization.data(withJSONObject: resource))
        #expect(fetched.status == 200, "\(fetched.text.prefix(200))")
        let kept = try orthanc.client.send("GET", "/statistics").json
        #expect(kept["CountInstances"] as? Int == 60)
    }

    @Test func `a push succeeds within Orthanc's five seconds while its analysis takes longer than that`() throws {
        let rules = try RulesFile(levels: 3, runs: 2000)
        let server = try RunningServer(arguments: ["--rules", rules.path, "--quiet-seconds", "0"])
        let orthanc = try RunningOrthanc(target: server.client.port)
        let series = try PushedSeries.patient.get()
        let study = try orthanc.keep(series.files)
        #expect(try orthanc.push(study, to: "chunked") == "Success")
        let job = "/v1/jobs/" + (try #require(try server.settled(series.studyUID).first?["job"] as? String))
        try server.waitForJob(job, ["running"])
        #expect(try orthanc.push(study, to: "plain") == "Success")
        let start = Date()
        try waitUntil("it has computed for longer than Orthanc waits") { Date().timeIntervalSince(start) > 5.5 }
        #expect(try server.client.send("GET", job).json["state"] as? String == "running")
        #expect(try server.jobCount() == 1)
        #expect(try server.client.send("DELETE", job).status == 202)
    }

    @Test func `with the sample of deploy a study goes out by itself, its results come back, and that starts nothing`()
        throws
    {
        let port = try RunningOrthanc.freePort()
        let rules = try RulesFile()
        let server = try RunningServer(arguments: [
            "--rules", rules.path, "--quiet-seconds", "0", "--deliver-to", "http://127.0.0.1:\(port)/dicom-web/",
        ])
        let orthanc = try RunningOrthanc(sampleFor: server.client.port, port: port)
        let series = try PushedSeries.patient.get()
        _ = try orthanc.keep(series.files)
        try waitUntil("the results are in the PACS", seconds: 120) {
            try orthanc.client.send("GET", "/statistics").json["CountInstances"] as? Int == series.files.count + 4
        }
        try waitUntil("the enriched study has come back", seconds: 120) {
            let objects = try server.client.send("GET", "/studies/\(series.studyUID)/instances").objects
            return objects.count == series.files.count + 4
        }
        #expect(try server.settled(series.studyUID).count == 1)
        #expect(try server.jobCount() == 1)
    }

    @Test func `it pushes and finds with the user and password of a key, and not without`() throws {
        let server = try RunningServer(arguments: ["--quiet-seconds", "3600"])
        let secret = try server.addKey("orthanc", ["upload", "read"])
        let series = try PushedSeries.patient.get()
        for (credentials, isKnown) in [
            (["Username": "orthanc", "Password": secret], true), (["Username": "other", "Password": secret], false),
            ([:], false),
        ] {
            let orthanc = try RunningOrthanc(target: server.client.port, credentials: credentials)
            let study = try orthanc.keep(Array(series.files.prefix(5)))
            for mode in ["chunked", "plain"] {
                #expect(try orthanc.push(study, to: mode) == (isKnown ? "Success" : "Failure"), "\(credentials.keys)")
            }
            let wish = Data(#"{"Uri":"/studies","Arguments":{}}"#.utf8)
            let found = try orthanc.client.send("POST", "/dicom-web/servers/plain/qido", body: wish)
            #expect((found.status == 200) == isKnown)
            if isKnown { #expect(found.objects.count == 1) }
        }
    }

    @Test func `images pushed one by one become one study`() throws {
        let server = try RunningServer(arguments: ["--quiet-seconds", "3600"])
        let orthanc = try RunningOrthanc(target: server.client.port)
        let series = try PushedSeries.patient.get()
        _ = try orthanc.keep(Array(series.files.prefix(10)))
        let instances = try JSONSerialization.jsonObject(with: orthanc.client.send("GET", "/instances").body)
        for instance in try #require(instances as? [String]) {
            #expect(try orthanc.push(instance, to: "chunked") == "Success")
        }
        let completions = try server.complete(series.studyUID)
        #expect(completions.count == 1)
        let place = try #require(completions.first?["study"] as? String)
        let summary = try server.client.send("GET", "/v1/studies/" + place).json["series"] as? [[String: Any]]
        #expect((summary?.first?["sizeVoxels"] as? [Int])?.last == 10)
    }
}
