// `osteon keys list`: which keys there are, and were.
import ArgumentParser
import Domain
import Foundation
import Store

struct KeysList: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Name each key with its scopes, owner and end; never a secret.")

    @OptionGroup var keys: KeysOption

    @Flag(help: "Write JSON.")
    var json = false

    func run() throws {
        try CommandFailure.explaining {
            let store = try keys.store()
            let snapshot = try store.snapshot()
            let rows = snapshot.keys.values.sorted { $0.name < $1.name }.map { key in
                Row(key, secrets: snapshot.secrets.values.filter { $0.keyName == key.name }, now: store.now)
            }
            if json { return try ModelsCommand.printJSON(rows) }
            if rows.isEmpty { print("No key was made yet: the service is open, and listens on loopback alone.") }
            for row in rows { print(row.text) }
        }
    }

    private struct Row: Encodable {
        let name: String
        let state: String
        let scopes: [String]
        let owner: String
        let createdAt: String
        let expiresAt: String?
        /// How many secrets are valid now: two while the key is being rotated.
        let secrets: Int
        let requestsPerSecond: Int
        let requestsAtOnce: Int

        init(_ key: ServiceKey, secrets: [StoredSecret], now: Date) {
            name = key.name
            state = key.revokedAt != nil ? "revoked" : key.isExpired(at: now) ? "expired" : "valid"
            scopes = key.scopes.map(\.rawValue)
            owner = key.owner
            createdAt = key.createdAt.formatted(.iso8601)
            expiresAt = key.expiresAt.map { $0.formatted(.iso8601) }
            self.secrets = state == "valid" ? secrets.filter { $0.validUntil.map { $0 > now } ?? true }.count : 0
            requestsPerSecond = key.requestsPerSecond
            requestsAtOnce = key.requestsAtOnce
        }

        var text: String {
            let end = expiresAt.map { "until \($0)" } ?? "without end"
            let rotating = secrets > 1 ? ", \(secrets) secrets valid" : ""
            return "\(name)  \(state)  \(scopes.joined(separator: ","))  owner \(owner)  \(end)\(rotating)"
        }
    }
}
