// Audits over their life: made from tables, kept as they were answered, listed, repeated; and what is refused.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

private let heights = "osteon (mm),caliper (mm)\n25.1,24.8\n27.3,27.0\n22.8,23.1\n30.2,29.6\n26.4,26.5\n"
private let pairs =
    #"{"title":"Pairs","unit":"mm","pairs":[[25.1,24.8],[27.3,27],[22.8,23.1],[30.2,29.6],[26.4,26.5]]}"#

@Suite struct AuditRouteTests {
    let service: TestService

    init() throws { service = try TestService() }

    private func post(
        _ body: String, to path: String = "/v1/audits/bland-altman", type: String = "text/csv", key: String? = nil
    ) throws -> Answer {
        var headers: HTTPHeaders = ["Content-Type": type]
        headers["Idempotency-Key"] = key
        return try service.send("POST", path, headers: headers, body: body)
    }

    @Test func `an audit is answered, and then always answered by the same bytes`() throws {
        let made = try post(heights, to: "/v1/audits/bland-altman?title=Heights%20of%20L1")
        #expect(made.status == 201, "\(made.text)")
        let place = try #require(made.headers["Location"])
        #expect(made.json["title"] as? String == "Heights of L1")
        let shown = try service.send("GET", place)
        #expect(shown.body == made.body)
        #expect(shown.headers["ETag"] == made.headers["ETag"])
        let audit = try #require(try service.store.audits.find(made.json["id"] as? String ?? ""))
        #expect(shown.headers["ETag"] == "\"\(audit.reportSHA256)\"")
        let links = try #require(made.json["links"] as? [String: String])
        #expect(links["self"] == place)
        let input = try service.send("GET", links["input"] ?? "")
        #expect(input.text == heights)
        #expect(input.headers["ETag"] == "\"\(made.json["inputSHA256"] as? String ?? "")\"")
    }

    @Test func `the plot is a drawing that may run nothing`() throws {
        let made = try post(heights)
        let place = try #require(made.headers["Location"])
        let plot = try service.send("GET", place + "/plot.svg")
        #expect(plot.headers["Content-Type"] == "image/svg+xml")
        #expect(plot.text.contains("<svg") && !plot.text.contains("<script"))
        let policy = plot.headers.all("Content-Security-Policy")
        #expect(policy == ["default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"])
        let accepted = try service.send("GET", place, headers: ["Accept": "image/svg+xml"])
        #expect(accepted.body == plot.body)
        #expect(accepted.headers["Vary"] == "Accept")
        #expect(try service.send("GET", place, headers: ["Accept": "text/html"]).problem().code == .notAcceptable)
    }

    @Test func `JSON and CSV of the same numbers give the same figures`() throws {
        let csv = try post(heights).sections
        let json = try post(pairs, type: "application/json").sections
        #expect(csv.count == 1 && json.count == 1)
        let bias = { (sections: [[String: Any]]) -> Double? in
            let figures = sections.first?["figures"] as? [[String: Any]]
            return figures?.first { $0["name"] as? String == "bias" }?["value"] as? Double
        }
        // (0.3 + 0.3 - 0.3 + 0.6 - 0.1) / 5
        #expect(abs((bias(csv) ?? 0) - 0.16) < 1e-12)
        #expect(bias(csv) == bias(json))
    }

    @Test func `the same key and table make one audit, another table with it is refused`() throws {
        let first = try post(heights, key: "k")
        #expect(try post(heights, key: "k").body == first.body)
        #expect(try service.store.audits.list(limit: 9).count == 1)
        let other = try post(heights + "1,2\n", key: "k")
        #expect(try other.problem().code == .idempotencyConflict)
        #expect(other.status == 409)
        #expect(try post(heights, to: "/v1/audits/bland-altman?form=percent", key: "k").status == 409)
        #expect(try post(heights).headers["Location"] != first.headers["Location"])
    }

    @Test func `an audit is repeated on new data with its settings, and names its parent`() throws {
        let made = try post(heights, to: "/v1/audits/bland-altman?title=Heights&form=percent&coverage=0.9")
        let id = try #require(made.json["id"] as? String)
        let place = try #require(made.headers["Location"])
        let again = try post(heights + "28.0,28.3\n", to: place + "/rerun")
        #expect(again.status == 201, "\(again.text)")
        #expect(again.json["parent"] as? String == id)
        #expect((again.json["links"] as? [String: String])?["parent"] == place)
        #expect(again.json["title"] as? String == "Heights")
        let settings = try #require(again.report["settings"] as? [String: Any])
        let options = try #require(settings["options"] as? [String: String])
        #expect(options["form"] == "percent" && options["coverage"] == "0.9")
        #expect(again.json["inputSHA256"] as? String != made.json["inputSHA256"] as? String)
        let named = try post(heights, to: place + "/rerun?title=Second%20year")
        #expect(named.json["title"] as? String == "Second year")
        let changed = #"{"form":"log","pairs":[[1,2],[2,3],[3,5]]}"#
        #expect(try post(changed, to: place + "/rerun", type: "application/json").problem().code == .requestMalformed)
        #expect(try post(heights, to: place + "/rerun?form=log").problem().subject == "form")
        #expect(try post(heights, to: "/v1/audits/none/rerun").problem().code == .auditNotFound)
    }

    @Test func `audits are listed newest first, filtered and in pages`() throws {
        let ids = try ["One", "Two", "Three"].map { title in
            try #require(try post(heights, to: "/v1/audits/bland-altman?title=\(title)").json["id"] as? String)
        }
        func list(_ query: String) throws -> [String] { try service.send("GET", "/v1/audits" + query).ids }
        #expect(try list("") == ids.reversed())
        let first = try service.send("GET", "/v1/audits?limit=2&kind=bland-altman")
        #expect(first.ids == [ids[2], ids[1]])
        let next = try #require(first.json["next"] as? String)
        #expect(first.headers["Link"] == "</v1/audits?limit=2&kind=bland-altman&after=\(next)>; rel=\"next\"")
        #expect(try list("?after=\(next)") == [ids[0]])
        #expect(try list("?title=TWO") == [ids[1]])
        #expect(try list("?kind=reliability") == [])
        #expect(try list("?from=2000-01-01&to=2001-01-01") == [])
        #expect(try list("?from=2000-01-01T00:00:00Z").count == 3)
        let sha = try #require(try service.store.audits.find(ids[0])?.inputSHA256)
        #expect(try list("?inputSHA256=\(sha)").count == 3)
        let item = try #require((first.json["items"] as? [[String: Any]])?.first)
        #expect((item["summary"] as? [String: Any])?["count"] as? Double == 5)
        for name in [
            "kind=other", "from=yesterday", "to=31.1.2026", "inputSHA256=abc", "limit=0",
            "title=" + String(repeating: "a", count: 201),
            "inputSHA256=0" + String(repeating: "%EF%BC%90", count: 21),
        ] {
            let subject = String(name.prefix { $0 != "=" })
            #expect(try service.send("GET", "/v1/audits?" + name).problem().subject == subject)
        }
    }

    @Test(arguments: ["DELETE", "PUT", "PATCH", "POST"])
    func `an audit cannot be changed or deleted`(method: String) throws {
        let place = try #require(try post(heights).headers["Location"])
        let answer = try service.send(method, place, body: "x")
        #expect(answer.status == 405)
        #expect(answer.headers["Allow"] == "GET, HEAD, OPTIONS")
        #expect(try service.send("GET", place).status == 200)
    }

    private static let refused: [(type: String, target: String, body: String, status: Int, names: String)] = [
        ("text/csv", "bland-altman", "", 400, "empty"),
        ("text/plain", "bland-altman", heights, 415, "text/plain"),
        ("text/csv", "bland-altman?colour=red", heights, 400, "colour"),
        ("text/csv", "bland-altman?coverage=2", heights, 422, "coverage"),
        ("text/csv", "bland-altman?title=" + String(repeating: "a", count: 201), heights, 400, "200 characters"),
        ("text/csv", "bland-altman?first=other", heights, 422, "other"),
        ("text/csv", "bland-altman", "a,b\n1,2\n3,4\n", 422, "2"),
        ("text/csv", "bland-altman", "a,b\n1,2\n1,3\n1,5\n", 422, "column a"),
        ("text/csv", "bland-altman", "a,b\n1,2\n3,NaN\n5,6\n", 422, "Row 2"),
        ("text/csv", "bland-altman", "a,b\n1,2\n3,4\nfive,6\n", 422, "Row 3"),
        ("text/csv", "bland-altman", "a,b\n1,2\n3\n5,6\n", 422, "Row 2"),
        ("text/csv", "bland-altman", "a (mm),b (cm)\n1,2\n3,4\n5,7\n", 422, "cm"),
        ("application/json", "bland-altman", "{", 400, "JSON"),
        ("application/json", "bland-altman", #"{"pairs":[[1,2],[2,3],[4,"x"]]}"#, 422, "Row 3"),
        (
            "application/json", "bland-altman", #"{"query":{"level":"L1","measure":"girth","reference":[]}}"#, 400,
            "girth"
        ),
        (
            "application/json", "reliability", #"{"query":{"level":"L1","measure":"bodyMean","reference":[]}}"#, 400,
            "query"
        ),
    ]

    @Test(arguments: refused.indices)
    func `a refused audit names what is wrong and leaves nothing`(index: Int) throws {
        let (type, target, body, status, names) = Self.refused[index]
        let answer = try post(body, to: "/v1/audits/" + target, type: type)
        #expect(answer.status == status, "\(answer.text)")
        let problem = try answer.problem()
        #expect("\(problem.subject ?? "") \(problem.detail)".contains(names), "\(problem.detail)")
        #expect(!problem.fix.isEmpty)
        #expect(service.keptFiles() == [])
        #expect(try service.store.audits.list(limit: 1).isEmpty)
    }

    @Test func `a table with too many rows is a 413 that says how many are allowed`() throws {
        let table = "a,b\n" + String(repeating: "1,2\n", count: 1_000_003)
        let answer = try post(table)
        #expect(answer.status == 413)
        #expect(try answer.problem().detail.contains("1000000 rows"))
        #expect(service.keptFiles() == [])
    }

    @Test func `rows of JSON are counted too`() throws {
        let table = #"{"pairs":["# + String(repeating: "[1,2],", count: 1_000_000) + "[1,3]]}"
        let answer = try post(table, type: "application/json")
        #expect(answer.status == 413)
        #expect(try answer.problem().detail.contains("1000000 rows"))
        #expect(service.keptFiles() == [])
    }

    @Test func `an unknown audit is not found in any of its parts`() throws {
        for part in ["", "/plot.svg", "/input"] {
            #expect(try service.send("GET", "/v1/audits/none" + part).problem().code == .auditNotFound)
        }
    }
}

extension Answer {
    /// The report inside an audit.
    var report: [String: Any] { json["report"] as? [String: Any] ?? [:] }
    var sections: [[String: Any]] { report["sections"] as? [[String: Any]] ?? [] }
}
