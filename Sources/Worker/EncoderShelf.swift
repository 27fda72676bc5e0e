// The networks of this process, each built once.
import DeepFeatures
import Synchronization

/// Encoders as workers share them. The first job that asks for a model waits until its hash is checked and its network built; one
/// that fails is tried again by the next job, so that a repaired file needs no restart.
package final class EncoderShelf: Sendable {
    private let models: InstalledModels
    private let built = Mutex<[String: Encoder]>([:])

    package init(_ models: InstalledModels) { self.models = models }

    /// - Throws: what `InstalledModels.encoder(named:)` throws.
    package func encoder(named name: String) throws -> Encoder {
        try built.withLock { built in
            if let encoder = built[name] { return encoder }
            let encoder = try models.encoder(named: name)
            built[name] = encoder
            return encoder
        }
    }
}
