// `osteon audit`: its subcommands and nothing else.
import ArgumentParser

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Judge the agreement of measurements.",
        discussion: """
            Reads a table with a header row (CSV with comma, semicolon or tab and a decimal point) or JSON, and writes figures with
            their intervals, a reading in plain words and, if wanted, a plot and a report.

              osteon audit bland-altman pairs.csv --by rater --svg plot.svg --json report.json
            """,
        subcommands: [
            AuditBlandAltman.self, AuditReliability.self, AuditClassification.self, AuditSegmentation.self,
            AuditOutcomes.self, AuditSelfCommand.self, AuditStudyCommand.self,
        ])
}
