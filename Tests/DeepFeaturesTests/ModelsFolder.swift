// An installation of models in a temporary folder.
import DeepFeatures
import Foundation
import Imaging
import NeuralNetworks
import Testing

/// Weights and outputs that `training/golden/deep_features.py` wrote with PyTorch.
let goldenFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

let golden = (
    resNet: #""resnet3d": {"depth": 10, "width": 2, "dilated": false, "shortcut": "B"}"#,
    visionTransformer: """
    "vit3d": {"patch": 8, "patchOrder": "depth-first", "features": 12, "layers": 2, "heads": 2, "headWidth": 6, "hidden": 16, \
    "classes": 3}
    """
)

/// Removed when let go.
final class ModelsFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-models-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// A folder with one model, `tiny`.
    /// - Parameter network: of the encoder; nil leaves the encoder out.
    convenience init(_ weights: Data, network: String?, sha256: String? = nil, inputSize: Int = 16) throws {
        try self.init()
        try weights.write(to: url.appendingPathComponent("tiny.safetensors"))
        let encoder = network.map { #", "encoder": {"inputSize": \#(inputSize), "marginMM": 1.5, \#($0)}"# } ?? ""
        try write(
            lock: """
                {"models": [{"name": "tiny", "version": "1", "file": "tiny.safetensors", "bytes": \(weights.count),
                "sha256": "\(try sha256 ?? #require(ModelsLock.sha256(weights)))", "licence": "CC0", "origin": "this test"\(encoder)}]}
                """)
    }

    func write(lock: String) throws { try Data(lock.utf8).write(to: url.appendingPathComponent("models.lock")) }

    func installed() throws -> InstalledModels { try InstalledModels(folder: url) }

    /// The encoder `tiny`.
    func encoder() throws -> Encoder { try withExtendedLifetime(self) { try installed().encoder(named: "tiny") } }
}

func goldenWeights(_ name: String) throws -> Data {
    try Data(contentsOf: goldenFolder.appendingPathComponent("\(name).safetensors"))
}

/// The scan of the golden files: ((7919 i) mod 2003) - 500 at place i, and a region in it.
enum Scan {
    static let size = Index3(x: 21, y: 19, z: 17)
    static let region = IndexBox(lower: Index3(x: 4, y: 5, z: 3), size: Index3(x: 11, y: 8, z: 9))
    static let volume = Volume(
        geometry: Geometry(size: size, spacingMM: [0.7, 0.7, 1.2]),
        voxels: (0..<size.count).map { Float($0 * 7919 % 2003 - 500) })
}

func execution(threads: Int = 1) throws -> Execution { Execution(threads: threads, kernels: try Kernels.best()) }
