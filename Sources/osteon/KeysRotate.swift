// `osteon keys rotate`: another secret for the same key.
import ArgumentParser
import Store

struct KeysRotate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate", abstract: "Give a key a new secret and print it, once.")

    @OptionGroup var keys: KeysOption

    @Option(help: "Name of the key.")
    var name: String

    @Option(help: "How long the earlier secrets stay valid, e.g. 7d; 0s ends them now.")
    var overlap = Timespan.day

    func run() throws {
        try CommandFailure.explaining {
            let secret = try keys.store().rotate(name, overlapSeconds: overlap.seconds)
            try keys.note("keys rotate", ["key": name])
            SecretText.show(secret, of: name)
        }
    }
}
