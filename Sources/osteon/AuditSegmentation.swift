// `osteon audit segmentation`: overlap and distances over cases.
import ArgumentParser
import Audits

struct AuditSegmentation: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "segmentation",
        abstract: "How well segmentations agree, from figures measured case by case.",
        discussion: """
            The table has a row for each case and a column for each figure: dice, jaccard, surface dice (0 to 1), hd, hd95, assd (mm).

              case,level,dice,hd95
              1,L1,0.94,1.6
              1,L2,0.91,2.4

              osteon audit segmentation cases.csv --by level --target 0.9
            """)

    @OptionGroup var table: AuditTableOptions

    @Option(help: ArgumentHelp("The column that names the case.", valueName: "column"))
    var subject: String?

    @Option(
        help: ArgumentHelp("The overlap that a case should reach: gives the share that does.", valueName: "overlap"))
    var target: String?

    @Option(help: ArgumentHelp("Intervals of proportions: wilson or clopper-pearson.", valueName: "method"))
    var proportion: String?

    func run() throws {
        try table.audit(
            .segmentation, options: ["subject": subject, "target": target, "proportion": proportion])
    }
}
