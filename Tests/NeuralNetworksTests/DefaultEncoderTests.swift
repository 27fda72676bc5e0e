// The encoder that is shipped is the one that was trained.
import Foundation
import NeuralNetworks
import ReferenceData
import Testing

private let name = "osteon-resnet10-phantom"
private let models = ReferenceData.packageRoot.appendingPathComponent("deploy/models")
private let lock = try? ModelsLock(reading: models.appendingPathComponent("models.lock"))

@Suite struct DefaultEncoderTests {
    @Test(
        .enabled(if: lock?.models.contains { $0.name == name } == true, "\(name) is not in deploy/models/models.lock"))
    func `the shipped encoder gives PyTorch's embedding`() throws {
        let weights = try #require(lock).weights(of: name, in: models)
        let encoder = try ResNet3D(weights, .init(depth: .ten, width: 32))
        let golden = try GoldenFile("default-encoder")
        for kernels in Kernels.available {
            let embedding = try encoder.embedding(
                of: picture([1, 1, 32, 32, 32]), Execution(threads: 1, kernels: kernels))
            #expect(embedding.shape == [1, 256])
            // PyTorch computed in single precision from the same half-precision weights: only the order of sums differs.
            #expect(try golden.difference(of: embedding, from: "embedding") < 1e-4, "\(kernels.name)")
        }
    }
}
