// Only what models.lock describes becomes a model, whole or not at all.
import DeepFeatures
import Foundation
import NeuralNetworks
import Testing

@Suite struct InstalledModelsTests {
    @Test func `models that are encoders are listed, others are not`() throws {
        let weights = try goldenWeights("resnet3d")
        let folder = try ModelsFolder(weights, network: golden.resNet)
        #expect(try folder.installed().encoderNames == ["tiny"])
        let otherFolder = try ModelsFolder(weights, network: nil)
        let other = try otherFolder.installed()
        #expect(other.encoderNames == [] && other.lock.models.count == 1)
        #expect(throws: DeepFeaturesError.notAnEncoder(model: "tiny")) { try other.encoder(named: "tiny") }
        #expect(InstalledModels.none.encoderNames == [])
        #expect(throws: NeuralNetworkError.modelUnknown(name: "tiny", known: [])) {
            try InstalledModels.none.encoder(named: "tiny")
        }
    }

    @Test func `another hash is refused before a tensor is read, with both hashes`() throws {
        let weights = try goldenWeights("resnet3d")
        let (wrong, found) = (String(repeating: "a", count: 64), try #require(ModelsLock.sha256(weights)))
        let folder = try ModelsFolder(weights, network: golden.resNet, sha256: wrong)
        let expected = NeuralNetworkError.modelChanged(name: "tiny", expectedSHA256: wrong, foundSHA256: found)
        #expect(throws: expected) { try folder.encoder() }
        #expect(expected.detail.contains(wrong) && expected.detail.contains(found))
    }

    @Test func `a truncated file with a matching hash is refused`() throws {
        let folder = try ModelsFolder(goldenWeights("resnet3d").dropLast(1000), network: golden.resNet)
        #expect(throws: NeuralNetworkError.self) { try folder.encoder() }
    }

    @Test func `weights of another network are refused with both shapes`() throws {
        let wider = golden.resNet.replacingOccurrences(of: #""width": 2"#, with: #""width": 3"#)
        let folder = try ModelsFolder(goldenWeights("resnet3d"), network: wider)
        #expect(
            throws: NeuralNetworkError.tensorMisshapen(
                name: "conv1.weight", expected: [3, 1, 7, 7, 7], found: [2, 1, 7, 7, 7])
        ) { try folder.encoder() }
        let deeper = golden.resNet.replacingOccurrences(of: #""depth": 10"#, with: #""depth": 18"#)
        #expect(throws: NeuralNetworkError.tensorMissing(name: "layer1.1.conv1.weight")) {
            try ModelsFolder(goldenWeights("resnet3d"), network: deeper).encoder()
        }
    }

    @Test(arguments: [
        ("\"depth\": 10", "\"depth\": 11", "encoder.resnet3d.depth is 11; it must be 10, 18, 34 or 50"),
        ("\"width\": 2", "\"width\": 100000", "encoder.resnet3d.width is 100000; it must be from 1 to 256"),
        ("\"shortcut\": \"B\"", "\"shortcut\": \"C\"", "encoder.resnet3d.shortcut is C; it must be A or B"),
        (", \"width\": 2", "", "models.0.encoder.resnet3d.width is missing"),
        ("resnet3d", "resnet", "an encoder has either resnet3d or vit3d"),
    ])
    func `a description that cannot be built is refused with its key`(part: String, other: String, reason: String)
        throws
    {
        let network = golden.resNet.replacingOccurrences(of: part, with: other)
        let folder = try ModelsFolder(goldenWeights("resnet3d"), network: network)
        #expect(throws: NeuralNetworkError.lockDamaged(reason: reason)) { try folder.installed() }
    }

    @Test(arguments: [
        (1, "inputSize is 1; it must be from 16 to 256"), (20, "vit3d.patch is 8; it must divide inputSize, 20"),
    ])
    func `a size that the network cannot take is refused`(size: Int, reason: String) throws {
        let folder = try ModelsFolder(goldenWeights("vit3d"), network: golden.visionTransformer, inputSize: size)
        #expect(throws: NeuralNetworkError.lockDamaged(reason: "encoder.\(reason)")) { try folder.installed() }
    }

    @Test func `no lock, no JSON, and a name twice are refused`() throws {
        let folder = try ModelsFolder()
        #expect(throws: NeuralNetworkError.self) { try folder.installed() }
        try folder.write(lock: "models")
        #expect(throws: NeuralNetworkError.lockDamaged(reason: "it is not JSON")) { try folder.installed() }
        func entry(_ name: String) -> String {
            #"{"name": "\#(name)", "version": "1", "file": "a", "sha256": "", "bytes": 0, "licence": "", "origin": ""}"#
        }
        try folder.write(lock: #"{"models": [\#(entry("a")), \#(entry("a"))]}"#)
        #expect(throws: NeuralNetworkError.lockDamaged(reason: "the model a is listed twice")) {
            try folder.installed()
        }
        for name in ["none", "a b", "../a", ""] {
            try folder.write(lock: #"{"models": [\#(entry(name))]}"#)
            #expect(throws: NeuralNetworkError.self, "\(name)") { try folder.installed() }
        }
    }

    @Test func `every model that is shipped is whole, small enough for the repository, and its card is there`() throws {
        let folder = goldenFolder.appendingPathComponent("../../../deploy/models").standardizedFileURL
        let shipped = try InstalledModels(folder: folder)
        for model in shipped.lock.models {
            #expect(try shipped.weights(of: model.name).numberCount > 0)
            if model.encoder != nil { #expect(try shipped.encoder(named: model.name).embeddingLength > 0) }
            #expect(model.bytes <= 15_000_000, "\(model.name)")
            guard let card = model.card else { continue }
            #expect(FileManager.default.isReadableFile(atPath: folder.appendingPathComponent(card).path), "\(card)")
        }
    }
}
