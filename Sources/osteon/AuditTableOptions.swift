// What every audit of a table takes, and how it is run.
import ArgumentParser
import Audits
import Foundation

struct AuditTableOptions: ParsableArguments {
    @Argument(help: ArgumentHelp("The table: .csv or .json.", valueName: "table"))
    var table: String

    @Option(help: ArgumentHelp("A column that parts the rows: one result for each value.", valueName: "column"))
    var by: String?

    @Option(help: ArgumentHelp("The unit of the readings, where the header does not say it.", valueName: "unit"))
    var unit: String?

    @Option(help: ArgumentHelp("The title of the report.", valueName: "text"))
    var title: String?

    @Option(help: ArgumentHelp("Of every interval; 0.95 by default.", valueName: "fraction"))
    var confidence: String?

    @Option(help: ArgumentHelp("Where the plot goes.", valueName: "file"))
    var svg: String?

    @Option(help: ArgumentHelp("Where the whole report goes.", valueName: "file"))
    var json: String?

    /// Reads the table, prints figures and reading, writes the files asked for.
    func audit(_ kind: AuditKind, options: [String: String?]) throws {
        try CommandFailure.requireFile(table)
        let common = ["by": by, "unit": unit, "title": title, "confidence": confidence]
        let given = common.merging(options) { $1 }.compactMapValues { $0 }
        try CommandFailure.explaining {
            // Mapped, so that a table beyond the limits is never read whole.
            let body = try Data(contentsOf: URL(fileURLWithPath: table), options: .alwaysMapped)
            let report = try AuditReport(AuditRequest(kind: kind, body: body, mediaType: nil, options: given))
            if let json { try Self.write(report.json(), to: json) }
            if let svg { try Self.write(Data(report.plotSVG().utf8), to: svg) }
            print(AuditText(report: report).text)
        }
    }

    private static func write(_ data: Data, to path: String) throws {
        do {
            try data.write(to: URL(fileURLWithPath: path))
        } catch {
            throw CommandFailure("'\(path)' cannot be written.")
        }
    }
}
