// Results are the stored bytes, when there are any.
import API
import Domain
import Foundation
import HTTP
import Meshes
import Store
import Testing

@Suite struct ResultRouteTests {
    let service: TestService
    let job: String

    init() throws {
        service = try TestService()
        job = try service.addJob()
    }

    private static let results = ["report", "risk", "leakage-map", "features", "segmentation", "risk-volume"]

    private func finish(
        _ bytes: (Artifact.Name) throws -> [UInt8] = { Array("the \($0.rawValue)".utf8) }
    ) throws {
        let claimed = try #require(try service.store.jobs.claim(worker: "w", leaseSeconds: 60))
        let artifacts = try Artifact.Name.allCases.map {
            try Artifact(
                name: $0,
                mediaType: $0.rawValue.hasSuffix("json")
                    ? "application/json" : $0 == .featuresTable ? "text/csv" : "application/gzip",
                bytes: bytes($0))
        }
        try service.store.jobs.finish(claimed.lease, artifacts: artifacts)
    }

    @Test(arguments: results)
    func `before the job is done there is no result yet`(name: String) throws {
        let answer = try service.send("GET", "/v1/jobs/\(job)/\(name)")
        #expect(answer.status == 409)
        #expect(answer.headers["Retry-After"] != nil)
        #expect(try answer.problem().code == .resultNotReady)
    }

    @Test(arguments: results)
    func `a done job serves the stored bytes under their hash`(name: String) throws {
        try finish()
        let answer = try service.send("GET", "/v1/jobs/\(job)/\(name)")
        #expect(answer.status == 200)
        #expect(answer.text.hasPrefix("the \(name)."))
        #expect(answer.headers["ETag"]?.count == 66)
        let links = try service.send("GET", "/v1/jobs/\(job)").json["links"] as? [String: String]
        #expect(links?[name] == "/v1/jobs/\(job)/\(name)")
    }

    @Test func `a failed job says why it has no result`() throws {
        let claimed = try #require(try service.store.jobs.claim(worker: "w", leaseSeconds: 60))
        let fault = FaultRecord(code: .segmentationFailed, detail: "No body at L1.", fix: "Move the seed.")
        try service.store.jobs.fail(claimed.lease, fault, retryable: false)
        let answer = try service.send("GET", "/v1/jobs/\(job)/report")
        #expect(answer.status == 404)
        let problem = try answer.problem()
        #expect(problem.code == .resultNotFound)
        #expect(problem.jobFault == fault)
        #expect(problem.fix == "Move the seed.")
    }

    @Test(arguments: [
        ("*/*", "json"), ("text/csv", "csv"), ("text/*", "csv"), ("application/json;q=0.5, text/csv", "csv"),
        ("text/csv;q=0, */*", "json"), ("application/json, text/csv", "json"), ("TEXT/CSV", "csv"),
    ])
    func `features come in the form that is accepted`(accept: String, form: String) throws {
        try finish()
        let answer = try service.send("GET", "/v1/jobs/\(job)/features", headers: ["Accept": accept])
        #expect(answer.text == "the features.\(form)")
        #expect(answer.headers["Vary"] == "Accept")
    }

    @Test func `the segmentation comes by part`() throws {
        try finish()
        let texts = try ["", "?part=vertebra", "?part=body"].map {
            try service.send("GET", "/v1/jobs/\(job)/segmentation\($0)").text
        }
        #expect(texts == ["the segmentation.nii.gz", "the segmentation.nii.gz", "the bodies.nii.gz"])
        let tables = try ["?part=parts", "?part=body&table=itk-snap", "?part=parts&table=slicer"].map {
            try service.send("GET", "/v1/jobs/\(job)/segmentation\($0)").text
        }
        #expect(tables == ["the parts.nii.gz", "the segmentation-labels.txt", "the parts-labels.ctbl"])
        #expect(try service.send("GET", "/v1/jobs/\(job)/segmentation?part=disc").problem().subject == "part")
    }

    @Test func `surfaces come as one scene, or one of them as STL`() throws {
        let mesh = TriangleMesh(
            vertices: [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]],
            triangles: [[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])
        let scene = MeshScene(
            nodes: ["L1", "unknown-2"].map { MeshScene.Node(name: $0, colour: [200, 100, 0], mesh: mesh) })
        let stored = try scene.glb()
        try finish { $0 == .meshes ? stored : Array("the \($0.rawValue)".utf8) }
        let place = "/v1/jobs/\(job)/segmentation?part=mesh"
        for query in ["", "&format=glb"] { #expect(try service.send("GET", place + query).body == stored) }
        var tags: Set<String> = []
        for query in ["&level=L1", "&level=unknown-2&format=stl"] {
            let answer = try service.send("GET", place + query)
            #expect(answer.status == 200)
            #expect(answer.headers["Content-Type"] == "model/stl")
            #expect(answer.body == mesh.stl(name: query.contains("L1") ? "L1" : "unknown-2"))
            tags.insert(try #require(answer.headers["ETag"]))
        }
        #expect(tags.count == 2)
        let missing = try service.send("GET", place + "&level=L2")
        #expect(missing.status == 404)
        #expect(try missing.problem().fix.contains("L1, unknown-2"))
        #expect(try service.send("GET", place + "&level=L1", headers: ["Accept": "image/png"]).status == 406)
        for (query, status, subject) in [
            ("part=mesh&level=L9", 400, "level"), ("part=mesh&format=stl", 422, "level"),
            ("part=mesh&format=glb&level=L1", 422, "level"), ("part=mesh&format=nifti", 422, "format"),
            ("part=mesh&table=slicer", 422, "table"), ("part=body&level=L1", 422, "level"),
            ("format=stl", 422, "format"),
        ] {
            let answer = try service.send("GET", "/v1/jobs/\(job)/segmentation?" + query)
            #expect(answer.status == status, "\(query)")
            #expect(try answer.problem().subject == subject, "\(query)")
        }
    }

    @Test func `features come by image and by class`() throws {
        let names = [
            "original_shape_VoxelVolume", "original_glcm_Contrast", "wavelet-LLH_glcm_Contrast",
            "wavelet-HHH_firstorder_Mean", "log-sigma-1-0-mm-3D_glcm_Contrast",
        ]
        try finish { $0 == .features ? try Self.features(names) : Array("the \($0.rawValue)".utf8) }
        func ask(_ query: String) throws -> [String] {
            let answer = try service.send("GET", "/v1/jobs/\(job)/features?\(query)")
            let vertebrae = answer.json["vertebrae"] as? [[String: Any]]
            let features = vertebrae?.first?["features"] as? [[String: Any]]
            #expect(answer.headers["ETag"] != nil)
            return try #require(features).compactMap { $0["name"] as? String }
        }
        #expect(try ask("image_type=wavelet") == Array(names[2...3]))
        #expect(try ask("image_type=wavelet-LLH&format=json") == [names[2]])
        #expect(try ask("class=glcm") == [names[1], names[2], names[4]])
        #expect(try ask("class=glcm&image_type=original") == [names[1]])
        for (query, subject) in [
            ("class=glcn", "class"), ("image_type=gradient", "image_type"), ("class=glcm&format=csv", "format"),
        ] {
            let problem = try service.send("GET", "/v1/jobs/\(job)/features?\(query)").problem()
            #expect(problem.code == .parameterInvalid)
            #expect(problem.subject == subject)
        }
        #expect(
            try service.send("GET", "/v1/jobs/\(job)/features?class=glcn").problem().fix.contains(
                "firstorder, glcm, shape"))
    }

    private static func features(_ names: [String]) throws -> [UInt8] {
        let report = Report(
            analysis: AnalysisName(name: "digital-biopsy", version: "1"),
            study: StudyReference(id: "s", inputSHA256: "", series: "", modality: nil),
            image: ImageFacts(sizeVoxels: [], spacingMM: [], sliceThicknessMM: nil, warnings: []),
            standardisation: [], radiomics: nil, vertebrae: [], omissions: [],
            provenance: Provenance(
                software: "osteon", version: "0", settings: [:], models: [], createdAt: Date(), timingsMS: []))
        let entry = FeaturesReport.Entry(
            level: .L1, region: nil, diagnostics: [:],
            features: names.map { FeatureSection(name: $0, value: 1.5, reason: nil, ibsiID: nil) }, omissions: [])
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        return Array(try encoder.encode(FeaturesReport(report, maskSHA256: "", vertebrae: [entry])))
    }

    @Test func `the format parameter stands above Accept, and what cannot be had is not acceptable`() throws {
        try finish()
        let csv = try service.send(
            "GET", "/v1/jobs/\(job)/features?format=csv", headers: ["Accept": "application/json"])
        #expect(csv.headers["Content-Type"] == "text/csv")
        #expect(try service.send("GET", "/v1/jobs/\(job)/features?format=xml").problem().subject == "format")
        for name in ["features", "report", "segmentation"] {
            let answer = try service.send("GET", "/v1/jobs/\(job)/\(name)", headers: ["Accept": "image/png"])
            #expect(answer.status == 406)
            #expect(try answer.problem().code == .notAcceptable)
        }
    }
}
