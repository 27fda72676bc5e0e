// From an order on the worklist to its results.
import Foundation
import Testing

@Suite struct WorkitemJourneyTests {
    @Test(.enabled(if: TestPython.has("python"), TestPython.absent("pydicom")))
    func `an order by UPS-RS runs, and its workitem names the objects; other people's work is theirs`() throws {
        let server = try RunningServer()
        let series = try PushedSeries.patient.get()
        #expect(try server.client.store(series.files).status == 200)
        _ = try server.complete(series.studyUID)
        try TestPython.expectOK("workitem_check.py", ["http://127.0.0.1:\(server.client.port)", series.studyUID])
    }

    @Test func `an order that waits survives the end of the service, and starts with its series`() throws {
        let server = try RunningServer()
        let series = try PushedSeries.patient.get()
        let order = """
            {"00741000":{"vr":"CS","Value":["SCHEDULED"]},"00741200":{"vr":"CS","Value":["LOW"]},
            "00741202":{"vr":"LO","Value":["CT"]},"00741204":{"vr":"LO","Value":["Leakage"]},
            "00404005":{"vr":"DT","Value":["20260131"]},"00404041":{"vr":"CS","Value":["UNREADY"]},
            "00404018":{"vr":"SQ","Value":[{"00080100":{"vr":"SH","Value":["segment"]},"00080102":{"vr":"SH","Value":["99OSTEON"]}}]},
            "00404021":{"vr":"SQ","Value":[{"0020000D":{"vr":"UI","Value":["\(series.studyUID)"]}}]}}
            """
        let created = try server.client.send(
            "POST", "/workitems?1.2.3", headers: ["Content-Type": "application/dicom+json"], body: Data(order.utf8))
        #expect(created.status == 201, "\(created.text)")
        server.kill()
        try server.start()
        #expect(try server.client.send("GET", "/workitems/1.2.3").text.contains("SCHEDULED"))
        #expect(try server.client.store(series.files).status == 200)
        _ = try server.complete(series.studyUID)
        #expect(try server.jobCount() == 1)
        #expect(try server.client.send("GET", "/workitems/1.2.3").text.contains("SCHEDULED") == false)
        #expect(try server.client.send("POST", "/workitems/1.2.3/cancelrequest").status == 202)
        try waitUntil("it is cancelled") { try server.client.send("GET", "/workitems/1.2.3").text.contains("CANCELED") }
    }
}
