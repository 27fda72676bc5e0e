// The log as programs read it: one JSON object a line.
import ArgumentParser
import Foundation
import Logging

/// How the lines of the log look.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// Writes each event to standard error as `{"at":…,"level":…,"message":…}` with its metadata beside these: `request`, `job`, `key`, …
struct JSONLogHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues(\.description)
        line["at"] = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        line["level"] = event.level.rawValue
        line["message"] = event.message.description
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts always encode; one write keeps lines of several threads apart.
        guard let bytes = try? encoder.encode(line) + [0x0A] else { return }
        try? FileHandle.standardError.write(contentsOf: bytes)
    }
}
