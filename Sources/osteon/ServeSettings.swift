// Where the settings of `osteon serve` come from besides the command line: the environment, then a file.
import Foundation
import Yams

/// Every option but `--help` and `--config` may also stand in the environment (`--max-upload-mb` as OSTEON_MAX_UPLOAD_MB, several values
/// parted by commas) or in the YAML file that `--config` or OSTEON_CONFIG names (`max-upload-mb: 512`, several values as a list). The
/// command line goes before the environment, and that before the file.
enum ServeSettings {
    static let names = [
        "host", "port", "tls-certificate", "tls-key", "tls-client-ca", "connections", "data", "models", "workers",
        "queue-limit", "max-upload-mb", "rules", "quiet-seconds", "public-url", "cors-origin", "deliver-to",
        "deliver-result", "deliver-authorization", "webhook", "webhook-secret", "pseudonymise", "keep-studies",
        "keep-results", "keep-pushed", "keep-notices", "job-deadline", "drain", "log-level", "log-format",
    ]

    /// The arguments of the program with what the other sources say behind `serve`; those of other commands as they are.
    /// - Throws: `CommandFailure` for a file that cannot be read, or that names a setting which does not exist.
    static func completed(_ arguments: [String], _ environment: [String: String]) throws -> [String] {
        guard arguments.first == "serve", !arguments.contains("--help"), !arguments.contains("-h") else {
            return arguments
        }
        let file = try value(of: "config", in: arguments) ?? environment[variable("config")]
        let written = try file.map(read) ?? [:]
        var added: [String] = []
        for name in names where !isGiven(name, in: arguments) {
            let set = environment[variable(name)].map { $0.split(separator: ",").map(String.init) }
            for value in set ?? written[name] ?? [] { added.append("--\(name)=\(value)") }
        }
        return ["serve"] + added + arguments.dropFirst()
    }

    private static func variable(_ name: String) -> String {
        "OSTEON_" + name.uppercased().replacing("-", with: "_")
    }

    private static func isGiven(_ name: String, in arguments: [String]) -> Bool {
        arguments.contains { $0 == "--" + name || $0.hasPrefix("--\(name)=") }
    }

    private static func value(of name: String, in arguments: [String]) throws -> String? {
        guard let index = arguments.lastIndex(where: { $0 == "--" + name || $0.hasPrefix("--\(name)=") }) else {
            return nil
        }
        if let equals = arguments[index].firstIndex(of: "=") {
            return String(arguments[index][arguments[index].index(after: equals)...])
        }
        // Without a value the parser says so.
        return index + 1 < arguments.count ? arguments[index + 1] : nil
    }

    private static func read(_ path: String) throws -> [String: [String]] {
        try CommandFailure.requireFile(path)
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw CommandFailure("'\(path)' is no text in UTF-8.")
        }
        let root: Node?
        do {
            root = try compose(yaml: text)
        } catch {
            throw CommandFailure("'\(path)' is no YAML: \(error)")
        }
        guard let root else { return [:] }
        guard let mapping = root.mapping else { throw CommandFailure("'\(path)' is no list of NAME: VALUE.") }
        var settings: [String: [String]] = [:]
        for (key, value) in mapping {
            guard let name = key.string, names.contains(name) else {
                throw CommandFailure(
                    "'\(path)' names '\(key.string ?? "?")', which is no setting. Those are: \(names.joined(separator: ", "))."
                )
            }
            let texts = value.sequence.map { $0.map(\.string) } ?? [value.string]
            guard !texts.contains(nil) else {
                throw CommandFailure("'\(path)': \(name) is no value or list of values.")
            }
            settings[name] = texts.compactMap(\.self)
        }
        return settings
    }
}
