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
        /// The model card's file name, beside models.lock.
        package let card: String?
        /// What makes it a model for deep features.
        package let encoder: EncoderDescription?
    }

    package let models: [Model]

    /// A lock that lists nothing.
    package static let empty = ModelsLock(models: [])

    private init(models: [Model]) { self.models = models }

    /// - Throws: `NeuralNetworkError.lockDamaged`.
    package init(reading file: URL) throws(NeuralNetworkError) {
        do {
            self = try JSONDecoder().decode(ModelsLock.self, from: Data(contentsOf: file))
        } catch is CocoaError {
            throw .lockDamaged(reason: "there is no readable file \(file.path)")
        } catch {
            throw .lockDamaged(reason: Self.reason(error))
        }
        var names: Set<String> = []
        for model in models {
            guard Self.isName(model.name) else {
                throw .lockDamaged(reason: "'\(model.name)' is no name for a model (letters, digits, '.', '_', '-')")
            }
            guard names.insert(model.name).inserted else {
                throw .lockDamaged(reason: "the model \(model.name) is listed twice")
            }
            try Self.requirePlain(model.file, "the file of model \(model.name)")
            if let card = model.card { try Self.requirePlain(card, "the card of model \(model.name)") }
            _ = try model.encoder?.network()
        }
    }

    /// `none` is how a request asks for no model.
    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.count) && name != "none"
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    private static func requirePlain(_ file: String, _ what: String) throws(NeuralNetworkError) {
        guard !file.isEmpty, !file.contains("/"), !file.hasPrefix(".") else {
            throw .lockDamaged(reason: "\(what) is not a plain file name")
        }
    }

    /// Which key is missing or wrong.
    private static func reason(_ error: any Error) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        return switch error as? DecodingError {
        case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(place(context.codingPath)) has another type"
        default: "it is not JSON"
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
