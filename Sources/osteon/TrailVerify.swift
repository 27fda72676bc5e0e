// `osteon trail verify`: whether anybody touched the trail.
import ArgumentParser
import Store

struct TrailVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every row against the one before; status 1 where something is wrong.")

    @OptionGroup var trail: TrailOption

    @Option(help: "A head that was noted before, as 'osteon trail head' printed it; repeat for several.")
    var head: [TrailHead] = []

    func run() throws {
        try CommandFailure.explaining {
            let (end, damage) = try trail.store().verify(noted: head)
            for damage in damage { print(damage.text) }
            print("\(end.number) rows end with \(end)")
            guard damage.isEmpty else { throw ExitCode.failure }
            let noted = head.isEmpty ? "Rows cut off at the end would not show: note this head elsewhere." : ""
            print("The chain is whole. \(noted)")
        }
    }
}
