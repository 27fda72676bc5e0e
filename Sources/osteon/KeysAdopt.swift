// `osteon keys adopt`: gives what was made before there were keys to an owner.
import ArgumentParser
import Store

struct KeysAdopt: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Give the studies that were made before there were keys to an owner; until then only admins see them."
    )

    @OptionGroup var keys: KeysOption

    @Option(help: "The owner, as 'osteon keys list' names it.")
    var owner: String

    func run() throws {
        try CommandFailure.explaining {
            let store = try keys.store()
            guard try store.snapshot().keys.values.contains(where: { $0.owner == owner }) else {
                throw CommandFailure("No key has the owner '\(owner)'; 'osteon keys list' names those that there are.")
            }
            let count = try store.adopt(owner: owner)
            try keys.note("keys adopt", ["owner": owner])
            print("\(count) studies belong to '\(owner)' now.")
        }
    }
}
