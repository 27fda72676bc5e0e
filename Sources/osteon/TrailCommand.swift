// `osteon trail`: the access trail checked, and taken elsewhere.
import ArgumentParser
import Foundation
import Store

struct TrailCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trail",
        abstract: "Verify, note and export the trail of every access.",
        discussion: """
            Every request is a row of DATA/trail.sqlite, tied to the row before by its SHA-256. A row that was changed, put in or taken out
            shows in the chain. Rows cut off at the end, and a trail written anew from some row on, show only against a head that was noted
            outside the machine: note it, for instance once a day.

              osteon trail head                              NUMBER:SHA256 of the last row
              osteon trail verify --head 512:9f86d0…         the chain, and that row 512 is still what it was; status 1 where not
              osteon trail export > trail.ndjson             every row, one JSON object a line

            The rows themselves are also GET /v1/access-log, for keys with the scope audit.
            """,
        subcommands: [TrailVerify.self, TrailHeadCommand.self, TrailExport.self], defaultSubcommand: TrailVerify.self)
}

/// The data folder whose trail is meant.
struct TrailOption: ParsableArguments {
    @Option(help: ArgumentHelp("Data folder of the server.", valueName: "folder"))
    var data = "osteon-data"

    func store() throws -> TrailStore {
        try CommandFailure.requireFile(data + "/trail.sqlite")
        return try TrailStore(folder: URL(fileURLWithPath: data, isDirectory: true))
    }
}

extension TrailHead: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
