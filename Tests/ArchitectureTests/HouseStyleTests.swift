// What no reviewer should have to look for.
import Foundation
import Testing

/// Longest file that passes without a question, in lines.
private let longestFile = 400

@Suite struct HouseStyleTests {
    @Test func `no source file forces its luck`() throws {
        let banned = ["try!", " as! ", "fatalError(", "TODO", "FIXME", "XXX"]
        for (path, text) in try SourceTree.swiftFiles(in: "Sources") {
            for word in banned { #expect(!text.contains(word), "\(path) holds \(word)") }
        }
    }

    @Test func `no file is longer than 400 lines`() throws {
        for folder in ["Sources", "Tests"] {
            for (path, text) in try SourceTree.swiftFiles(in: folder) {
                let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count
                #expect(lines <= longestFile, "\(path) has \(lines) lines")
            }
        }
    }

    @Test func `every source file opens with the sentence that says its role`() throws {
        for (path, text) in try SourceTree.swiftFiles(in: "Sources") {
            #expect(text.hasPrefix("// "), "\(path) has no opening line")
        }
    }

    @Test func `no file is named for being a drawer`() throws {
        let drawers = ["Utils", "Util", "Helpers", "Helper", "Manager", "Common", "Misc"]
        for (path, _) in try SourceTree.swiftFiles(in: "Sources") {
            let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
            for drawer in drawers { #expect(!name.hasSuffix(drawer), "\(path)") }
        }
    }

    @Test func `what other modules see is documented`() throws {
        let kinds = ["struct ", "enum ", "final class ", "protocol "]
        for (path, text) in try SourceTree.swiftFiles(in: "Sources") where !path.hasPrefix("Sources/osteon/") {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in lines.enumerated() where kinds.contains(where: { line.hasPrefix("package " + $0) }) {
                let above = lines[..<number].last { !$0.hasPrefix("@") } ?? ""
                #expect(above.hasPrefix("///"), "\(path):\(number + 1) has no doc comment")
            }
        }
    }

    @Test func `the project speaks of itself alone`() throws {
        let foreign = ["/wo" + "rk/", "/ro" + "ot/", "/tmp/w" + "t"]
        for folder in ["Sources", "Tests", "Migrations"] {
            for (path, text) in try SourceTree.swiftFiles(in: folder) {
                for name in foreign { #expect(!text.contains(name), "\(path) names \(name)") }
            }
        }
    }
}
