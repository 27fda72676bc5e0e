// `osteon audit` as a person runs it: files in, table, plot and report out.
import Foundation
import Testing

@Suite struct AuditCommandTests {
    private struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs the command in a folder of its own that holds `table.csv`.
    private func run(_ table: String, _ arguments: [String], check: (Outcome, URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-audit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(table.utf8).write(to: folder.appendingPathComponent("table.csv"))
        let process = Process()
        process.executableURL = RunningServer.program
        process.currentDirectoryURL = folder
        process.arguments = ["audit"] + arguments
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // The texts are shorter than a pipe holds.
        process.waitUntilExit()
        let outcome = Outcome(
            status: process.terminationStatus,
            output: String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self),
            errors: String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
        try check(outcome, folder)
    }

    @Test func `pairs give a table, a reading, a plot and a report`() throws {
        let table = "automatic (mm),manual (mm),rater\n21,20,A\n25,23,A\n33,30,A\n11,12,B\n18,20,B\n27,30,B\n"
        let arguments = [
            "bland-altman", "table.csv", "--by", "rater", "--svg", "plot.svg", "--json", "report.json",
        ]
        try run(table, arguments) { outcome, folder in
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.output.contains("automatic against manual"))
            #expect(outcome.output.contains("A: 3 rows"))
            #expect(outcome.output.contains("Agreement is not accuracy"))
            let plot = try String(contentsOf: folder.appendingPathComponent("plot.svg"), encoding: .utf8)
            #expect(plot.contains("<svg") && plot.hasSuffix("</svg>\n"))
            let report = try JSONSerialization.jsonObject(
                with: Data(contentsOf: folder.appendingPathComponent("report.json")))
            let sections = try #require((report as? [String: Any])?["sections"] as? [[String: Any]])
            #expect(sections.compactMap { $0["name"] as? String } == ["all", "A", "B"])
        }
    }

    @Test func `a cell that is no number is one sentence with its row, and nothing is written`() throws {
        let arguments = ["bland-altman", "table.csv", "--svg", "plot.svg"]
        try run("first,second\n1,2\n2,x\n3,5\n", arguments) { outcome, folder in
            #expect(outcome.status != 0)
            #expect(outcome.errors.contains("Row 2 (line 3), column second is text where a number is needed."))
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("plot.svg").path))
        }
    }

    @Test func `every kind has a help with an example`() throws {
        for kind in ["bland-altman", "reliability", "classification", "segmentation"] {
            try run("", [kind, "--help"]) { outcome, _ in
                #expect(outcome.status == 0)
                #expect(outcome.output.contains("osteon audit \(kind) "))
            }
        }
    }
}
