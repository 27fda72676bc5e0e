// The models of an installation: a folder with models.lock and the weights.
import Foundation
import NeuralNetworks

/// What `models.lock` lists. Weights are read when a model is asked for, never before.
package struct InstalledModels: Sendable {
    /// nil where nothing is installed.
    package let folder: URL?
    package let lock: ModelsLock

    /// An installation without models.
    package static let none = InstalledModels()

    private init() {
        folder = nil
        lock = .empty
    }

    /// - Parameter folder: holds `models.lock`.
    /// - Throws: `NeuralNetworkError.lockDamaged`.
    package init(folder: URL) throws(NeuralNetworkError) {
        self.folder = folder
        lock = try ModelsLock(reading: folder.appendingPathComponent("models.lock"))
    }

    /// Models that give embeddings, in the order of the list; the first is the default.
    package var encoderNames: [String] { lock.models.filter { $0.encoder != nil }.map(\.name) }

    /// The weights of a model, their hash checked.
    /// - Throws: `NeuralNetworkError`.
    package func weights(of name: String) throws(NeuralNetworkError) -> Weights {
        guard let folder else { throw .modelUnknown(name: name, known: []) }
        return try lock.weights(of: name, in: folder)
    }

    /// A model, whole or not at all.
    /// - Throws: `NeuralNetworkError` for an unknown model, another hash, or weights that do not fit; `DeepFeaturesError.notAnEncoder`.
    package func encoder(named name: String) throws -> Encoder {
        let weights = try weights(of: name)
        guard let model = lock.models.first(where: { $0.name == name }) else {
            throw NeuralNetworkError.modelUnknown(name: name, known: lock.models.map(\.name))
        }
        return try Encoder(model, weights)
    }
}
