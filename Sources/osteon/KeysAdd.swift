// `osteon keys add`: a new key.
import ArgumentParser
import Domain
import Foundation
import Store

struct KeysAdd: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Make a key and print its secret, once.")

    @OptionGroup var keys: KeysOption

    @Option(help: "Name of the key: letters, digits, '.', '-' and '_'. Of 'Basic' it is the user.")
    var name: String

    @Option(help: "What it may do; repeat for several: upload, read, audit, admin.")
    var scope: [AccessScope]

    @Option(help: "Whose the things are that are made with it; by default the key's own name.")
    var owner: String?

    @Option(help: "How long it is valid, e.g. 90d, 12h; by default for ever.")
    var expires: Timespan?

    // Our choice: a PACS that pushes image by image, and a few people with a viewer, stay below.
    @Option(help: "Requests per second; 0 is any number.")
    var rate = 200

    @Option(help: "Requests at once; 0 is any number.")
    var concurrency = 64

    func validate() throws {
        for (option, text) in [("--name", name), ("--owner", owner ?? name)] {
            guard text.wholeMatch(of: /[A-Za-z0-9._\-]{1,64}/) != nil else {
                throw ValidationError("\(option) must be 1 to 64 letters, digits, '.', '-' or '_'.")
            }
        }
        guard !scope.isEmpty else { throw ValidationError("Give at least one --scope.") }
        guard (0...1_000_000).contains(rate), (0...1_000_000).contains(concurrency) else {
            throw ValidationError("--rate and --concurrency must be from 0 to 1000000.")
        }
    }

    func run() throws {
        try CommandFailure.explaining {
            let draft = KeyDraft(
                name: name, owner: owner, scopes: AccessScope.allCases.filter(scope.contains),
                expiresAt: expires.map { Date(timeIntervalSinceNow: $0.seconds) }, requestsPerSecond: rate,
                requestsAtOnce: concurrency)
            let secret = try keys.store().add(draft)
            try keys.note(
                "keys add",
                ["key": name, "owner": draft.owner, "scopes": draft.scopes.map(\.rawValue).joined(separator: " ")])
            SecretText.show(secret, of: name)
        }
    }
}
