// Numbers as a person reads them.
import Foundation

/// Numbers in readings, plots and terminal tables.
package enum Figure {
    /// Four significant digits, no exponent for everyday sizes.
    package static func text(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        let size = abs(value)
        guard size >= 1e-4, size < 1e7 else { return String(format: "%.3g", value) }
        let digits = max(0, 3 - Int(log10(size).rounded(.down)))
        return trimmed(String(format: "%.\(digits)f", value))
    }

    /// With so many decimals, zeros included: for numbers that stand together.
    package static func text(_ value: Double, decimals: Int) -> String {
        let text = String(format: "%.\(decimals)f", value)
        // -0.0 reads as a mistake.
        return text.hasPrefix("-") && !text.contains(where: { ("1"..."9").contains($0) })
            ? String(text.dropFirst()) : text
    }

    /// Decimals that show a hundredth of a spread: finer is chance.
    package static func decimals(spread: Double) -> Int? {
        guard spread.isFinite, spread > 1e-6, spread < 1e9 else { return nil }
        return max(0, 2 - Int(log10(spread).rounded(.down)))
    }

    package static func p(_ p: Double) -> String { p < 0.001 ? "< 0.001" : String(format: "%.3f", p) }

    package static func percent(_ fraction: Double) -> String { trimmed(String(format: "%.2f", fraction * 100)) + " %" }

    /// The value with its unit.
    package static func text(_ value: Double, unit: String?) -> String {
        text(value) + (unit.map { " \($0)" } ?? "")
    }

    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text[...]
        while text.last == "0" { text = text.dropLast() }
        return String(text.last == "." ? text.dropLast() : text)
    }
}
