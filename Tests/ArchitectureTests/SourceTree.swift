// The project's own files, read as text.
import Foundation

/// The checkout that these tests were built from.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The Swift files below a folder of the checkout, with their text.
    static func swiftFiles(in folder: String) throws -> [(path: String, text: String)] {
        let base = root.appendingPathComponent(folder)
        guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else { return [] }
        return try walk.compactMap { $0 as? URL }
            .filter { $0.pathExtension == "swift" }
            .map { (String($0.path.dropFirst(root.path.count + 1)), try String(contentsOf: $0, encoding: .utf8)) }
            .sorted { $0.0 < $1.0 }
    }

    /// The modules that a file imports.
    static func imports(of text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").filter {
                !["@preconcurrency", "@testable", "package", "public", "internal", "private"].contains($0)
            }
            guard words.first == "import", words.count >= 2 else { return nil }
            let name = words[1] == "struct" || words[1] == "class" || words[1] == "func" ? words[2] : words[1]
            return String(name.prefix { $0 != "." && $0 != ";" })
        }
    }
}
