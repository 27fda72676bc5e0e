// The service and its contract say the same, both ways.
import API
import Audits
import Domain
import Foundation
import HTTP
import Testing

@Suite struct SpecificationTests {
    let specification: Specification

    init() throws { specification = try Specification() }

    @Test func `every route is in openapi.yaml, and every operation there is a route`() throws {
        let routes = try TestService().responder.routes.map { "\($0.method) \($0.template)" }
        #expect(Set(routes) == Set(specification.operations.keys))
        #expect(routes.count == specification.operations.count)
    }

    @Test func `the names of the routes are the operation ids`() {
        for route in RouteName.allCases {
            #expect(specification.operations[route.rawValue]?["operationId"] as? String == "\(route)")
        }
    }

    @Test func `the fault codes of the program are those of openapi.yaml`() throws {
        #expect(try specification.words("FaultCode").sorted() == FaultCode.allCases.map(\.rawValue).sorted())
    }

    @Test func `levels and job states are those of openapi.yaml`() throws {
        #expect(try specification.words("Level") == VertebralLevel.allCases.map(\.rawValue))
        #expect(try specification.words("JobState") == JobState.allCases.map(\.rawValue))
    }

    @Test(arguments: FaultCode.allCases)
    func `every fault code has an error status and a title`(code: FaultCode) {
        let row = ErrorTable[code]
        #expect((400...599).contains(row.status))
        #expect(!row.title.isEmpty)
    }

    @Test func `only what the service itself got wrong is a 5xx`() {
        let serverSide: Set<FaultCode> = [
            .queueFull, .storageFull, .internalFault, .protocolUnsupported, .serviceBusy, .jobDeadline, .jobAbandoned,
            .modelUnusable, .deliveryFailed, .storageReadOnly,
        ]
        #expect(Set(FaultCode.allCases.filter { ErrorTable[$0].status >= 500 }) == serverSide)
    }

    @Test(arguments: [
        "JobRequestWithSeeds", "JobRequestWithMask", "JobRequestWithRadiomics", "JobRequestWithRehearsal",
    ])
    func `the example requests are read as they stand`(name: String) throws {
        let request = try AnalysisRequest(json: Array(specification.example(name)))
        #expect(request.analysis == "digital-biopsy")
        #expect(request.targets.first?.level == .L1)
    }

    @Test(arguments: AuditKind.allCases)
    func `the options of an audit are the query parameters of openapi.yaml`(kind: AuditKind) throws {
        let operation = try #require(specification.operations["POST /v1/audits/" + kind.rawValue])
        let listed = try #require(operation["parameters"] as? [[String: Any]]).map { parameter in
            guard let reference = parameter["$ref"] as? String else { return parameter }
            return try specification.component("parameters", String(reference.split(separator: "/").last ?? ""))
        }
        let names = listed.filter { $0["in"] as? String == "query" }.compactMap { $0["name"] as? String }
        #expect(names.sorted() == AuditSettings.options(of: kind).sorted())
    }

    @Test func `the example tables are audited as they stand, and the example summary is read`() throws {
        let service = try TestService()
        let pairs = String(decoding: try specification.example("AuditPairs"), as: UTF8.self)
        let table = try #require(try specification.component("examples", "AuditCSV")["value"] as? String)
        for (type, body) in [("application/json", pairs), ("text/csv", table)] {
            let answer = try service.send(
                "POST", "/v1/audits/bland-altman", headers: ["Content-Type": type], body: body)
            #expect(answer.status == 201, "\(answer.text)")
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601WithMilliseconds
        let summary = try decoder.decode(AuditSummaryDocument.self, from: specification.example("AuditSummary"))
        #expect(summary.links.plot == "/v1/audits/\(summary.id)/plot.svg")
        #expect(try specification.words("AuditKind") == AuditKind.allCases.map(\.rawValue))
    }

    @Test func `the example answers are what the service writes`() throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601WithMilliseconds
        let study = try decoder.decode(StudyDocument.self, from: specification.example("Study"))
        #expect(study.links.content == "/v1/studies/\(study.id)/content")
        _ = try decoder.decode(MaskDocument.self, from: specification.example("Mask"))
        for name in ["QueuedJob", "FinishedJob", "FailedJob"] {
            let job = try decoder.decode(JobDocument.self, from: specification.example(name))
            let stored = Job(
                id: job.id, request: job.request, state: job.state,
                progress: StageProgress(stage: job.stage, fraction: job.progress), attempts: job.attempts,
                fault: job.fault, createdAt: job.createdAt, startedAt: job.startedAt, finishedAt: job.finishedAt)
            #expect(JobDocument(stored) == job, "\(name)")
        }
        let problem = try decoder.decode(Problem.self, from: specification.example("LevelProblem"))
        #expect(problem.title == ErrorTable[problem.code].title)
        #expect(problem.status == ErrorTable[problem.code].status)
    }

    @Test func `the service gives out the very file`() throws {
        let answer = try TestService().send("GET", "/openapi.yaml")
        #expect(answer.headers["Content-Type"] == "application/yaml")
        #expect(answer.text.hasPrefix("openapi: 3.1"))
        #expect(RouteName.allCases.allSatisfy { answer.text.contains("\n  \($0.path):") })
    }
}

extension JSONDecoder.DateDecodingStrategy {
    static let iso8601WithMilliseconds = custom { decoder in
        let text = try decoder.singleValueContainer().decode(String.self)
        return try Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)
    }
}
