// A piece of text in a plot, and the room it takes.
import Foundation

/// Text with its place in pixels.
struct PlotText: Equatable {
    enum Anchor: String { case start, middle, end }

    var text: String
    var x: Double
    /// The baseline; for text that reads upwards, its centre along y.
    var y: Double
    var size = 13.0
    var anchor = Anchor.start
    var isBold = false
    var readsUpwards = false

    /// Room for a character, in sizes: wider than most of a sans-serif face's, so that boxes are never too small (our choice).
    private static let advance = 0.58

    static func width(_ text: String, size: Double) -> Double { Double(text.count) * advance * size }

    /// The longest beginning of the text that fits, with an ellipsis where something is cut off.
    static func fitted(_ text: String, size: Double, width: Double) -> String {
        let room = Int(width / (advance * size))
        return text.count <= room ? text : text.prefix(max(1, room - 1)).trimmingCharacters(in: .whitespaces) + "…"
    }

    /// Left, top, right and bottom.
    var box: (left: Double, top: Double, right: Double, bottom: Double) {
        let width = Self.width(text, size: size)
        let shift =
            switch anchor {
            case .start: 0.0
            case .middle: -width / 2
            case .end: -width
            }
        if readsUpwards { return (x - 0.8 * size, y - width / 2, x + 0.25 * size, y + width / 2) }
        return (x + shift, y - 0.8 * size, x + shift + width, y + 0.25 * size)
    }

    func overlaps(_ other: PlotText) -> Bool {
        let (a, b) = (box, other.box)
        return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
    }

    var svg: String {
        let turn = readsUpwards ? " transform=\"rotate(-90 \(Pixel.text(x)) \(Pixel.text(y)))\"" : ""
        let weight = isBold ? " font-weight=\"bold\"" : ""
        let place = "x=\"\(Pixel.text(x))\" y=\"\(Pixel.text(y))\""
        return "<text \(place) font-size=\"\(Pixel.text(size))\" text-anchor=\"\(anchor.rawValue)\"\(weight)\(turn)>"
            + "\(XMLText.escaped(text))</text>"
    }
}

/// Coordinates as SVG writes them, to a tenth of a pixel.
enum Pixel {
    static func text(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }
}

/// Text inside XML 1.0.
enum XMLText {
    /// Escapes what has a meaning, and leaves out control characters, which XML cannot hold.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: break
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
