// `osteon audit outcomes`: what reports predicted against what was seen after treatment.
import ArgumentParser
import Audits

struct AuditOutcomes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outcomes",
        abstract: "What reports predicted against what was seen after treatment.",
        discussion: """
            The table is the one that a server exports, or several of them put together (docs/outcomes.md names its columns).

              curl -fsS "http://localhost:8080/v1/outcomes/export?format=csv" > outcomes.csv
              osteon audit outcomes outcomes.csv --by ascertainment --svg plot.svg

            With few leaks it counts and says what it leaves out. It never tells how well leaks will be predicted elsewhere.
            """)

    @OptionGroup var table: AuditTableOptions

    @Option(help: ArgumentHelp("Groups of risk in calibration plots; 10 by default.", valueName: "count"))
    var bins: String?

    func run() throws { try table.audit(.outcomes, options: ["bins": bins]) }
}
