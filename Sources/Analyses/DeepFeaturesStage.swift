// The embeddings of all vertebral bodies of a scan.
import DeepFeatures
import Domain
import Imaging
import NeuralNetworks

/// What there is of one body.
enum DeepFeaturesFinding: Sendable {
    case embedded(DeepFeaturesSection)
    case omitted(Omission)
}

/// Gives each body to a network. What goes wrong with model or region is an omission: a job does not fail for it.
struct DeepFeaturesStage {
    let request: DeepFeaturesRequest
    let input: AnalysisInput
    let encoder: @Sendable (String) throws -> Encoder

    /// - Parameter progress: is told the share that is done.
    /// - Throws: `FaultRecord` once cancelled.
    func run(_ vertebrae: [Vertebra], _ progress: (Double) -> Void) throws -> [DeepFeaturesFinding] {
        guard !vertebrae.isEmpty else { return [] }
        guard let name = request.model else { return vertebrae.map { _ in .omitted(request.omission) } }
        do {
            return try embed(vertebrae, with: encoder(name), progress)
        } catch let error as NeuralNetworkError {
            return vertebrae.map { _ in omitted(error) }
        } catch let error as DeepFeaturesError {
            return vertebrae.map { _ in omitted(error) }
        }
    }

    private func embed(
        _ vertebrae: [Vertebra], with encoder: Encoder, _ progress: (Double) -> Void
    ) throws -> [DeepFeaturesFinding] {
        let kernels = try Kernels.best()
        let nowhere = IndexBox(lower: Index3(x: 0, y: 0, z: 0), size: Index3(x: 0, y: 0, z: 0))
        let embeddings = try encoder.embeddings(
            of: vertebrae.map { $0.bodyBox ?? nowhere }, in: input.volume,
            Execution(threads: input.threads, kernels: kernels, cancellation: input.cancellation), progress: progress)
        return embeddings.map { embedding in
            switch embedding {
            case .success(let embedding):
                .embedded(DeepFeaturesSection(embedding, of: encoder, kernels: kernels.name))
            case .failure(let error): omitted(error)
            }
        }
    }

    private func omitted(_ error: any Fault) -> DeepFeaturesFinding {
        .omitted(Omission(item: request.omission.item, reason: error.detail))
    }
}

extension DeepFeaturesSection {
    fileprivate init(_ embedding: Embedding, of encoder: Encoder, kernels: String) {
        self.init(
            model: encoder.model.name, version: encoder.model.version, sha256: encoder.model.sha256,
            origin: encoder.model.origin,
            architecture: encoder.description.architecture, kernels: kernels, region: "vertebral body",
            boundingBox: embedding.box.list, marginMM: encoder.description.marginMM,
            inputSize: encoder.description.inputSize, values: embedding.values)
    }
}

extension Vertebra {
    /// The smallest box around the body, on the scan's grid; nil where there is no body.
    var bodyBox: IndexBox? {
        parts.mask(of: Part.body.rawValue).boundingBox().map { box in
            IndexBox(
                lower: Index3(
                    x: lowerIndex.x + box.lower.x, y: lowerIndex.y + box.lower.y, z: lowerIndex.z + box.lower.z),
                size: box.size)
        }
    }
}

extension IndexBox {
    /// The first voxel x, y, z, then the size x, y, z.
    var list: [Int] { [lower.x, lower.y, lower.z, size.x, size.y, size.z] }
}
