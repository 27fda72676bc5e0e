// `osteon audit self`: the service measures phantoms and is compared with what was planted.
import ArgumentParser
import Audits
import Foundation

struct AuditSelfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "self",
        abstract: "Measure phantoms and compare with what was planted in them.",
        discussion: """
            Builds phantoms with known heights, volumes, densities and angles, analyses each as the service would, and judges the
            agreement: bias and 95 % limits with their intervals, ICC and CCC. Every other phantom has a fractured vertebra. The same seed
            gives the same phantoms. Phantoms and pipeline have the same authors: this is no accuracy on patients.

              osteon audit self --json self.json --svg plots
            """)

    @Option(help: "How many phantoms.")
    var phantoms = 30

    @Option(help: "The seed of the first phantom; the others follow.")
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Voxel size, millimetres.", valueName: "x,y,z"))
    var spacing = "0.7,0.7,1"

    @Option(help: "How many phantoms are measured at a time.")
    var threads = 2

    @Option(help: ArgumentHelp("Where the whole report goes.", valueName: "file"))
    var json: String?

    @Option(help: ArgumentHelp("Folder for a plot of each quantity; made if it is not there.", valueName: "folder"))
    var svg: String?

    func validate() throws {
        guard (1...1000).contains(phantoms) else { throw ValidationError("--phantoms must be 1 to 1000.") }
        guard (1...64).contains(threads) else { throw ValidationError("--threads must be 1 to 64.") }
        guard spacingMM.count == 3, spacingMM.allSatisfy({ $0 > 0 }) else {
            throw ValidationError("--spacing needs three numbers above 0, as in 0.7,0.7,1.")
        }
    }

    private var spacingMM: [Double] { spacing.split(separator: ",").compactMap { Double($0) } }

    func run() throws {
        try CommandFailure.explaining {
            let progress = TerminalProgress()
            defer { progress.finish() }
            let start = ContinuousClock.now
            let findings = try SelfAudit(
                phantoms: phantoms, seed: seed, spacingMM: SIMD3(spacingMM[0], spacingMM[1], spacingMM[2]),
                threads: threads
            ).run { progress.show($0) }
            let report = SelfAuditReport(
                phantoms: phantoms, seed: seed, spacingMM: spacingMM,
                seconds: (ContinuousClock.now - start) / .seconds(1), measurements: findings.measurements,
                omissions: findings.omissions)
            progress.finish()
            if let json { try report.json().write(to: URL(fileURLWithPath: json)) }
            if let svg { try writePlots(of: report, in: URL(fileURLWithPath: svg, isDirectory: true)) }
            print(SelfAuditText(report).text)
        }
    }

    private func writePlots(of report: SelfAuditReport, in folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for quantity in report.quantities {
            guard let audit = quantity.audit else { continue }
            try Data(audit.plotSVG().utf8).write(
                to: folder.appendingPathComponent("\(quantity.quantity.rawValue).svg"))
        }
    }
}
