// `osteon audit reliability`: how well raters, operators and repeats go together.
import ArgumentParser
import Audits

struct AuditReliability: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reliability",
        abstract: "How well raters, operators and repeats go together.",
        discussion: """
            The table has a row for each subject and a column for each rater:

              subject,AB,CD,EF
              1,24.1,24.6,23.8
              2,19.7,19.9,20.3

              osteon audit reliability ratings.csv --unit mm

            or a row for each reading, with columns subject, rater and value; several rows of one subject and rater are repeats, which
            add repeatability and a gauge study. Text instead of numbers is taken as categories (kappa); list them in their order for
            weighted kappa:

              osteon audit reliability grades.csv --categories none,mild,moderate,severe
            """)

    @OptionGroup var table: AuditTableOptions

    @Option(help: ArgumentHelp("The column that names the subject.", valueName: "column"))
    var subject: String?

    @Option(help: ArgumentHelp("The column that names the rater.", valueName: "column"))
    var rater: String?

    @Option(help: ArgumentHelp("The column of readings.", valueName: "column"))
    var value: String?

    @Option(help: ArgumentHelp("The columns of the raters, with commas between.", valueName: "columns"))
    var raters: String?

    @Option(help: ArgumentHelp("The categories in their order, with commas between.", valueName: "names"))
    var categories: String?

    func run() throws {
        try table.audit(
            .reliability,
            options: [
                "subject": subject, "rater": rater, "value": value, "raters": raters, "categories": categories,
            ])
    }
}
