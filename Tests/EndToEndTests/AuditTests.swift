// Audits over a real socket: what was answered stays, through repeats, refusals and a kill.
import Domain
import Foundation
import Testing

@Suite(.serialized) struct AuditTests {
    private let server: RunningServer

    init() throws { server = try RunningServer() }

    private static let heights = "osteon (mm),caliper (mm)\n25.1,24.8\n27.3,27.0\n22.8,23.1\n30.2,29.6\n26.4,26.5\n"

    private func post(_ body: String, to path: String, type: String = "text/csv") throws -> HTTPClient.Reply {
        try server.client.send("POST", path, headers: ["Content-Type": type], body: Data(body.utf8))
    }

    private static let tables: [(kind: String, csv: String, json: String)] = [
        (
            "bland-altman", heights,
            #"{"unit":"mm","pairs":[[25.1,24.8],[27.3,27],[22.8,23.1],[30.2,29.6],[26.4,26.5]]}"#
        ),
        (
            "reliability",
            "subject,rater,value (mm)\n1,A,9\n1,B,2\n2,A,6\n2,B,1\n3,A,8\n3,B,4\n4,A,7\n4,B,1\n5,A,10\n5,B,5\n",
            #"{"unit":"mm","columns":{"subject":[1,2,3,4],"A":[9,6,8,7],"B":[2,1,4,1],"C":[5,3,6,2]}}"#
        ),
        (
            "classification", "outcome,score\n0,0.1\n0,0.4\n1,0.35\n1,0.8\n0,0.2\n1,0.7\n",
            #"{"rows":[{"outcome":0,"score":0.1},{"outcome":1,"score":0.9},{"outcome":0,"score":0.6},{"outcome":1,"score":0.5}]}"#
        ),
        (
            "segmentation", "case,dice,hd95 (mm)\na,0.91,2.1\nb,0.88,3.4\nc,0.94,1.2\nd,0.79,5.0\n",
            #"{"columns":{"case":["a","b","c"],"dice":[0.9,0.8,0.95]}}"#
        ),
    ]

    private static let refused: [(kind: String, csv: String, names: String)] = [
        ("bland-altman", "a,b\n1,2\n3,4\n", "2"),
        ("bland-altman", "a,b\n1,2\n1,3\n1,4\n", "column a"),
        ("bland-altman", "a,b\n1,2\n3,NaN\n4,6\n", "Row 2"),
        ("bland-altman", "a,b\n1,2\n3,4\nfour,6\n", "Row 3"),
        ("bland-altman", "a (mm),b (cm)\n1,2\n3,4\n5,7\n", "cm"),
        ("reliability", "subject,rater,value\n1,A,9\n1,B,2\n2,A,6\n2,B,1\n3,A,8\n", "row 5"),
        ("classification", "outcome,score\n1,0.1\n1,0.4\n1,0.35\n", "class 0"),
        ("classification", "outcome,score\n1,0.1\n0,0.4\n2,0.35\n", "Row 3"),
        ("segmentation", "case,dice\na,0.9\nb,1.2\nc,0.8\n", "Row 2"),
    ]

    @Test(arguments: refused)
    func `a table that cannot be audited is refused by row or column, and not kept`(
        kind: String, csv: String, names: String
    ) throws {
        try expectProblem(post(csv, to: "/v1/audits/" + kind), 422, [.auditDataUnusable], names: names)
        #expect(server.keptFiles.isEmpty)
        #expect((try server.client.send("GET", "/v1/audits").json["items"] as? [Any])?.isEmpty == true)
    }

    @Test(arguments: tables)
    func `an audit from CSV and from JSON is kept as it was answered`(kind: String, csv: String, json: String) throws {
        for (type, body) in [("text/csv", csv), ("application/json", json)] {
            let made = try post(body, to: "/v1/audits/" + kind, type: type)
            #expect(made.status == 201, "\(made.text)")
            let place = try #require(made["location"])
            #expect(try server.client.send("GET", place).body == made.body)
            let tag = try #require(made["etag"])
            let unchanged = try server.client.send("GET", place, headers: ["If-None-Match": tag])
            #expect(unchanged.status == 304 && unchanged.body.isEmpty)
            let plot = try server.client.send("GET", place + "/plot.svg")
            #expect(plot["content-type"] == "image/svg+xml")
            #expect(plot["content-security-policy"]?.contains("default-src 'none'") == true)
            #expect(plot.text.contains("</svg>"))
            #expect(try server.client.send("GET", place + "/input").text == body)
            let again = try post(csv, to: place + "/rerun")
            #expect(again.status == 201 && again.json["parent"] as? String == made.json["id"] as? String)
            let listed =
                try server.client.send("GET", "/v1/audits?limit=1&kind=" + kind).json["items"] as? [[String: Any]]
            #expect(listed?.first?["id"] as? String == again.json["id"] as? String)
            for method in ["DELETE", "PUT", "PATCH"] {
                let refused = try server.client.send(method, place)
                try expectProblem(refused, 405, [.methodNotAllowed], names: method)
                #expect(refused["allow"] == "GET, HEAD, OPTIONS")
            }
        }
    }

    @Test func `an audit that was answered survives a kill`() throws {
        let made = try post(Self.heights, to: "/v1/audits/bland-altman")
        server.kill()
        try server.start()
        let place = try #require(made["location"])
        let shown = try server.client.send("GET", place)
        #expect(shown.status == 200 && shown.body == made.body)
        #expect(try server.client.send("GET", place + "/plot.svg").status == 200)
        #expect(try server.client.send("GET", place + "/input").text == Self.heights)
        #expect(server.keptFiles.count == 3)
    }

    @Test func `ten million rows are refused where the limit is passed, in little memory`() throws {
        let row = Data("1.5,2.5\n".utf8)
        var piece = Data()
        for _ in 0..<10_000 { piece += row }
        var body = Data("a,b\n".utf8)
        for _ in 0..<1000 { body += piece }
        let reply = try server.client.send(
            "POST", "/v1/audits/bland-altman", headers: ["Content-Type": "text/csv"], body: body)
        try expectProblem(reply, 413, [.bodyTooLarge], names: "1000000 rows")
        let figures = try server.client.send("GET", "/metrics").text
        func figure(_ name: String) -> Double? {
            figures.split(separator: "\n").first { $0.hasPrefix(name + " ") }.flatMap {
                Double($0.split(separator: " ")[1])
            }
        }
        // A million rows are 8 MB of the 80 MB that came.
        #expect(try #require(figure("osteon_upload_bytes_total")) < 10e6)
        #expect(try #require(figure("process_resident_memory_bytes")) < 200e6)
        try waitUntil("the refused table is gone") { server.keptFiles.isEmpty }
    }
}
