// A service on a temporary store, with an intake that takes short texts for studies.
import API
import Domain
import Foundation
import HTTP
import Logging
import Store
import Testing

/// Requests are given to the responder directly; no socket is involved.
final class TestService {
    let store: Store
    let folder: URL
    let responder: ServiceResponder
    private let service: Service

    convenience init(
        limits: JobLimits = JobLimits(), origins: OriginPolicy = OriginPolicy(), workerFault: String? = nil,
        modelsFault: String? = nil
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-api-\(UUID().uuidString)")
        let store = try Store(folder: folder, limits: limits)
        self.init(store, folder, origins: origins, workerFault: workerFault, modelsFault: modelsFault)
    }

    /// Another service on the same store.
    convenience init(sharing other: TestService) throws {
        self.init(other.store, other.folder, origins: OriginPolicy(), workerFault: nil, modelsFault: nil)
    }

    private init(_ store: Store, _ folder: URL, origins: OriginPolicy, workerFault: String?, modelsFault: String?) {
        (self.store, self.folder) = (store, folder)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        service = Service(
            store: store, intake: .fake, metrics: ServiceMetrics(version: "1.0.0", stages: ["decode"]),
            origins: origins, logger: logger, workerFault: { workerFault }, modelsFault: { modelsFault })
        responder = ServiceResponder(service)
    }

    /// As when the server has stopped.
    func stop() throws { try service.stop() }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// - Parameter memory: the same for requests that come with one head on one connection.
    func send(
        _ method: String, _ target: String, headers: HTTPHeaders = [:], body: String = "", memory: HeadMemory? = nil
    ) throws -> Answer {
        let request = try #require(
            HTTPRequest(method: method, target: target, headers: headers, body: Array(body.utf8), memory: memory))
        return try Answer(responder.respond(to: request))
    }

    /// The names of all blobs and of all unfinished uploads.
    func keptFiles() -> [String] {
        ["blobs", "incoming"].flatMap { name in
            let base = folder.appendingPathComponent(name)
            let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: [.isRegularFileKey])
            return (walk?.compactMap { $0 as? URL } ?? []).filter { !$0.hasDirectoryPath }.map(\.lastPathComponent)
        }
    }

    /// Posts a study and returns its id.
    func addStudy() throws -> String {
        try #require(try send("POST", "/v1/studies", body: "study").json["id"] as? String)
    }

    /// Sends texts as DICOM objects.
    func store(_ instances: [String], at path: String = "/dicom-web/studies") throws -> Answer {
        let parts = instances.map { "--b\r\nContent-Type: application/dicom\r\n\r\n\($0)\r\n" }.joined()
        return try send(
            "POST", path, headers: ["Content-Type": "multipart/related; type=\"application/dicom\"; boundary=b"],
            body: parts + "--b--")
    }

    /// Posts a study with an analysis and returns the job's id.
    func addJob() throws -> String {
        try #require(try send("POST", "/v1/studies?" + wish, body: "study").json["id"] as? String)
    }
}

let wish = "analysis=digital-biopsy&seed=1,2,3:L1"

/// An answer, its body read.
struct Answer {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    init(_ response: HTTPResponse) throws {
        status = response.status
        headers = response.headers
        switch response.body {
        case .bytes(let bytes): body = bytes
        case .file(let path, let count):
            body = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
            #expect(body.count == count)
        default: body = []
        }
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
    }

    /// The ids of a page.
    var ids: [String] { (json["items"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String } }

    /// The problem, which is held to its form.
    func problem() throws -> Problem {
        #expect(headers["Content-Type"] == "application/problem+json")
        let problem = try JSONDecoder().decode(Problem.self, from: Data(body))
        #expect(problem.status == status)
        #expect(problem.type == "urn:osteon:problem:" + problem.code.rawValue)
        #expect(problem.instance.hasSuffix(headers["X-Request-Id"] ?? "none"))
        return problem
    }
}

extension StudyIntake {
    /// Takes `study` for a CT study and `labels` for its label map; refuses everything else as the real one would.
    static let fake = StudyIntake(
        inspect: { file in
            switch try String(contentsOf: file, encoding: .utf8) {
            case "study": return .fake
            case "empty zip":
                throw FaultRecord(code: .archiveEmpty, detail: "The zip holds no file.", fix: "Add files.")
            default: throw FaultRecord(code: .unrecognisedFormat, detail: "No known format.", fix: "Send a zip.")
            }
        },
        readInstance: { file in
            let words = try String(contentsOf: file, encoding: .utf8).split(separator: " ").map(String.init)
            guard words.first == "instance", words.count == 4 else {
                throw FaultRecord(code: .dicomDamaged, detail: "No instance.", fix: "Send it again.")
            }
            return .fake(study: words[1], series: words[2], sop: words[3])
        },
        haveSameDataSet: { FileManager.default.contentsEqual(atPath: $0.path, andPath: $1.path) },
        inspectMask: { file, series in
            guard try String(contentsOf: file, encoding: .utf8) == "labels" else {
                throw FaultRecord(
                    code: .maskGridMismatch, detail: "It is not on the grid of \(series.id).", fix: "Resample it.")
            }
            return [20, 21]
        },
        check: { request, _, _, labels in
            let known = ["denoise", "plannedVolumeML", "cement"]
            if let name = request.parameters.keys.first(where: { !known.contains($0) }) {
                throw FaultRecord(code: .parameterInvalid, detail: "No \(name).", fix: "Leave it out.", subject: name)
            }
            for target in request.targets where target.seedLPSMM == [0, 0, 0] {
                throw FaultRecord(
                    code: .seedOutsideImage, detail: "\(target.level) is outside.", fix: "Move it.", subject: "seed")
            }
            for case let label? in request.targets.map(\.label) where labels?.contains(label) != true {
                throw FaultRecord(code: .maskLabelAbsent, detail: "No \(label).", fix: "Use another.")
            }
        },
        analyses: [
            AnalysisDescription(
                name: "digital-biopsy", version: "1.0.0", summary: "Measures vertebrae.", modality: "CT",
                parameters: [ParameterDescription(name: "denoise", summary: "Smooths.", defaultValue: .flag(false))]),
            AnalysisDescription(
                name: "segment", version: "1.0.0", summary: "Finds vertebrae.", modality: "CT", targets: .none,
                parameters: []),
        ])
}

extension StudyContents {
    static let fake = StudyContents(
        format: .dicomArchive,
        series: [
            .fake("1.2.3", unusable: nil),
            .fake("1.2.4", unusable: FaultRecord(code: .modalityNotCT, detail: "It is MR.", fix: "Send CT.")),
        ], chosenSeries: "1.2.3", warnings: [])
}

extension InstanceHeader {
    static func fake(study: String, series: String, sop: String) -> InstanceHeader {
        func element(_ tag: String, _ value: String) -> String { #""\#(tag)":{"vr":"UI","Value":["\#(value)"]}"# }
        let (studyUID, seriesUID) = (element("0020000D", study), element("0020000E", series))
        return InstanceHeader(
            studyUID: study, seriesUID: series, sopUID: sop, sopClassUID: ctImageStorage,
            transferSyntaxUID: "1.2.840.10008.1.2.1", studyAttributes: "{\(studyUID)}",
            seriesAttributes: "{\(seriesUID)}", metadata: "{\(studyUID),\(seriesUID),\(element("00080018", sop))}")
    }
}

extension SeriesSummary {
    fileprivate static func fake(_ id: String, unusable: FaultRecord?) -> SeriesSummary {
        SeriesSummary(
            id: id, modality: "CT", sizeVoxels: [4, 4, 4], spacingMM: [1, 1, 1], originLPSMM: [0, 0, 0],
            axesLPS: [1, 0, 0, 0, 1, 0, 0, 0, 1], sliceThicknessMM: 1, scanner: "Bench 1", unusable: unusable)
    }
}
