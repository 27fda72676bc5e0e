// STOW-RS as PS3.18 §10.5 and the clients that were measured want it.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct StowRouteTests {
    let service: TestService

    init() throws { service = try TestService() }

    private func references(_ answer: Answer, _ tag: String) -> [[String: Any]] {
        (answer.json[tag] as? [String: Any])?["Value"] as? [[String: Any]] ?? []
    }

    @Test(arguments: ["/dicom-web/studies", "/dicom-web/studies/", "/studies", "/studies/", "/studies/9"])
    func `objects are kept under either root, with or without a slash at the end`(path: String) throws {
        let answer = try service.store(["instance 9 1 1.1", "instance 9 1 1.2"], at: path)
        #expect(answer.status == 200)
        #expect(answer.headers["Content-Type"] == "application/dicom+json")
        #expect(references(answer, "00081199").count == 2)
        #expect(answer.json["00081198"] == nil)
        #expect(answer.headers["Link"] == "</v1/arrivals/9>; rel=\"monitor\"")
        #expect(service.keptFiles().count == 2)
    }

    @Test func `an unreadable part among good ones is listed as failed`() throws {
        let answer = try service.store(["instance 9 1 1.1", "rubbish"])
        #expect(answer.status == 202)
        #expect(references(answer, "00081199").count == 1)
        let failed = try #require(references(answer, "00081198").first)
        #expect((failed["00081197"] as? [String: Any])?["Value"] as? [Int] == [0xC000])
        #expect(service.keptFiles().count == 1)
    }

    @Test func `nothing readable is 400, another study than the path's is 409, and neither leaves anything`() throws {
        #expect(try service.store(["rubbish"]).status == 400)
        let conflict = try service.store(["instance 9 1 1.1"], at: "/dicom-web/studies/8")
        #expect(conflict.status == 409)
        #expect(references(conflict, "00081198").count == 1)
        #expect(service.keptFiles().isEmpty)
    }

    @Test func `a body without parts is never a success`() throws {
        let answer = try service.store([])
        #expect(answer.status == 400)
        #expect(try answer.problem().code == .emptyBody)
    }

    @Test(arguments: [
        "application/dicom+json", "multipart/form-data; boundary=b",
        "multipart/related; type=\"application/dicom+xml\"",
        "text/plain",
    ])
    func `other media types are refused`(type: String) throws {
        let answer = try service.send("POST", "/studies", headers: ["Content-Type": type], body: "--b--")
        #expect(answer.status == 415)
        #expect(try answer.problem().code == .unsupportedMediaType)
    }

    @Test(arguments: [
        ("b", "b"), ("\"b\"", "b"), (String(repeating: "B", count: 200), String(repeating: "B", count: 200)),
        ("\"with blank\"", "with blank"),
    ])
    func `boundaries, preambles, epilogues and part lengths are taken as they come`(
        written: String, boundary: String
    ) throws {
        let body =
            "preamble\r\n--\(boundary)\r\nContent-Type: application/dicom\r\nContent-Length: 16\r\n\r\ninstance 9 1 1.1\r\n"
            + "--\(boundary)\r\n\r\ninstance 9 1 1.2\r\n--\(boundary)--\r\nepilogue"
        let answer = try service.send(
            "POST", "/studies", headers: ["Content-Type": "multipart/related; boundary=\(written)"], body: body)
        #expect(answer.status == 200)
        #expect(references(answer, "00081199").count == 2)
    }

    @Test func `a body that lacks its end leaves nothing`() throws {
        let body = "--b\r\n\r\ninstance 9 1 1.1\r\n--b\r\n\r\ninstance 9 1"
        let answer = try service.send(
            "POST", "/studies", headers: ["Content-Type": "multipart/related; boundary=b"], body: body)
        #expect(answer.status == 400)
        #expect(service.keptFiles().isEmpty)
    }

    @Test func `a study is retrieved and searched under either root`() throws {
        _ = try service.store(["instance 9 1 1.1", "instance 9 2 2.1"])
        for root in ["", "/dicom-web"] {
            let found = try service.send("GET", root + "/studies?limit=5&StudyInstanceUID=9,7")
            #expect(found.status == 200 && found.headers["Content-Type"] == "application/dicom+json")
            #expect(found.text.contains("\"/dicom-web/studies/9\""))
            #expect(try service.send("GET", root + "/studies/9/metadata").text.contains("2.1"))
            #expect(try service.send("GET", root + "/studies/9/series/1").status == 200)
            #expect(try service.send("GET", root + "/studies/9/series/1/instances/1.1/metadata").status == 200)
            #expect(try service.send("GET", root + "/series?StudyInstanceUID=7").text == "[]")
        }
        let one = try service.send(
            "GET", "/studies/9/series/1/instances/1.1", headers: ["Accept": "application/dicom"])
        #expect(one.text == "instance 9 1 1.1")
        #expect(one.headers["Content-Type"] == "application/dicom; transfer-syntax=1.2.840.10008.1.2.1")
        #expect(try service.send("GET", "/studies/8/metadata").problem().code == .instanceNotFound)
        #expect(try service.send("GET", "/studies", headers: ["Accept": "text/html"]).status == 406)
    }

    @Test(arguments: ["studies/x/series", "studies/x/instances", "studies/1.2/series/x/instances"])
    func `a search below what is no UID is refused`(path: String) throws {
        let none = ["x", "1..2", ".1", "1.", String(repeating: "1", count: 65)]
        for uid in none.map({ path.replacing("x", with: $0) }) {
            #expect(try service.send("GET", "/dicom-web/" + uid).problem().code == .requestMalformed, "\(uid)")
        }
        #expect(try service.send("GET", "/dicom-web/" + path.replacing("x", with: "9.9")).text == "[]")
    }

    @Test func `a search tells what it cannot do`() throws {
        for _ in 0..<2 { _ = try service.store(["instance 9 1 1.1", "instance 8 2 2.1"]) }
        let first = try service.send("GET", "/studies?limit=1&fuzzymatching=true&PatientName=")
        #expect(first.headers.all("Warning").count == 2)
        for name in ["nonsense", "%EF%BC%90%EF%BC%9018"] {
            let answer = try service.send("GET", "/studies?\(name)=1")
            #expect(answer.status == 400)
            #expect(try answer.problem().subject == name.removingPercentEncoding)
        }
        #expect(try service.send("GET", "/studies?limit=-1").status == 400)
    }

    @Test func `an arrival is shown, ended at once and deleted`() throws {
        _ = try service.store(["instance 9 1 1.1"])
        let arrival = try service.send("GET", "/v1/arrivals/9")
        #expect(arrival.json["isSettled"] as? Bool == false)
        #expect(try service.send("POST", "/v1/arrivals/9/complete").status == 202)
        #expect(try service.store.arrivals.nextComplete()?.seriesUID == "1")
        #expect(try service.send("DELETE", "/v1/arrivals/9").status == 204)
        #expect(try service.send("GET", "/v1/arrivals/9").status == 404)
        #expect(service.keptFiles().isEmpty)
    }
}
