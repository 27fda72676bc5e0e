// `osteon keys`: who may use the service.
import ArgumentParser
import Domain
import Foundation
import Store

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, list, rotate and revoke the API keys of a data folder.",
        discussion: """
            While no key was ever made the service lets everybody in, but listens on loopback alone. From the first key on every request needs
            one, but for /healthz, /readyz and /openapi.yaml. A running server sees changes within a second.

              osteon keys add --name pacs --scope upload --scope read --expires 365d
              curl -H "Authorization: Bearer $SECRET" http://127.0.0.1:8080/v1/studies
              curl -u "pacs:$SECRET" http://127.0.0.1:8080/dicom-web/studies       as PACS send it
              osteon keys rotate --name pacs --overlap 7d                          a new secret; the old one for a week
              osteon keys revoke --name pacs

            Scopes: upload (put in, start, cancel, delete), read (see), audit (see the access trail), admin (everything, of every owner).
            What is made with a key belongs to its owner, and a key sees its owner's things: keys that shall see each other's are given
            the same --owner. Run these commands as the user that the server runs as.
            """,
        subcommands: [KeysAdd.self, KeysList.self, KeysRotate.self, KeysRevoke.self, KeysAdopt.self],
        defaultSubcommand: KeysList.self)
}

/// The data folder whose keys are meant.
struct KeysOption: ParsableArguments {
    @Option(help: ArgumentHelp("Data folder of the server; made if it is not there.", valueName: "folder"))
    var data = "osteon-data"

    private var folder: URL { URL(fileURLWithPath: data, isDirectory: true) }

    func store() throws -> KeyStore { try KeyStore(folder: folder) }

    /// Writes into the access trail what a command did to keys.
    func note(_ words: String, _ named: [String: String]) throws {
        try TrailStore(folder: folder).append(.command(words, named: named), isDurable: true)
    }
}

/// A stretch of time as people write it: `90d`, `12h`, `30m`, `45s`.
struct Timespan: ExpressibleByArgument {
    let seconds: Double

    static let day = Timespan(seconds: 86400)
    static let month = Timespan(seconds: 30 * 86400)

    var defaultValueDescription: String { "\(Int(seconds / 3600))h" }

    private init(seconds: Double) { self.seconds = seconds }

    init?(argument: String) {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = Int(argument.dropLast()), count >= 0,
            count <= 100_000
        else { return nil }
        seconds = Double(count) * unit
    }
}

extension AccessScope: ExpressibleByArgument {}

/// Says how a new secret is used; the secret itself is the only line on standard output.
enum SecretText {
    static func show(_ secret: ServiceSecret, of name: String) {
        let hint = """
            The secret of '\(name)' is shown this once; only its hash is kept.
            Bearer: Authorization: Bearer SECRET    Basic: user '\(name)', password SECRET

            """
        FileHandle.standardError.write(Data(hint.utf8))
        print(secret.text)
    }
}
