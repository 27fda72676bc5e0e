// How the API writes JSON: sorted keys, so that equal values are equal bytes; UTC dates with milliseconds; never NaN.
import Foundation

enum JSON {
    static let mediaType = "application/json"

    /// - Throws: `EncodingError` for a number that is not finite.
    static func bytes(of value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(timestamp(date))
        }
        return try [UInt8](encoder.encode(value))
    }

    static func bytes(of value: some Encodable, orElse fallback: [UInt8]) -> [UInt8] {
        (try? bytes(of: value)) ?? fallback
    }

    /// ISO 8601 in UTC with milliseconds, e.g. `2026-01-31T09:30:00.000Z`.
    ///
    /// Stored dates are whole milliseconds; the fifth of one on top keeps the style, which cuts digits off, from printing a
    /// binary fraction just below its millisecond as the one before.
    static func timestamp(_ date: Date) -> String {
        date.addingTimeInterval(0.0002).formatted(timestampStyle)
    }

    private static let timestampStyle = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
}
