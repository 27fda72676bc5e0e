// The export of outcomes, and the audit of what was told.
import API
import Audits
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct OutcomeExportTests {
    let service: TestService
    let job: String

    init() throws {
        service = try TestService()
        job = try service.addFinishedJob(anteriorHeightMM: 25)
    }

    private func tell(_ body: String, of job: String? = nil) throws {
        let answer = try service.send(
            "POST", "/v1/jobs/\(job ?? self.job)/outcome", headers: ["Content-Type": "application/json"], body: body)
        #expect(answer.status == 201, "\(answer.text)")
    }

    /// The rows of the export by column.
    private func exported() throws -> [[String: String]] {
        let answer = try service.send("GET", "/v1/outcomes/export?format=csv")
        let table = try AuditTable(csv: Data(answer.body))
        let columns = table.columnNames.indices.map { (table.columnNames[$0], table.texts($0)) }
        return (0..<table.rowCount).map { row in
            Dictionary(uniqueKeysWithValues: columns.map { ($0.0, $0.1[row]) })
        }
    }

    @Test func `the table has one row for each current outcome, with what was told, predicted and measured`() throws {
        try tell(OutcomeBody.none())
        try tell(OutcomeBody.leak(more: #","note":"seen late","reason":"read again","clinicalConsequence":"none""#))
        let row = try #require(try exported().first)
        #expect(try exported().count == 1)
        let expected = [
            "job": job, "level": "L1", "version": "2", "observedAt": "2026-01-31T00:00:00.000Z", "leaked": "1",
            "leak.type.III": "1", "leak.type.I": "0", "leak.quadrant.AL": "1", "leak.quadrant.PR": "0",
            "leak.exit.superiorEndplate": "1", "leak.exit.posterior": "0", "leaks": "III superiorEndplate AL 0.3 mL",
            "leakedVolume": "0.3", "injectedVolume": "4.5", "procedure": "PVP", "approach": "bilateral",
            "cement": "Simplex P", "ascertainment": "CT", "clinicalConsequence": "none",
            "analysis": "digital-biopsy", "evidence.any": "0.4", "evidence.II": "0.2", "evidence.I": "",
            "rehearsal.any": "", "combined.any": "", "predictedProcedure": "PVP", "predictedAscertainment": "CT",
            "recommendedLow": "1.5", "recommendedHigh": "4", "measured.bodyVolume": "31",
            "measured.anteriorHeight": "25", "measured.genantGrade": "2",
        ]
        for (column, value) in expected { #expect(row[column] == value, "\(column): \(row[column] ?? "absent")") }
        #expect(!row.values.contains { $0.contains("seen late") || $0.contains("reader-2") })
    }

    @Test func `what was not told is empty, and no cell is a formula`() throws {
        let body = #"""
            {"level":"L1","leaked":true,"leaks":[{"type":"II","quadrant":"AR"},{"type":"I"}],"injectedVolumeML":4,
            "procedure":"PVP","cement":"=HYPERLINK(\"x\",1)","ascertainment":"CT","observedAt":"2026-01-31"}
            """#
        try tell(body)
        let row = try #require(try exported().first)
        #expect(row["leak.type.II"] == "1" && row["leak.type.IV"] == "0")
        // One of two leaks has a quadrant: where else it leaked is not known.
        #expect(row["leak.quadrant.AR"] == "" && row["leak.quadrant.AL"] == "" && row["leakedVolume"] == "")
        #expect(row["cement"] == "'=HYPERLINK(\"x\",1)")
        try tell(OutcomeBody.leaks("").replacing("\"observedAt\"", with: "\"reason\":\"x\",\"observedAt\""))
        #expect(try exported().first?["leak.type.II"] == "")
        try tell(OutcomeBody.none(more: #","reason":"y""#))
        let none = try #require(try exported().first)
        #expect(none["leak.type.II"] == "0" && none["leak.exit.anterior"] == "0" && none["leakedVolume"] == "0")
    }

    @Test func `the export comes as CSV or NDJSON, also when there is nothing yet`() throws {
        let empty = try service.send("GET", "/v1/outcomes/export")
        #expect(empty.status == 200 && empty.headers["Content-Type"] == "text/csv")
        #expect(empty.text.hasPrefix("job,level,version,") && empty.text.split(separator: "\r\n").count == 1)
        try tell(OutcomeBody.leak(more: #","note":"seen late""#))
        let lines = try service.send(
            "GET", "/v1/outcomes/export", headers: ["Accept": "application/x-ndjson"])
        #expect(lines.headers["Content-Type"] == "application/x-ndjson" && lines.headers["ETag"] != nil)
        #expect(lines.text.hasSuffix("\n") && lines.text.split(separator: "\n").count == 1)
        let outcome = try #require(lines.json["outcome"] as? [String: Any])
        #expect(outcome["leaked"] as? Bool == true && outcome["note"] == nil && outcome["reportedBy"] == nil)
        #expect(try service.send("GET", "/v1/outcomes/export?format=xlsx").problem().subject == "format")
        let picture = try service.send("GET", "/v1/outcomes/export", headers: ["Accept": "image/png"])
        #expect(picture.status == 406)
    }

    @Test func `more rows than one page are all there, in the export streamed`() throws {
        let prediction = Prediction(
            reportSchema: "osteon.report/3", reportSHA256: "", analysis: AnalysisName(name: "a", version: "1"),
            softwareVersion: "0")
        for _ in 0..<5 {
            let job = try service.addJob()
            for level in VertebralLevel.allCases {
                let outcome = Outcome(
                    level: level, leaked: false, injectedVolumeML: 4, procedure: .kyphoplasty, ascertainment: .mixed,
                    observedAt: Date(timeIntervalSince1970: 1_750_000_000))
                _ = try service.store.outcomes.add(
                    OutcomeDraft(jobID: job, outcome: outcome, prediction: prediction))
            }
        }
        let answer = try service.send("GET", "/v1/outcomes/export")
        #expect(answer.status == 200 && answer.headers["ETag"] == nil && answer.body.isEmpty)
        // The audit takes the same table, page by page.
        let audit = try service.send(
            "POST", "/v1/audits/outcomes", headers: ["Content-Type": "application/json"], body: #"{"query":{}}"#)
        #expect(audit.status == 201, "\(audit.text)")
        let input = try service.send("GET", try #require(audit.headers["Location"]) + "/input")
        let table = try AuditTable(csv: Data(input.body))
        let (jobs, levels) = (table.texts(0), table.texts(1))
        #expect(Set(zip(jobs, levels).map { $0 + $1 }).count == 125 && table.rowCount == 125)
    }

    @Test func `the audit of what was told is kept with its table, and can be asked again`() throws {
        let query = ["Content-Type": "application/json"] as HTTPHeaders
        let early = try service.send("POST", "/v1/audits/outcomes", headers: query, body: #"{"query":{}}"#)
        #expect(try early.problem().code == .auditDataUnusable)
        for index in 0..<24 {
            let job = try service.addFinishedJob(anteriorHeightMM: 25, scale: 0.5 + Double(index % 5) / 10)
            try tell(index % 2 == 0 ? OutcomeBody.leak() : OutcomeBody.none(), of: job)
        }
        let made = try service.send(
            "POST", "/v1/audits/outcomes?bins=3", headers: query, body: #"{"query":{},"title":"Spring"}"#)
        #expect(made.status == 201, "\(made.text)")
        #expect(made.json["kind"] as? String == "outcomes" && made.json["title"] as? String == "Spring")
        let figures = try #require(
            ((made.json["report"] as? [String: Any])?["sections"] as? [[String: Any]])?.first?["figures"]
                as? [[String: Any]])
        let events = figures.first { $0["name"] as? String == "any.evidence.events" }
        #expect(events?["value"] as? Double == 12)
        #expect(figures.contains { $0["name"] as? String == "any.evidence.slope" })
        let place = try #require(made.headers["Location"])
        let input = try service.send("GET", place + "/input")
        #expect(input.body == (try service.send("GET", "/v1/outcomes/export?format=csv")).body)
        // The same table sent as a file gives the same figures.
        let sent = try service.send(
            "POST", "/v1/audits/outcomes?bins=3&title=Spring", headers: ["Content-Type": "text/csv"], body: input.text)
        #expect((sent.json["report"] as? NSDictionary) == (made.json["report"] as? NSDictionary))

        try tell(OutcomeBody.none(), of: job)
        let again = try service.send("POST", place + "/rerun", headers: query, body: #"{"query":{}}"#)
        #expect(again.status == 201 && again.json["parent"] as? String == made.json["id"] as? String, "\(again.text)")
        #expect((again.json["report"] as? [String: Any])?["title"] as? String == "Spring")
        let listed = try service.send("GET", "/v1/audits?kind=outcomes")
        #expect(listed.ids.count == 3)
        let unknown = try service.send(
            "POST", "/v1/audits/outcomes", headers: query, body: #"{"query":{"level":"L1"}}"#)
        #expect(try unknown.problem().subject == "query.level")
    }
}
