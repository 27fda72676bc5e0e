// A network that turns regions into embeddings.
import Domain
import Imaging
import NeuralNetworks

/// What a network makes of one region.
package struct Embedding: Sendable, Equatable {
    /// What the network saw, on the scan's grid.
    package let box: IndexBox
    /// All finite; as many as the model gives.
    package let values: [Float]
}

/// A model of `models.lock`, its weights checked and its network built. Shared freely: nothing in it changes.
package struct Encoder: Sendable {
    package let model: ModelsLock.Model
    package let description: EncoderDescription
    private let network: Network

    private enum Network: Sendable {
        case resNet(ResNet3D)
        case visionTransformer(ViT3D)
    }

    /// Regions that go through the network together: memory is bounded, and the weights are read once for all of them (our choice).
    private static let batch = 4

    /// - Parameter weights: the model's.
    /// - Throws: `DeepFeaturesError.notAnEncoder`; `NeuralNetworkError` naming the tensor that is missing or misshapen.
    package init(_ model: ModelsLock.Model, _ weights: Weights) throws {
        guard let description = model.encoder else { throw DeepFeaturesError.notAnEncoder(model: model.name) }
        self.model = model
        self.description = description
        let weights = description.prefix.map { weights.under($0) } ?? weights
        switch try description.network() {
        case .resNet(let configuration): network = .resNet(try ResNet3D(weights, configuration))
        case .visionTransformer(let configuration):
            network = .visionTransformer(try ViT3D(weights, configuration))
        }
    }

    /// How many numbers it makes of a region.
    package var embeddingLength: Int {
        switch network {
        case .resNet(let network): network.embeddingLength
        case .visionTransformer(let network): network.configuration.features
        }
    }

    /// What the network makes of each region, or why nothing; the same bits on any number of threads and in any company.
    /// - Parameters:
    ///   - regions: boxes of the regions themselves, on the volume's grid.
    ///   - progress: is told the share that is done.
    /// - Throws: a cancellation.
    package func embeddings(
        of regions: [IndexBox], in volume: Volume, _ execution: Execution, progress: (Double) -> Void = { _ in }
    ) throws -> [Result<Embedding, DeepFeaturesError>] {
        var found: [Result<Embedding, DeepFeaturesError>] = []
        for first in stride(from: 0, to: regions.count, by: Self.batch) {
            progress(Double(first) / Double(regions.count))
            let part = regions[first..<min(first + Self.batch, regions.count)]
            found += try embeddings(ofBatch: part, in: volume, execution)
        }
        return found
    }

    private func embeddings(
        ofBatch regions: ArraySlice<IndexBox>, in volume: Volume, _ execution: Execution
    ) throws -> [Result<Embedding, DeepFeaturesError>] {
        let cubes: [Result<RegionCube, DeepFeaturesError>] = try regions.map { region in
            do {
                return .success(
                    try RegionCube(
                        region, of: volume, marginMM: description.marginMM, inputSize: description.inputSize, execution)
                )
            } catch let error as DeepFeaturesError {
                return .failure(error)
            }
        }
        let usable = cubes.compactMap { try? $0.get().values }
        var rows = try self.rows(of: usable, execution)[...]
        return cubes.map { cube in
            cube.flatMap { cube in
                guard let values = rows.popFirst() else { return .failure(.regionEmpty) }
                let strays = values.count { !$0.isFinite }
                return strays == 0
                    ? .success(Embedding(box: cube.box, values: values))
                    : .failure(.embeddingNotFinite(model: model.name, count: strays))
            }
        }
    }

    /// One embedding for each cube.
    private func rows(of cubes: [[Float]], _ execution: Execution) throws -> [[Float]] {
        guard !cubes.isEmpty else { return [] }
        let size = description.inputSize
        let input = Tensor([cubes.count, 1, size, size, size], Array(cubes.joined()))
        let output =
            switch network {
            case .resNet(let network): try network.embedding(of: input, execution)
            case .visionTransformer(let network): try network.embedding(of: input, execution)
            }
        let length = embeddingLength
        return cubes.indices.map { Array(output.values[($0 * length)..<(($0 + 1) * length)]) }
    }
}
