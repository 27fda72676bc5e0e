// Deep features inside the pipeline: an embedding with what made it, or a named omission; never a failed analysis.
import Analyses
import DeepFeatures
import Domain
import Foundation
import Imaging
import Phantoms
import ReferenceData
import Testing

/// An installation of one network of seeded random weights, `tiny`.
private final class TinyModel {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-tiny-\(UUID().uuidString)")
    /// Of `Tests/DeepFeaturesTests/Golden/resnet3d.safetensors`, by sha256sum.
    static let sha256 = "d728f46fe3ae63db6f3824e5f16b72ccc658e8ab686add1f58489ec231e182ff"

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            at: ReferenceData.packageRoot.appendingPathComponent("Tests/DeepFeaturesTests/Golden/resnet3d.safetensors"),
            to: weights)
        let lock = """
            {"models": [{"name": "tiny", "version": "1", "file": "tiny.safetensors", "bytes": 35244, "licence": "CC0",
             "sha256": "\(Self.sha256)", "origin": "seeded random weights", "encoder": {"inputSize": 32, "marginMM": 3,
             "resnet3d": {"depth": 10, "width": 2, "dilated": false, "shortcut": "B"}}}]}
            """
        try Data(lock.utf8).write(to: folder.appendingPathComponent("models.lock"))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var weights: URL { folder.appendingPathComponent("tiny.safetensors") }

    func catalog() throws -> AnalysisCatalog { AnalysisCatalog(models: try InstalledModels(folder: folder)) }
}

@Suite struct DeepFeaturesPipelineTests {
    private static let phantom = Result {
        var recipe = PhantomRecipe(seed: 7, levels: [.L1, .L2, .L3])
        recipe.spacingMM = [1, 1, 1.5]
        return try PhantomBuilder.build(recipe)
    }
    private let model: TinyModel

    init() throws { model = try TinyModel() }

    private static func report(
        _ model: String?, catalog: AnalysisCatalog, levels: [VertebralLevel] = [.L1]
    ) throws -> Report {
        var parameters: [String: ParameterValue] = ["radiomics": .text("none")]
        parameters["deepFeatures"] = model.map { .text($0) }
        return try Pipeline.run(phantom.get(), levels: levels, parameters: parameters, catalog: catalog).report
    }

    /// Two bodies embedded, for all tests that look at values.
    private static let embedded = Result {
        let model = try TinyModel()
        return try report(nil, catalog: model.catalog(), levels: [.L1, .L2])
    }

    private func reasons(_ report: Report) -> [String?] {
        report.vertebrae.map { vertebra in
            #expect(vertebra.deepFeatures == nil)
            return vertebra.omissions.first { $0.item == "deep features" }?.reason
        }
    }

    @Test func `the first installed model embeds each body, and the report says which, of what, and how`() throws {
        let report = try Self.embedded.get()
        #expect(report.provenance.settings["deepFeatures"] == .text("tiny"))
        #expect(report.provenance.models.contains("tiny 1"))
        #expect(report.provenance.timingsMS.contains { $0.stage == "embed" })
        let sections = report.vertebrae.compactMap(\.deepFeatures)
        #expect(sections.count == 2 && sections[0].values != sections[1].values)
        for section in sections {
            #expect(section.model == "tiny" && section.sha256 == TinyModel.sha256)
            #expect(section.length == 16 && section.values.count == 16 && section.values.allSatisfy(\.isFinite))
            #expect(section.inputSize == 32 && section.marginMM == 3 && section.architecture == "resnet3d")
            // A lumbar body is some 45 mm wide, 32 deep and 27 high; 3 mm on each side at 1 x 1 x 1.5 mm.
            let size = section.boundingBox.suffix(3)
            #expect(zip(size, [51, 38, 22]).allSatisfy { abs($0 - $1) < 12 }, "\(section.boundingBox)")
        }
        #expect(!report.omissions.contains { $0.item == "deep features" })
    }

    @Test func `the values come back from JSON to the bit`() throws {
        let sections = try Self.embedded.get().vertebrae.compactMap(\.deepFeatures)
        let text = try JSONEncoder().encode(sections)
        let back = try JSONDecoder().decode([DeepFeaturesSection].self, from: text)
        #expect(back.map(\.values) == sections.map(\.values))
        // A reader that knows double precision only gets the same single-precision numbers.
        struct Doubles: Decodable { let values: [Double] }
        let doubles = try JSONDecoder().decode([Doubles].self, from: text)
        #expect(doubles.map { $0.values.map(Float.init) } == sections.map(\.values))
    }

    @Test func `no model, none asked for, and a model that is gone are omissions by name`() throws {
        let nothing = try Self.report(nil, catalog: AnalysisCatalog())
        #expect(reasons(nothing).allSatisfy { $0 == "no model is installed (`osteon models`)" })
        let unwanted = try Self.report("none", catalog: model.catalog())
        #expect(reasons(unwanted).allSatisfy { $0 == "not asked for (deepFeatures: none)" })
        #expect(unwanted.provenance.models.count == 1)
        let gone = try Self.report("gone", catalog: model.catalog())
        #expect(reasons(gone).allSatisfy { $0 == "models.lock lists no model gone; it lists tiny." })
    }

    @Test func `a changed or shortened file is an omission with both hashes, and nothing of it is used`() throws {
        var weights = try Data(contentsOf: model.weights)
        weights.removeLast()
        try weights.write(to: model.weights)
        let catalog = try model.catalog()
        for reason in try reasons(Self.report("tiny", catalog: catalog)) {
            let reason = try #require(reason)
            #expect(reason.contains(TinyModel.sha256) && reason.contains("has SHA-256"))
        }
        try FileManager.default.removeItem(at: model.weights)
        #expect(
            try reasons(Self.report("tiny", catalog: catalog)).allSatisfy { $0?.contains("tiny.safetensors") == true })
    }

    @Test func `a request may only name what is installed`() throws {
        let analysis = try model.catalog().analysis(named: "digital-biopsy")
        for name in ["tiny", "none"] {
            #expect(throws: Never.self) { try analysis.check(["deepFeatures": .text(name)], targets: [.L1]) }
        }
        let unknown = AnalysisError.parameterNotAChoice("deepFeatures", value: "gone", choices: ["tiny", "none"])
        #expect(throws: unknown) { try analysis.check(["deepFeatures": .text("gone")], targets: [.L1]) }
        #expect(unknown.fix == "Use one of: tiny, none.")
        let described = analysis.description.parameters.first { $0.name == "deepFeatures" }
        #expect(described?.choices == ["tiny", "none"] && described?.defaultValue == .text("tiny"))
    }
}
