// Other tools' numbers, as their scripts wrote them.
import Foundation
import Testing

enum GoldenJSON {
    static func read<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
        return try JSONDecoder().decode(Value.self, from: Data(contentsOf: folder.appendingPathComponent(name)))
    }
}

/// Compares within a relative tolerance, absolute below 0.001, where differences of near equals have lost digits in both tools.
func expectClose(
    _ value: Double?, _ expected: Double, _ what: String, relative: Double = 1e-9,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    guard let value else {
        Issue.record("\(what) is missing", sourceLocation: sourceLocation)
        return
    }
    let deviation = abs(value - expected) / max(abs(expected), 1e-3)
    // For the table in docs/models/agreement.md.
    if ProcessInfo.processInfo.environment["OSTEON_DEVIATIONS"] != nil { print("deviation \(what): \(deviation)") }
    #expect(
        deviation <= relative, "\(what): \(value) against \(expected), \(deviation)", sourceLocation: sourceLocation)
}
