// Audits of stored results: each job's value beside a known one, and the jobs that cannot take part.
import API
import Domain
import Foundation
import HTTP
import Store
import Testing

@Suite struct AuditQueryTests {
    let service: TestService
    let jobs: [String]

    /// Four jobs that are done: anterior heights of L1 of 25, 27, 23 and 30 mm, everything else one to four times as large.
    init() throws {
        service = try TestService()
        jobs = try [25, 27, 23, 30].enumerated().map { [service] index, height in
            try service.addFinishedJob(anteriorHeightMM: height, scale: Double(index + 1))
        }
    }

    private func ask(_ query: [String: Any], more: [String: Any] = [:], at path: String = "/v1/audits/bland-altman")
        throws -> Answer
    {
        let body = try JSONSerialization.data(withJSONObject: more.merging(["query": query]) { $1 })
        return try service.send(
            "POST", path, headers: ["Content-Type": "application/json"], body: String(decoding: body, as: UTF8.self))
    }

    private func references(_ values: [Double], of jobs: [String]) -> [[String: Any]] {
        zip(jobs, values).map { ["job": $0, "value": $1] }
    }

    private func query(_ reference: [[String: Any]], group: String? = nil) -> [String: Any] {
        var query: [String: Any] = ["level": "L1", "measure": "anteriorHeight", "reference": reference]
        query["group"] = group
        return query
    }

    @Test func `what the jobs measured is compared with the values given`() throws {
        let answer = try ask(query(references([24, 27, 24, 28], of: jobs)))
        #expect(answer.status == 201, "\(answer.text)")
        #expect(answer.json["title"] as? String == "anteriorHeight of L1 against reference values")
        let origin = try #require(answer.json["query"] as? [String: Any])
        #expect(origin["used"] as? Int == 4 && origin["unit"] as? String == "mm")
        let figures = try #require(answer.sections.first?["figures"] as? [[String: Any]])
        let bias = try #require(figures.first { $0["name"] as? String == "bias" })
        // (1 + 0 - 1 + 2) / 4
        #expect(bias["value"] as? Double == 0.5 && bias["unit"] as? String == "mm")
        let input = try service.send("GET", try #require(answer.headers["Location"]) + "/input")
        #expect(input.headers["Content-Type"] == "text/csv")
        #expect(
            input.text == "job,measured (mm),reference (mm)\n"
                + zip(jobs, ["25.0,24.0", "27.0,27.0", "23.0,24.0", "30.0,28.0"])
                .map { "\($0),\($1)\n" }.joined())
    }

    @Test func `jobs that cannot take part are named with the reason`() throws {
        let other = try service.addFinishedJob(anteriorHeightMM: nil)
        let waiting = try service.addJob()
        let answer = try ask(query(references([24, 27, 24, 28, 1, 2, 3], of: jobs + [waiting, other, "no-such-job"])))
        #expect(answer.status == 201, "\(answer.text)")
        let excluded = try #require((answer.json["query"] as? [String: Any])?["excluded"] as? [[String: String]])
        #expect(excluded.map { $0["job"] } == [waiting, other, "no-such-job"])
        for (entry, word) in zip(excluded, ["queued", "lacks anteriorHeight", "no such job"]) {
            #expect(entry["reason"]?.contains(word) == true, "\(entry)")
        }
        let refused = try ask(query(references([24, 27, 1], of: Array(jobs.prefix(2)) + [waiting])))
        #expect(refused.status == 422)
        let problem = try refused.problem()
        #expect(problem.code == .auditDataUnusable)
        #expect(problem.detail.contains("2 of 3") && problem.detail.contains(waiting))
        let level = try ask(
            ["level": "T5", "measure": "anteriorHeight", "reference": references([1, 2, 3], of: jobs)])
        #expect(try level.problem().detail.contains("no vertebra T5"))
    }

    @Test func `groups come from what is stored, and the drift is charted by them`() throws {
        var reference = references([24, 27, 24, 28], of: jobs)
        for index in 0..<2 { reference[index]["scanner"] = "Bench 2" }
        let groups: [(name: String, expected: Set<String>)] = [
            ("scanner", ["Bench 1", "Bench 2"]), ("modelVersion", ["digital-biopsy 1.1"]),
            ("softwareVersion", ["0.0.1"]),
        ]
        for (name, expected) in groups {
            let answer = try ask(query(reference, group: name))
            #expect(answer.status == 201, "\(answer.text)")
            let drift = try #require(answer.report["drift"] as? [String: Any])
            #expect(drift["grouping"] as? String == name)
            let points = try #require(drift["points"] as? [[String: Any]])
            #expect(Set(points.compactMap { $0["name"] as? String }) == expected)
        }
        let months = try ask(query(reference, group: "month")).report["drift"] as? [String: Any]
        let finished = try #require(try service.store.jobs.find(jobs[0])?.finishedAt)
        let month = finished.formatted(Date.ISO8601FormatStyle().year().month())
        #expect((months?["points"] as? [[String: Any]])?.first?["name"] as? String == month)
    }

    @Test func `a query is repeated about other jobs, and what was answered outlives its jobs`() throws {
        let made = try ask(query(references([24, 27, 24], of: jobs)), more: ["title": "Spring", "coverage": 0.9])
        #expect(made.json["title"] as? String == "Spring")
        let place = try #require(made.headers["Location"])
        let again = try ask(["reference": references([27, 24, 28], of: Array(jobs.dropFirst()))], at: place + "/rerun")
        #expect(again.status == 201, "\(again.text)")
        #expect(again.json["parent"] as? String == made.json["id"] as? String)
        #expect(again.json["title"] as? String == "Spring")
        let options = (again.report["settings"] as? [String: Any])?["options"] as? [String: String]
        #expect(options?["coverage"] == "0.9")
        let question = (again.json["query"] as? [String: Any])?["question"] as? [String: String]
        #expect(question == ["level": "L1", "measure": "anteriorHeight"])
        let changed = try ask(query(references([27, 24, 28], of: jobs)), at: place + "/rerun")
        #expect(try changed.problem().code == .requestMalformed)

        for job in jobs {
            let study = try #require(try service.store.jobs.find(job)).request.study
            #expect(try service.send("DELETE", "/v1/studies/\(study)").status == 204)
        }
        #expect(try service.send("GET", place).body == made.body)
        #expect(try service.send("GET", place + "/input").status == 200)
    }

    @Test(arguments: [
        ("compression", 0.25), ("genantGrade", 2), ("leakageRisk", 0.4), ("leakageRiskTypeII", 0.2), ("bodyVolume", 31),
        ("trabecularMean", 120), ("anteriorCorticalMass", 900), ("smallestVolume", 1.5), ("largestVolume", 4),
    ])
    func `every part of a report can be asked for by its measure's name`(measure: String, value: Double) throws {
        let answer = try ask(
            ["level": "L1", "measure": measure, "reference": references([1, 2, 4, 5], of: jobs)])
        #expect(answer.status == 201, "\(answer.text)")
        let rows = try service.send("GET", try #require(answer.headers["Location"]) + "/input").text
            .split(separator: "\n").dropFirst()
        let cells = rows.map { $0.split(separator: ",") }
        #expect(cells.map { Double($0[1]) } == [1, 2, 3, 4].map { $0 * value })
    }

    @Test func `an unknown measure is answered with those that openapi.yaml lists`() throws {
        let problem = try ask(["level": "L1", "measure": "girth", "reference": []]).problem()
        let listed = problem.fix.replacing("Use one of ", with: "").replacing(".", with: "").components(
            separatedBy: ", ")
        #expect(try listed == Specification().words("AuditMeasure"))
    }

    private static let refused: [(query: String, subject: String)] = [
        (#"{"measure":"bodyMean","reference":[]}"#, "query.level"),
        (#"{"level":"L1","reference":[]}"#, "query.measure"),
        (#"{"level":"L1","measure":"bodyMean"}"#, "query.reference"),
        (#"{"level":"L7","measure":"bodyMean","reference":[]}"#, "query.level"),
        (#"{"level":"L1","measure":"bodyMean","reference":[],"group":"moon"}"#, "query.group"),
        (#"{"level":"L1","measure":"bodyMean","reference":[{"job":"a"}]}"#, "query.reference[0].value"),
        (#"{"level":"L1","measure":"bodyMean","reference":[{"job":"a","value":"1"}]}"#, "query.reference[0].value"),
        (
            #"{"level":"L1","measure":"bodyMean","reference":[{"job":"a","value":1},{"job":"a","value":2}]}"#,
            "query.reference[1].job"
        ),
        (#"{"level":"L1","measure":"bodyMean","reference":[],"colour":"red"}"#, "query.colour"),
    ]

    @Test(arguments: refused)
    func `a query that is not well formed names its field`(query: String, subject: String) throws {
        let answer = try service.send(
            "POST", "/v1/audits/bland-altman", headers: ["Content-Type": "application/json"],
            body: "{\"query\":\(query)}")
        #expect(try answer.problem().subject == subject)
    }
}

extension TestService {
    /// A job that is done, with a report on L1.
    func addFinishedJob(anteriorHeightMM: Double?, scale: Double = 1) throws -> String {
        let job = try addJob()
        let claimed = try #require(try store.jobs.claim(worker: "w", leaseSeconds: 60))
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        let bytes = try encoder.encode(Report.sample(anteriorHeightMM: anteriorHeightMM, scale: scale))
        let artifact = Artifact(name: .report, mediaType: "application/json", bytes: Array(bytes))
        try store.jobs.finish(claimed.lease, artifacts: [artifact])
        return job
    }
}

extension Report {
    /// A report on L1 with one value of each kind.
    fileprivate static func sample(anteriorHeightMM: Double?, scale: Double) -> Report {
        func measured(_ name: String, _ value: Double, _ unit: String) -> Domain.Measurement {
            Domain.Measurement(name: name, value: value, unit: unit, source: "test")
        }
        var measurements = [measured("bodyVolume", 31 * scale, "mL"), measured("trabecularMean", 120 * scale, "HU")]
        if let anteriorHeightMM { measurements.append(measured("anteriorHeight", anteriorHeightMM, "mm")) }
        var vertebra = VertebraReport(
            level: .L1,
            segmentation: SegmentationSection(
                origin: "seeded", levelNamedBy: "request", labelValue: 20, isWhole: true, bodyVolumeML: 31,
                vertebraVolumeML: 50, bodyCentreLPSMM: [0, 0, 0],
                frame: FrameAxes(
                    rightToLeft: [1, 0, 0], posteriorToAnterior: [0, -1, 0], caudalToCranial: [0, 0, 1]),
                verdict: "accepted", warnings: []))
        vertebra.morphometry = MorphometrySection(
            measurements: measurements,
            fracture: FractureSection(
                genantGrade: 2 * scale, deformity: "wedge", compression: 0.25 * scale, reference: "posterior height",
                source: "test"),
            cortex: CortexSection(
                gaps: [], walls: [measured("anteriorCorticalMass", 900 * scale, "HU mm")], analysedShare: 1, limits: "")
        )
        func probability(_ value: Double) -> ProbabilitySection {
            ProbabilitySection(
                probability: value, interval95: [0, 1], band: "moderate", baseline: 0.3, contributions: [])
        }
        vertebra.risk = RiskSection(
            model: "leakage-evidence 1.0", method: "test",
            baseline: BaselineSection(procedure: "PVP", ascertainment: "CT", probability: 0.3, source: "test"),
            any: probability(0.4 * scale),
            types: [
                TypedProbabilitySection(type: "II", definition: "", evidence: "", estimate: probability(0.2 * scale))
            ],
            shrinkage: 1, draws: 1, seed: 1, limits: [])
        vertebra.recommendation = RecommendationSection(
            volumeRangeML: [1.5 * scale, 4 * scale], basis: "", ruleVolumeRangeML: [], hardLimitML: 6, rule: "",
            source: "", rehearsed: nil, warnings: [])
        return Report(
            analysis: AnalysisName(name: "digital-biopsy", version: "1.1"),
            study: StudyReference(id: "s", inputSHA256: "", series: "1.2.3", modality: "CT"),
            image: ImageFacts(sizeVoxels: [4, 4, 4], spacingMM: [1, 1, 1], sliceThicknessMM: 1, warnings: []),
            standardisation: [], radiomics: nil, vertebrae: [vertebra], omissions: [],
            provenance: Provenance(
                software: "Osteon", version: "0.0.1", settings: [:], models: [], createdAt: Date(), timingsMS: []))
    }
}
