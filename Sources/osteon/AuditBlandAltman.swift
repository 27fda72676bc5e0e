// `osteon audit bland-altman`: limits of agreement of two methods.
import ArgumentParser
import Audits

struct AuditBlandAltman: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bland-altman",
        abstract: "How far two methods differ, or a method from known values.",
        discussion: """
            The table has a row for each pair. Say which columns hold the readings, or let the first two columns of numbers be taken:

              subject,rater,manual (mm),automatic (mm)
              1,AB,24.1,23.8
              1,CD,24.6,23.8
              2,AB,19.7,20.3

              osteon audit bland-altman heights.csv --first automatic --second manual --by rater --svg heights.svg

            Differences are first - second. A phantom with one known value needs one column: --first angle --reference 70; known values
            row by row are a column: --reference truth. Rows of one subject (a column subject, or --subject) count as repeats: --truth
            varying where the two readings of a row belong together, constant where each method just measured the same thing again.
            A column date, or --drift scanner, adds a control chart of the bias.
            """)

    @OptionGroup var table: AuditTableOptions

    @Option(help: ArgumentHelp("The column of the first method.", valueName: "column"))
    var first: String?

    @Option(help: ArgumentHelp("The column of the second method.", valueName: "column"))
    var second: String?

    @Option(help: ArgumentHelp("The known value, or the column of known values.", valueName: "value or column"))
    var reference: String?

    @Option(help: ArgumentHelp("The column that names the subject.", valueName: "column"))
    var subject: String?

    @Option(help: ArgumentHelp("difference, percent or log (ratios).", valueName: "form"))
    var form: String?

    @Option(help: ArgumentHelp("Of repeats: varying or constant.", valueName: "truth"))
    var truth: String?

    @Option(
        help: ArgumentHelp("The largest acceptable difference, in the unit of the differences.", valueName: "amount"))
    var acceptable: String?

    @Option(help: ArgumentHelp("The part of differences within the limits; 0.95 by default.", valueName: "fraction"))
    var coverage: String?

    @Option(help: ArgumentHelp("The column for the control chart of the bias.", valueName: "column"))
    var drift: String?

    func run() throws {
        try table.audit(
            .blandAltman,
            options: [
                "first": first, "second": second, "reference": reference, "subject": subject, "form": form,
                "truth": truth, "acceptable": acceptable, "coverage": coverage, "drift": drift,
            ])
    }
}
