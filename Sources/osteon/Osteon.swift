// The command: its subcommands and nothing else.
import ArgumentParser
import Domain
import Foundation

@main struct Osteon: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "osteon",
        abstract: "Where will bone cement leak? A spine CT in, a leakage report out.",
        discussion: """
            Research use only - not a medical device.

            Try it without a patient:
              osteon phantom --demo --zip --output patient      a synthetic CT with a planted gap in the cortex
              osteon analyze patient/series.zip --output result --seed 0.3,3.5,36.5:L1
              osteon show result/report.json

            Or as a service:
              osteon serve --data ./data
              curl --data-binary @patient/series.zip \\
                'http://127.0.0.1:8080/v1/studies?analysis=digital-biopsy&seed=0.3,3.5,36.5:L1'
            """,
        version: SoftwareVersion.current,
        subcommands: [
            Serve.self, DIMSECommand.self, Analyze.self, SegmentCommand.self, RadiomicsCommand.self, AuditCommand.self,
            ModelsCommand.self, KeysCommand.self, TrailCommand.self, BackupCommand.self, RestoreCommand.self,
            RetentionCommand.self, ReidentifyCommand.self,
            MakePhantom.self, Show.self,
        ])

    static func main() {
        do {
            let given = Array(CommandLine.arguments.dropFirst())
            main(try ServeSettings.completed(given, ProcessInfo.processInfo.environment))
        } catch {
            exit(withError: error)
        }
    }
}
