// Points in time as the database holds them.
import Foundation

/// ISO 8601, UTC, milliseconds: `2026-01-31T08:05:09.123Z`. Fixed width, so text order is time order.
enum Timestamp {
    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// The text of `date`, rounded to the millisecond. The fifth of a millisecond on top keeps the style, which cuts
    /// digits off, from printing a binary fraction just below its millisecond as the one before.
    static func text(_ date: Date) -> String {
        style.format(rounded(date).addingTimeInterval(0.0002))
    }

    /// The date of a text that `text(_:)` wrote; nil for any other.
    static func date(_ text: String) -> Date? {
        (try? style.parse(text)).map(rounded)
    }

    /// `date` to the millisecond, as reading it back from the database gives it.
    static func rounded(_ date: Date) -> Date {
        Date(timeIntervalSince1970: (date.timeIntervalSince1970 * 1000).rounded() / 1000)
    }
}
