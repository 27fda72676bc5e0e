// openapi.yaml, read as a tree.
import Foundation
import Testing
import Yams

struct Specification {
    let root: [String: Any]

    init() throws {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: package.appendingPathComponent("openapi.yaml"), encoding: .utf8)
        root = try #require(try Yams.load(yaml: text) as? [String: Any])
    }

    private static let methods: Set<String> = ["get", "post", "put", "patch", "delete", "head", "options", "trace"]

    /// Every operation as `METHOD path`.
    var operations: [String: [String: Any]] {
        var operations: [String: [String: Any]] = [:]
        for (path, item) in root["paths"] as? [String: [String: Any]] ?? [:] {
            for (method, operation) in item where Self.methods.contains(method) {
                operations[method.uppercased() + " " + path] = operation as? [String: Any]
            }
        }
        return operations
    }

    /// A member of `components`.
    func component(_ kind: String, _ name: String) throws -> [String: Any] {
        let components = try #require(root["components"] as? [String: [String: Any]])
        return try #require(components[kind]?[name] as? [String: Any], "components/\(kind)/\(name)")
    }

    /// The value of an example, as JSON.
    func example(_ name: String) throws -> Data {
        try JSONSerialization.data(withJSONObject: try #require(component("examples", name)["value"]))
    }

    /// The words of a schema that is an enumeration.
    func words(_ schema: String) throws -> [String] {
        try #require(component("schemas", schema)["enum"] as? [String])
    }
}
