// `osteon segment`: every vertebra of a CT, without a click.
import Analyses
import ArgumentParser
import Domain
import Foundation
import Imaging
import ImagingIO
import Store
import Worker

struct SegmentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segment",
        abstract: "Find, name and outline every vertebra of a CT.",
        discussion: """
            Writes segmentation.nii.gz (whole vertebrae) and bodies.nii.gz on the scan's grid, values 1 (C1) to 24 (L5), 101 and up for
            vertebrae of unknown level, meshes.glb (their surfaces), and report.json. Levels come from sacrum, ribs
            and dens, or from one anchor.

              osteon segment series.zip --output result
              osteon segment ct.nii.gz --output result --anchor 0.3,3.5,36.5:L1
            """)

    @Argument(help: "The study: a zip of DICOM files, or NIfTI.")
    var input: String

    @Option(help: ArgumentHelp("Folder for the results; made if it is not there.", valueName: "folder"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "A point in a vertebral body, LPS mm, and its level: all others are counted from it.",
            valueName: "x,y,z:level"))
    var anchor: String?

    @Option(
        help: "SeriesInstanceUID, where the study holds several; by default the CT series with the thinnest slices.")
    var series: String?

    @Flag(help: "Also write each vertebra's surface as binary STL, LPS mm: L1.stl, ….")
    var stl = false

    @OptionGroup var models: ModelsOption

    func run() throws {
        try CommandFailure.requireFile(input)
        try CommandFailure.explaining { try segment() }
    }

    private func segment() throws {
        let file = URL(fileURLWithPath: input)
        let progress = TerminalProgress()
        defer { progress.finish() }
        progress.show(StageProgress(stage: "inspect", fraction: 0))
        let contents = try StudyFile.inspect(file)
        let request = AnalysisRequest(
            study: "local", analysis: "segment", series: series, targets: [],
            parameters: anchor.map { ["anchor": .text($0)] } ?? [:])
        let catalog = AnalysisCatalog(models: try models.installed())
        if let summary = contents.series.first(where: { $0.id == series ?? contents.chosenSeries }) {
            try catalog.check(request, series: summary, maskLabels: nil)
        }
        let result = try StudyAnalysis(
            source: .file(file), contents: contents, sha256: try SHA256.digest(of: file), maskFile: nil,
            request: request,
            catalog: catalog, threads: ProcessInfo.processInfo.activeProcessorCount
        ).run(cancellation: Cancellation()) { progress.show($0) }
        let names = try ResultFolder(path: output, writesSTL: stl).write(result)
        progress.finish()
        if let spine = result.output.report.spine { print(SpineText(spine: spine).lines.joined(separator: "\n")) }
        print("\nWritten to \(output): \(names.joined(separator: ", "))")
    }
}
