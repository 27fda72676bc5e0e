// `osteon keys revoke`: ends a key.
import ArgumentParser
import Store

struct KeysRevoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a key at once and for good; what was made with it stays.")

    @OptionGroup var keys: KeysOption

    @Option(help: "Name of the key.")
    var name: String

    func run() throws {
        try CommandFailure.explaining {
            try keys.store().revoke(name)
            try keys.note("keys revoke", ["key": name])
            print("Revoked '\(name)'. A running server refuses it within a second.")
        }
    }
}
