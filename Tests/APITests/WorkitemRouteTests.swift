// UPS-RS as PS3.18 §11 has it.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct WorkitemRouteTests {
    let service: TestService

    init() throws { service = try TestService() }

    /// The attributes that the standard asks for, and a code of Osteon's where there is an analysis.
    private func dataSet(_ analysis: String? = nil, _ changes: [String: Any] = [:]) throws -> String {
        func element(_ vr: String, _ value: Any...) -> [String: Any] { ["vr": vr, "Value": value] }
        var attributes: [String: Any] = [
            "00741000": element("CS", "SCHEDULED"), "00741200": element("CS", "MEDIUM"),
            "00741202": element("LO", "CT"), "00741204": element("LO", "Cement leakage"),
            "00404005": element("DT", "20260131080509"), "00404041": element("CS", "READY"),
            "00100010": element("PN", ["Alphabetic": "Test^Anna"]), "00081195": ["vr": "UI"],
        ]
        if let analysis {
            attributes["00404018"] = element(
                "SQ", ["00080100": element("SH", analysis), "00080102": element("SH", "99OSTEON")])
            attributes["00404021"] = element("SQ", ["0020000D": element("UI", "9")])
        }
        attributes.merge(changes) { $1 }
        return String(decoding: try JSONSerialization.data(withJSONObject: [attributes]), as: UTF8.self)
    }

    private func send(_ method: String, _ target: String, _ body: String = "") throws -> Answer {
        try service.send(method, target, headers: ["Content-Type": "application/dicom+json"], body: body)
    }

    private func change(_ uid: String, _ state: String, _ transaction: String? = "2.1") throws -> Answer {
        let uidValue = transaction.map { ",\"Value\":[\"\($0)\"]" } ?? ""
        return try send(
            "PUT", "/workitems/\(uid)/state",
            #"{"00081195":{"vr":"UI"\#(uidValue)},"00741000":{"vr":"CS","Value":["\#(state)"]}}"#)
    }

    private func shown(_ uid: String) throws -> [String: Any] {
        let answer = try service.send("GET", "/dicom-web/workitems/" + uid)
        #expect(answer.status == 200 && answer.headers["Content-Type"] == "application/dicom+json")
        let list = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [[String: Any]]
        return try #require(list?.first)
    }

    private func value(_ tag: String, _ item: [String: Any]) -> Any? {
        ((item[tag] as? [String: Any])?["Value"] as? [Any])?.first
    }

    @Test(arguments: [
        "/workitems?1.2.3", "/dicom-web/workitems?workitem=1.2.3", "/workitems?AffectedSOPInstanceUID=1.2.3",
    ])
    func `a workitem is created under the UID of the query`(target: String) throws {
        let answer = try send("POST", target, try dataSet())
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer.headers["Location"] == "/dicom-web/workitems/1.2.3")
        let item = try shown("1.2.3")
        #expect(value("00741000", item) as? String == "SCHEDULED")
        #expect(value("00080018", item) as? String == "1.2.3" && item["00081195"] == nil)
        #expect(try send("POST", target, try dataSet()).problem().code == .workitemExists)
    }

    @Test func `without one in the query it is that of the data set, or is made`() throws {
        let named = try dataSet(nil, ["00080018": ["vr": "UI", "Value": ["1.7"]]])
        #expect(try send("POST", "/workitems", named).headers["Location"] == "/dicom-web/workitems/1.7")
        let made = try #require(try send("POST", "/workitems", try dataSet()).headers["Location"])
        #expect(made.hasPrefix("/dicom-web/workitems/2.25."))
        #expect(try service.send("GET", made).status == 200)
    }

    @Test(arguments: ["00741000", "00741200", "00741202", "00741204", "00404005", "00404041"])
    func `what the standard asks for is asked for`(tag: String) throws {
        let answer = try send("POST", "/workitems", try dataSet(nil, [tag: ["vr": "CS"]]))
        #expect(answer.status == 400)
        #expect(try answer.problem().subject == tag)
    }

    @Test func `a state to begin with, a Transaction UID, an unknown analysis and one without input are refused`()
        throws
    {
        let state = ["00741000": ["vr": "CS", "Value": ["IN PROGRESS"]] as [String: Any]]
        #expect(try send("POST", "/workitems", try dataSet(nil, state)).status == 400)
        let transaction = ["00081195": ["vr": "UI", "Value": ["2.1"]] as [String: Any]]
        #expect(try send("POST", "/workitems", try dataSet(nil, transaction)).status == 400)
        #expect(try send("POST", "/workitems", try dataSet("magic")).problem().code == .analysisUnknown)
        let blind = try dataSet("segment", ["00404021": ["vr": "SQ"]])
        #expect(try send("POST", "/workitems", blind).problem().subject == "00404021")
        for body in ["", "[]", "[{},{}]", "{\"name\":{}}", "{\"00741000\":1}"] {
            #expect(try send("POST", "/workitems", body).status == 400, "\(body)")
        }
        #expect(try send("POST", "/workitems?no-uid", try dataSet()).status == 400)
        #expect(
            try service.send("POST", "/workitems", headers: ["Content-Type": "application/dicom+xml"], body: "<a/>")
                .status
                == 415)
    }

    @Test(arguments: [
        ##""00100020":{"Value":["7"]}"##, ##""00100020":{"vr":"QQ"}"##, ##""00100020":{"vr":"LO","Value":"7"}"##,
        ##""00100020":{"vr":"LO","Value":[7]}"##, ##""00101005":{"vr":"PN","Value":["Test^Anna"]}"##,
        ##""00420011":{"vr":"OB","Value":["AA"]}"##, ##""00404018":{"vr":"SQ","Value":["x"]}"##,
        ##""00404018":{"vr":"SQ","Value":[{"00080100":{"Value":["x"]}}]}"##,
        ##""00404018":{"vr":"SQ","Value":[{"name":{"vr":"LO"}}]}"##,
        ##""0040a370":{"vr":"SQ"},"0040A370":{"vr":"SQ"}"##, ##""\##u{FF10}\##u{FF10}18":{"vr":"LO"}"##,
    ])
    func `what is not of the DICOM JSON model is refused by its attribute`(attribute: String) throws {
        let whole = try dataSet()
        let answer = try send("POST", "/workitems", whole.dropLast(2) + "," + attribute + "}]")
        let subject = try answer.problem().subject
        #expect(answer.status == 400 && subject.map { attribute.contains($0) } == true, "\(answer.text)")
        #expect(try service.send("GET", "/dicom-web/workitems").text == "[]")
    }

    @Test func `tags are kept in capitals, values as they came`() throws {
        let (request, weight) = (
            ##""0040a370":{"vr":"SQ","Value":[{"0040100a":{"vr":"SQ","Value":[null]}},null]}"##,
            ##""00101030":{"vr":"DS","Value":[72.5,"72"]}"##
        )
        let whole = try dataSet()
        let answer = try send("POST", "/workitems?1.9", whole.dropLast(2) + ",\(request),\(weight)}]")
        #expect(answer.status == 201, "\(answer.text)")
        let item = try shown("1.9")
        let kept = value("0040A370", item) as? [String: Any]
        #expect(item["0040a370"] == nil && kept?["0040100A"] is [String: Any])
        #expect(((item["00101030"] as? [String: Any])?["Value"] as? NSArray) == [72.5, "72"])
    }

    @Test func `claim, update and end go by the Transaction UID, conflicts by the words of the standard`() throws {
        _ = try send("POST", "/workitems?1.2", try dataSet())
        #expect(try change("1.2", "COMPLETED").status == 409)
        #expect(try change("1.2", "IN PROGRESS", nil).status == 400)
        #expect(try change("1.2", "SCHEDULED").status == 400)
        #expect(try change("1.2", "IN PROGRESS").status == 200)
        let progress = #"{"00741002":{"vr":"SQ","Value":[{"00741004":{"vr":"DS","Value":[50]}}]}}"#
        let missing = try send("POST", "/workitems/1.2", progress)
        #expect(missing.status == 409)
        #expect(missing.headers["Warning"] == "299 osteon: The Transaction UID is missing.")
        let wrong = try send("POST", "/workitems/1.2?transaction-uid=2.2", progress)
        #expect(wrong.headers["Warning"] == "299 osteon: The Transaction UID is incorrect.")
        #expect(try send("POST", "/workitems/1.2?2.1", progress).status == 200)
        #expect(try shown("1.2")["00741002"] != nil)
        #expect(try send("POST", "/workitems/1.2?2.1", #"{"00741000":{"vr":"CS"}}"#).status == 400)
        #expect(try change("1.2", "CANCELED").status == 200)
        let again = try change("1.2", "CANCELED")
        #expect(again.status == 200)
        #expect(again.headers["Warning"] == "299 osteon: The UPS is already in the requested state of CANCELED.")
        #expect(try change("1.3", "CANCELED").problem().code == .workitemNotFound)
    }

    @Test func `a request cancels what nobody claimed, with or without a reason`() throws {
        let reason = #"[{"00741238":{"vr":"LT","Value":["Wrong patient"]}}]"#
        for (uid, body) in [("1.2", reason), ("1.3", "")] {
            _ = try send("POST", "/workitems?\(uid)", try dataSet())
            #expect(try send("POST", "/workitems/\(uid)/cancelrequest", body).status == 202)
            #expect(value("00741000", try shown(uid)) as? String == "CANCELED")
        }
        let information = try #require(value("00741002", try shown("1.2")) as? [String: Any])
        #expect(value("00741238", information) as? String == "Wrong patient")
        #expect(try send("POST", "/workitems/1.2/cancelrequest").headers["Warning"]?.contains("CANCELED") == true)
    }

    @Test func `an analysis waits for its series, then runs, shows progress and says why it failed`() throws {
        let numeric: [String: Any] = [
            "0040A043": [
                "vr": "SQ",
                "Value": [
                    [
                        "00080100": ["vr": "SH", "Value": ["spacingMM"]],
                        "00080102": ["vr": "SH", "Value": ["99OSTEON"]],
                    ]
                ],
            ],
            "0040A30A": ["vr": "DS", "Value": [2.5]],
        ]
        let parameters: [String: Any] = ["vr": "SQ", "Value": [numeric]]
        let body = try dataSet("segment", ["00741210": parameters])
        #expect(try send("POST", "/workitems?1.2", body).headers["X-Job-Id"] == nil)
        _ = try service.store(["instance 9 1 1.1"])
        try service.store.arrivals.completeNow(study: "9")
        let series = try #require(try service.store.arrivals.nextComplete())
        try service.store.arrivals.complete(series, contents: .fake, rule: nil, request: nil, fault: nil)
        let claim = try #require(try service.store.jobs.claim(worker: "test", leaseSeconds: 60))
        #expect(claim.job.request.parameters == ["spacingMM": .number(2.5)])
        _ = try service.store.jobs.heartbeat(
            claim.lease, progress: StageProgress(stage: "segment", fraction: 0.25), leaseSeconds: 60)
        var information = try #require(value("00741002", try shown("1.2")) as? [String: Any])
        #expect(
            value("00741004", information) as? Double == 25 && value("00741006", information) as? String == "segment")
        #expect(try send("POST", "/workitems/1.2/cancelrequest").status == 202)
        try service.store.jobs.confirmCancelled(claim.lease)
        let item = try shown("1.2")
        #expect(value("00741000", item) as? String == "CANCELED")
        information = try #require(value("00741002", item) as? [String: Any])
        #expect(value("00741238", information) as? String == "Cancelled on request.")
        let refused = try send("POST", "/workitems?1.3", try dataSet("segment", ["00741210": parameters]))
        #expect(try refused.problem().code == .parameterInvalid)
    }

    @Test func `a search goes by keyword, tag and sequence`() throws {
        for uid in ["1.2", "1.3"] { _ = try send("POST", "/workitems?\(uid)", try dataSet("segment")) }
        _ = try change("1.3", "IN PROGRESS")
        for (query, count) in [
            ("", 2), ("?ProcedureStepState=SCHEDULED", 1), ("?00741000=SCHEDULED,IN%20PROGRESS", 2),
            ("?PatientName=test*&SOPInstanceUID=1.2", 1), ("?ScheduledWorkitemCodeSequence.CodeValue=segment", 2),
            ("?00404021.0020000D=9,8&WorklistLabel=MR", 0),
            ("?ScheduledProcedureStepStartDateTime=20260101-20260131", 2),
            ("?ScheduledProcedureStepStartDateTime=20260201-", 0), ("?limit=1&includefield=all", 1),
        ] {
            let answer = try service.send("GET", "/dicom-web/workitems" + query)
            let found = try JSONSerialization.jsonObject(with: Data(answer.body)) as? [[String: Any]]
            #expect(found?.count == count, "\(query): \(answer.text.prefix(300))")
        }
        for query in ["nonsense", "%EF%BC%90%EF%BC%9018", "00404018.%EF%BC%90%EF%BC%9018"] {
            let answer = try service.send("GET", "/workitems?\(query)=1")
            #expect(answer.status == 400)
            #expect(try answer.problem().subject == query.removingPercentEncoding)
        }
    }
}
