// `osteon trail head`: what to note elsewhere.
import ArgumentParser
import Store

struct TrailHeadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "head", abstract: "Print number and hash of the last row, to be noted elsewhere.")

    @OptionGroup var trail: TrailOption

    func run() throws {
        try CommandFailure.explaining { print(try trail.store().head()) }
    }
}
