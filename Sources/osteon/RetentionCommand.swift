// `osteon retention`: what a policy would delete now.
import ArgumentParser
import Foundation
import Store

struct RetentionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retention", abstract: "List what a policy would delete now; nothing is deleted.",
        discussion: """
            The server itself deletes, once an hour, with the same options. What a job, a delivery or a series that still arrives needs is never
            listed, however old.

              osteon retention --data /var/lib/osteon --keep-studies 90d --keep-pushed 7d
            """)

    @Option(help: ArgumentHelp("Data folder of the server.", valueName: "folder"))
    var data = "osteon-data"

    @OptionGroup var retention: RetentionOptions

    func run() throws {
        try CommandFailure.requireFile(data + "/osteon.sqlite")
        try CommandFailure.explaining {
            let store = try RetentionStore(folder: URL(fileURLWithPath: data, isDirectory: true))
            let expired = try store.expired(retention.policy)
            for thing in expired {
                let name = thing.subject ?? "\(thing.count) notices and deliveries"
                print("\(thing.kind.rawValue)\t\(name)\t\(thing.since)")
            }
            let count = expired.reduce(0) { $0 + $1.count }
            FileHandle.standardError.write(Data("\(count) would be deleted.\n".utf8))
        }
    }
}

/// How long things are kept.
struct RetentionOptions: ParsableArguments {
    @Option(help: "Delete studies with all results when they are as old, since upload or the last job's end, e.g. 90d.")
    var keepStudies: Timespan?

    @Option(help: "Delete jobs with their results as long after they ended.")
    var keepResults: Timespan?

    @Option(help: "Delete the objects of a pushed study as long after the last of them came.")
    var keepPushed: Timespan?

    @Option(help: "Delete notices and deliveries as long after they ended.")
    var keepNotices = Timespan.month

    var policy: RetentionPolicy {
        RetentionPolicy(
            studies: keepStudies?.seconds, results: keepResults?.seconds, pushed: keepPushed?.seconds,
            notices: keepNotices.seconds)
    }
}
