// `osteon audit classification`: how well a score or a call tells an outcome.
import ArgumentParser
import Audits

struct AuditClassification: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "classification",
        abstract: "How well a score, a probability or a call tells a yes-or-no outcome.",
        discussion: """
            The table has a row for each case: the outcome (0 or 1) and a score; a higher score speaks for the outcome.

              outcome,risk
              0,0.12
              1,0.71
              0,0.35

              osteon audit classification cases.csv --outcome outcome --score risk --threshold 0.3

            Scores from 0 to 1 are taken as probabilities, which adds calibration and a decision curve. A second score of the same
            cases (--second-score) is compared by DeLong's paired test. Where only calls were made, give --call.
            """)

    @OptionGroup var table: AuditTableOptions

    @Option(help: ArgumentHelp("The column of outcomes.", valueName: "column"))
    var outcome: String?

    @Option(help: ArgumentHelp("The column of scores.", valueName: "column"))
    var score: String?

    @Option(help: ArgumentHelp("The column of another score to compare with.", valueName: "column"))
    var secondScore: String?

    @Option(help: ArgumentHelp("The column of yes-or-no calls.", valueName: "column"))
    var call: String?

    @Option(help: ArgumentHelp("A score of at least this is a positive call.", valueName: "score"))
    var threshold: String?

    @Option(help: ArgumentHelp("Whether scores are probabilities: true or false.", valueName: "answer"))
    var probability: String?

    @Option(help: ArgumentHelp("Groups of risk in calibration; 10 by default.", valueName: "count"))
    var bins: String?

    @Option(help: ArgumentHelp("Intervals of proportions: wilson or clopper-pearson.", valueName: "method"))
    var proportion: String?

    func run() throws {
        try table.audit(
            .classification,
            options: [
                "outcome": outcome, "score": score, "second-score": secondScore, "call": call, "threshold": threshold,
                "probability": probability, "bins": bins, "proportion": proportion,
            ])
    }
}
