// models.lock: which file a model's weights are, down to the last byte.
import CSystem
import Foundation

/// The models that an installation may use: `{"models": [{"name": …, "file": …, "sha256": …, …}]}`.
package struct ModelsLock: Codable, Sendable {
    package struct Model: Codable, Sendable, Equatable {
        package let name: String
        package let version: String
        /// The weights' file name, beside models.lock.
        package let file: String
        /// 64 lower-case hexadecimal digits.
        package let sha256: String
        package let bytes: Int
        package let licence: String
        /// How the weights were made.
        package let origin: String
    }

    package let models: [Model]

    /// - Throws: `NeuralNetworkError.weightsUnreadable` and `.lockDamaged`.
    package init(reading file: URL) throws(NeuralNetworkError) {
        let data = try Weights.mapped(file)
        do {
            self = try JSONDecoder().decode(ModelsLock.self, from: data)
        } catch {
            throw .lockDamaged(
                reason: "it is not JSON with name, version, file, sha256, bytes, licence and origin of each model")
        }
        for model in models where model.file.contains("/") || model.file.hasPrefix(".") {
            throw .lockDamaged(reason: "the file of model \(model.name) is not a plain file name")
        }
    }

    /// The weights of a model, once their SHA-256 is the one listed. No tensor is read before.
    /// - Parameter folder: where models.lock and the weights lie.
    /// - Throws: `NeuralNetworkError.modelUnknown`, `.modelChanged`, `.weightsUnreadable` and `.weightsDamaged`.
    package func weights(of name: String, in folder: URL) throws(NeuralNetworkError) -> Weights {
        guard let model = models.first(where: { $0.name == name }) else {
            throw .modelUnknown(name: name, known: models.map(\.name))
        }
        let bytes = try Weights.mapped(folder.appendingPathComponent(model.file))
        guard let found = Self.sha256(bytes) else {
            throw .weightsUnreadable(file: model.file, reason: "libcrypto has no memory")
        }
        guard found == model.sha256, bytes.count == model.bytes else {
            throw .modelChanged(name: name, expectedSHA256: model.sha256, foundSHA256: found)
        }
        return try Weights(bytes)
    }

    /// SHA-256 (FIPS 180-4) as 64 lower-case hexadecimal digits; nil where libcrypto has no memory.
    package static func sha256(_ data: Data) -> String? {
        var digits = [UInt8](repeating: 0, count: 64)
        let isHashed = data.withUnsafeBytes { csystem_sha256_text($0.baseAddress, $0.count, &digits) == 1 }
        return isHashed ? String(decoding: digits, as: UTF8.self) : nil
    }
}
