// `osteon audit study`: an operator-variability study, and the table to fill in for one.
import ArgumentParser
import Audits
import Foundation

struct AuditStudyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "study",
        abstract: "How operators differ: time, reliability, agreement with the truth.",
        discussion: """
            The table has a row for each reading, with the columns group, operator, repeat, case, method, value, and, where they are known,
            seconds and truth. Operators of groups with different experience read cases, or one phantom of known truth, several times by
            one or more methods. The design is that of Ohashi et al., Bioengineering 2025;12:1004.

              osteon audit study --template --groups trained,resident,student --methods manual,automatic > study.csv
              osteon audit study study.csv --json study.json --svg plots
            """)

    @Argument(help: ArgumentHelp("The filled-in table: .csv.", valueName: "table"))
    var table: String?

    @Flag(help: "Print a table to be filled in and stop.")
    var template = false

    @Option(help: ArgumentHelp("Groups of the template.", valueName: "a,b,c"))
    var groups = "trained,resident,student"

    @Option(help: "Operators in each group of the template.")
    var operators = 7

    @Option(help: "Repeats of each operator and case in the template.")
    var repeats = 4

    @Option(help: "Cases in the template; 1 for one phantom.")
    var cases = 1

    @Option(help: ArgumentHelp("Methods of the template.", valueName: "a,b"))
    var methods = "manual,automatic"

    @Option(help: ArgumentHelp("Where the whole report goes.", valueName: "file"))
    var json: String?

    @Option(
        help: ArgumentHelp(
            "Folder for a plot of each method against the truth; made if it is not there.", valueName: "folder"))
    var svg: String?

    func validate() throws {
        guard template != (table != nil) else { throw ValidationError("Give a table, or --template.") }
        guard [operators, repeats, cases].allSatisfy({ (1...1000).contains($0) }) else {
            throw ValidationError("--operators, --repeats and --cases must be 1 to 1000.")
        }
    }

    func run() throws {
        func names(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }
        guard let table else {
            print(
                OperatorStudyReport.template(
                    groups: names(groups), operators: operators, repeats: repeats, cases: cases,
                    methods: names(methods)), terminator: "")
            return
        }
        try CommandFailure.requireFile(table)
        try CommandFailure.explaining {
            let report = try OperatorStudyReport(
                csv: Data(contentsOf: URL(fileURLWithPath: table), options: .alwaysMapped))
            if let json { try report.json().write(to: URL(fileURLWithPath: json)) }
            if let svg { try writePlots(of: report, in: URL(fileURLWithPath: svg, isDirectory: true)) }
            print(OperatorStudyText(report).text)
        }
    }

    private func writePlots(of report: OperatorStudyReport, in folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (index, method) in report.methods.enumerated() {
            guard let truth = method.truth else { continue }
            try Data(truth.plotSVG().utf8).write(to: folder.appendingPathComponent("method-\(index + 1).svg"))
        }
    }
}
