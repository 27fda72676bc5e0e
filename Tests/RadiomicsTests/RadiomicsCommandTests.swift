// `osteon radiomics` as a user runs it: files in, files out.
import Foundation
import ReferenceData
import Testing

@testable import Radiomics

/// A folder of its own, and the built program, which lies beside the test program.
final class RadiomicsCommandRun {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-radiomics-\(UUID().uuidString)")

    private struct Document: Decodable {
        struct Case: Decodable { let regions: [Region] }
        struct Region: Decodable { let features: [FeatureValue] }
        let cases: [Case]
    }

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file into the folder. Returns its path.
    func write(_ data: Data, _ name: String) throws -> String {
        let file = folder.appendingPathComponent(name)
        try data.write(to: file)
        return file.path
    }

    /// Runs `osteon radiomics`, the output in the folder. Returns the exit status, what it said, and the output.
    func run(_ arguments: [String], output: String) throws -> (status: Int32, said: String, output: Data) {
        let file = folder.appendingPathComponent(output)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("osteon")
        process.arguments = ["radiomics"] + arguments + ["--output", file.path]
        let said = Pipe()
        process.standardError = said
        process.standardOutput = said
        try process.run()
        let text = String(decoding: said.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, text, (try? Data(contentsOf: file)) ?? Data())
    }

    /// The features of the one region of the one case.
    func features(_ arguments: [String]) throws -> [FeatureValue] {
        let (status, said, output) = try run(arguments, output: "features.json")
        #expect(status == 0, "\(said)")
        let document = try JSONDecoder().decode(Document.self, from: output)
        return document.cases.flatMap(\.regions).flatMap(\.features)
    }

    /// The header and the one row of the table, cells without commas.
    func row(_ arguments: [String]) throws -> [String: String] {
        let (status, said, output) = try run(arguments, output: "features.csv")
        #expect(status == 0, "\(said)")
        let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").map { line in
            // Quoted cells (settings) hold commas; nothing here reads them.
            line.replacing(/"[^"]*"/, with: "").split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        try #require(lines.count == 2)
        return Dictionary(zip(lines[0], lines[1])) { first, _ in first }
    }
}

struct RadiomicsCommandTests {
    private static let everyAggregation = """
        mode: ibsi
        aggregations: [\(IBSIAggregation.allCases.map(\.rawValue).joined(separator: ", "))]
        """

    private func phantomArguments(_ run: RadiomicsCommandRun, params: String) throws -> [String] {
        [
            "--params", try run.write(Data(params.utf8), "params.yaml"),
            "--image", try run.write(DigitalPhantom.nrrd(DigitalPhantom.values), "image.nrrd"),
            "--mask", try run.write(DigitalPhantom.nrrd(DigitalPhantom.labels), "mask.nrrd"),
        ]
    }

    @Test func `the command gives the digital phantom's consensus values, each with its identifier`() throws {
        let run = try RadiomicsCommandRun()
        let arguments = try phantomArguments(run, params: Self.everyAggregation)
        let features = try run.features(arguments)
        #expect(expectConsensus(features, try DigitalPhantom.consensus(), "digital phantom") == 482)
        #expect(features.count == 487)
        #expect(features.allSatisfy { $0.ibsiID?.isEmpty == false })
        let row = try run.row(arguments)
        for feature in features {
            let cell = try #require(row["\(feature.name) [\(feature.ibsiID ?? "")]"])
            #expect(Double(cell) == feature.value)
        }
    }

    @Test(
        .enabled(if: ReferenceData.has(ctPhantom), Comment(rawValue: ReferenceData.absent)),
        arguments: [("a", 346), ("b", 346), ("c", 210), ("d", 210), ("e", 210)])
    func `the command gives the CT phantom's consensus values`(_ configuration: String, _ count: Int) throws {
        let folder = ReferenceData.url(ctPhantom).appendingPathComponent("nifti")
        let features = try RadiomicsCommandRun().features([
            "--params", "ibsi-\(configuration)",
            "--image", folder.appendingPathComponent("image/phantom.nii.gz").path,
            "--mask", folder.appendingPathComponent("mask/mask.nii.gz").path,
        ])
        #expect(
            expectConsensus(features, try ReferenceValue.chestTable(configuration), configuration) == count)
    }

    @Test func `a filter of IBSI 2 in the file names its features and identifiers`() throws {
        let run = try RadiomicsCommandRun()
        let features = try run.features(
            try phantomArguments(run, params: "{mode: ibsi, filter: {type: mean, support: 1}}"))
        // A mean over one voxel is the image: the consensus mean of the digital phantom.
        let mean = try #require(features.first { $0.name == "mean_intensity_statistics_mean" })
        #expect(mean.ibsiID == "S60F/Q4LE")
        #expect(abs((mean.value ?? 0) - 2.15) < 0.005)
        #expect(features.count == 18)
    }

    @Test func `a wrong key of the ibsi mode is named`() throws {
        let run = try RadiomicsCommandRun()
        let (status, said, _) = try run.run(
            try phantomArguments(run, params: "{mode: ibsi, binwidth: 25}"), output: "features.csv")
        #expect(status != 0)
        #expect(said.contains("params.yaml: 'binwidth' is not known. Did you mean 'binWidth'?"), "\(said)")
    }
}
