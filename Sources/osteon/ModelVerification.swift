// Whether the installed models are the ones that are listed: found out once, beside everything else.
import DeepFeatures
import Dispatch
import Domain
import Logging
import NeuralNetworks
import Synchronization

/// Hashes every model after the start, so that the service says that it is ready only once all of them can be used.
final class ModelVerification: Sendable {
    private let state = Mutex<String?>("verifying")
    private let installed: InstalledModels
    private let logger: Logger

    /// Why the models cannot be used, or not yet; nil once every one was found to be as it is listed, or none is installed.
    var fault: String? { state.withLock { $0 } }

    init(_ installed: InstalledModels, logger: Logger) {
        self.installed = installed
        self.logger = logger
    }

    /// Returns at once; the hashing goes on at `.utility`.
    func start() {
        DispatchQueue.global(qos: .utility).async { [self] in
            let fault = installed.lock.models.lazy.compactMap { self.fault(of: $0.name) }.first
            state.withLock { $0 = fault }
        }
    }

    private func fault(of name: String) -> String? {
        do throws(NeuralNetworkError) {
            _ = try installed.weights(of: name)
            return nil
        } catch {
            logger.error("a model cannot be used", metadata: ["model": "\(name)", "error": "\(error.detail)"])
            return "\(name): \(error.code.rawValue)"
        }
    }
}
