// `osteon analyze`: the service's analysis on files, without a server.
import Analyses
import ArgumentParser
import Domain
import Foundation
import Imaging
import ImagingIO
import Store
import Worker

struct Analyze: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Analyse a CT study and write the report to a folder.",
        discussion: """
            Reads a zip of DICOM files, a single NIfTI file, or a zip of either. Without targets it finds the spine itself. Targets are clicks
            inside vertebral bodies, in LPS millimetres, or labels of a label map on the same grid.

              osteon analyze series.zip --output result
              osteon analyze series.zip --output result --set levels=T12,L1
              osteon analyze series.zip --output result --set anchor=0.3,3.5,36.5:L1 --set rehearse=all
              osteon analyze series.zip --output result --seed 0.3,3.5,36.5:L1 --seed 0.4,-3.0,3.0:L2
              osteon analyze ct.nii.gz --output result --mask labels.nii.gz --label 31:L1 --label 30:L2
              osteon analyze series.zip --output result --seed 0.3,3.5,36.5:L1 --set procedure=PKP --set plannedVolumeML=4
              osteon analyze series.zip --output result --seed 0.3,3.5,36.5:L1 --set approach=left --set needleTipsLPSMM=4,-1,36
              osteon analyze series.zip --output result --seed 0.3,3.5,36.5:L1 --radiomics Params.yaml
            """)

    @Argument(help: "The study: a zip of DICOM files, or NIfTI.")
    var input: String

    @Option(
        help: ArgumentHelp(
            "Folder for report.json and the other results; made if it is not there.", valueName: "folder"))
    var output: String

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A point inside a vertebral body, LPS mm, and its level. Repeat for each.", valueName: "x,y,z:level"))
    var seed: [String] = []

    @Option(help: ArgumentHelp("A label map on the study's grid (NIfTI).", valueName: "file"))
    var mask: String?

    @Option(help: ArgumentHelp("A value of the label map and its level. Repeat for each.", valueName: "value:level"))
    var label: [String] = []

    @Option(help: ArgumentHelp("A setting of the analysis. Repeat for each.", valueName: "name=value"))
    var set: [String] = []

    @Option(
        help: ArgumentHelp(
            "A PyRadiomics parameter file (YAML or JSON), or ge2025 (the default), hu_full, hu_original, none.",
            valueName: "file or name"))
    var radiomics: String?

    @Flag(help: "Also write each vertebra's surface as binary STL, LPS mm: L1.stl, ….")
    var stl = false

    @OptionGroup var models: ModelsOption

    @Option(help: "The analysis.")
    var analysis = "digital-biopsy"

    @Option(
        help: "SeriesInstanceUID, where the study holds several; by default the CT series with the thinnest slices.")
    var series: String?

    func validate() throws {
        guard (mask == nil) == label.isEmpty else { throw ValidationError("--mask and --label go together.") }
        guard seed.isEmpty || label.isEmpty else {
            throw ValidationError("Give --seed x,y,z:level, or --mask with --label value:level, or neither.")
        }
    }

    func run() throws {
        try CommandFailure.requireFile(input)
        if let mask { try CommandFailure.requireFile(mask) }
        try CommandFailure.explaining { try analyze() }
    }

    private func analyze() throws {
        let file = URL(fileURLWithPath: input)
        let progress = TerminalProgress()
        defer { progress.finish() }
        progress.show(StageProgress(stage: "inspect", fraction: 0))
        let contents = try StudyFile.inspect(file)
        let maskFile = mask.map { URL(fileURLWithPath: $0) }
        let request = AnalysisRequest(
            study: "local", analysis: analysis, series: series, targets: try targets(),
            parameters: try parameters())
        let catalog = AnalysisCatalog(models: try models.installed())
        let summary = contents.series.first { $0.id == series ?? contents.chosenSeries }
        let labels = try maskFile.flatMap { file in try summary.map { try MaskFile.inspect(file, against: $0) } }
        if let summary { try catalog.check(request, series: summary, maskLabels: labels) }

        let result = try StudyAnalysis(
            source: .file(file), contents: contents, sha256: try SHA256.digest(of: file), maskFile: maskFile,
            request: request, catalog: catalog, threads: ProcessInfo.processInfo.activeProcessorCount
        ).run(cancellation: Cancellation()) { progress.show($0) }
        let names = try ResultFolder(path: output, writesSTL: stl).write(result)
        progress.finish()
        print(ReportTable(report: result.output.report).text)
        print("\nWritten to \(output): \(names.joined(separator: ", "))")
    }

    private func targets() throws -> [Target] {
        try seed.map { text in
            let (place, level) = try Self.split(text, option: "--seed", example: "0.3,3.5,36.5:L1")
            let numbers = place.split(separator: ",").compactMap { Double($0) }
            guard numbers.count == 3 else {
                throw ValidationError("--seed \(text): needs three numbers, as in 0.3,3.5,36.5:L1.")
            }
            return Target(level: level, seedLPSMM: numbers)
        }
            + label.map { text in
                let (value, level) = try Self.split(text, option: "--label", example: "31:L1")
                guard let number = Int(value) else {
                    throw ValidationError("--label \(text): needs a whole number, as in 31:L1.")
                }
                return Target(level: level, label: number)
            }
    }

    private static func split(_ text: String, option: String, example: String) throws -> (String, VertebralLevel) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw ValidationError("\(option) \(text): write it as \(example).") }
        guard let level = VertebralLevel(named: parts[1].uppercased()) else {
            throw ValidationError(
                "\(option) \(text): '\(parts[1])' is no level; use C1 to C7, T1 to T12, L1 to L5 or S1.")
        }
        return (parts[0], level)
    }

    private func parameters() throws -> [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [:]
        for text in set {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("--set \(text): write it as name=value.") }
            parameters[parts[0]] = ParameterValue(word: parts[1])
        }
        guard let radiomics else { return parameters }
        guard parameters["radiomics"] == nil else {
            throw ValidationError("--radiomics and --set radiomics exclude each other.")
        }
        parameters["radiomics"] = .text(try Self.fileOrName(radiomics))
        return parameters
    }

    /// The text of a file of this name, or else the name.
    private static func fileOrName(_ argument: String) throws -> String {
        guard FileManager.default.isReadableFile(atPath: argument) else { return argument }
        guard let text = try? String(contentsOfFile: argument, encoding: .utf8) else {
            throw CommandFailure("'\(argument)' is no text in UTF-8.")
        }
        return text
    }
}
