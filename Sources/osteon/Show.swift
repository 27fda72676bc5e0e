// `osteon show`: a report as a table.
import ArgumentParser
import Domain
import Phantoms

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a report as a table and a quadrant map.",
        discussion: """
            With --truth, the report of a phantom is compared with what was planted: the command fails when the quadrant of a planted
            cortical gap does not rank first.

              osteon show result/report.json
              osteon show result/report.json --truth patient/truth.json
            """)

    @Argument(help: "A report, as the service or 'osteon analyze' wrote it.")
    var report: String

    @Option(help: ArgumentHelp("The truth.json that 'osteon phantom' wrote.", valueName: "file"))
    var truth: String?

    func run() throws {
        let decoded = try CommandFailure.decode(Report.self, from: report, what: "a report of Osteon")
        print(ReportTable(report: decoded).text)
        guard let truth else { return }
        let planted = try CommandFailure.decode(PhantomTruth.self, from: truth, what: "the truth of a phantom")
        let comparison = PlantedComparison(report: decoded, truth: planted)
        print()
        print(comparison.text)
        guard comparison.agrees else { throw ExitCode(2) }
    }
}
