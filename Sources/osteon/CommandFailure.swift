// Why a command failed, as a person reads it.
import Domain
import Foundation

/// An error that prints as one plain sentence, with the fix and the stable code where there is one.
struct CommandFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    init(_ fault: any Fault) {
        description = "\(fault.detail) \(fault.fix) [\(fault.code.rawValue)]"
    }

    /// Runs a command; a fault of any module comes out as its sentence.
    static func explaining<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as any Fault {
            throw CommandFailure(fault)
        }
    }

    /// - Throws: `CommandFailure` when there is no such file.
    static func requireFile(_ path: String) throws {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw CommandFailure("There is no readable file '\(path)'.")
        }
    }

    /// Decodes a JSON file.
    ///
    /// - Parameter what: what the file should be, for the message.
    /// - Throws: `CommandFailure` that names the file and the field.
    static func decode<Value: Decodable>(_ type: Value.Type, from path: String, what: String) throws -> Value {
        try requireFile(path)
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(type, from: Data(contentsOf: URL(fileURLWithPath: path)))
        } catch let error as DecodingError {
            throw CommandFailure("'\(path)' is not \(what): \(Self.reason(error)).")
        }
    }

    private static func reason(_ error: DecodingError) -> String {
        func place(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
        return switch error {
        case .keyNotFound(let key, let context): "the field '\(place(context.codingPath + [key]))' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "the field '\(place(context.codingPath))' has another type"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "it is no JSON" : "the field '\(place(context.codingPath))' cannot be read"
        @unknown default: "it cannot be read"
        }
    }
}
