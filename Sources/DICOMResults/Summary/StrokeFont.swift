// The letters of summary pages, drawn as strokes for this purpose.

/// A font of lines. A glyph is a list of strokes, a stroke a list of points of two hexadecimal digits, x to the right and y up: the baseline is
/// y 4, small letters reach to b, capitals to f, descenders to 0. A stroke that begins with `~` is bent: its points pull the line
/// towards them, as the control points of a quadratic B-spline do, and it begins and ends in the first and last one.
struct StrokeFont {
    typealias Line = [SIMD2<Double>]

    private struct Glyph: Sendable {
        let lines: [Line]
        let width: Double
    }

    private static let baseline = 4.0
    private static let capHeight = 11.0
    /// Between two glyphs, in the font's units.
    private static let gap = 3.2
    private static let space = 4.5

    /// The height of a capital letter, pixels.
    let capHeight: Double
    var isBold = false

    private var scale: Double { capHeight / Self.capHeight }
    /// How thick lines are, pixels.
    var weight: Double { capHeight * (isBold ? 0.19 : 0.115) }
    /// From one baseline to the next, pixels.
    var lineHeight: Double { (capHeight * 1.9).rounded() }

    /// How wide a text is, pixels.
    func width(of text: String) -> Double {
        text.reduce(0) { $0 + advance($1) } * scale
    }

    /// The strokes of a text whose baseline begins at a place.
    func lines(of text: String, at place: SIMD2<Double>) -> [[Line]] {
        var x = place.x
        return text.map { character in
            defer { x += advance(character) * scale }
            return Self.glyph(character).lines.map { line in
                line.map { SIMD2(x + $0.x * scale, place.y - ($0.y - Self.baseline) * scale) }
            }
        }
    }

    /// The text cut to a width, with dots where something is missing.
    func fitted(_ text: String, width: Double) -> String {
        guard self.width(of: text) > width else { return text }
        var cut = text
        while !cut.isEmpty, self.width(of: cut + "...") > width { cut.removeLast() }
        return cut + "..."
    }

    /// The text in lines of at most a width, broken between words.
    func wrapped(_ text: String, width: Double) -> [String] {
        var lines: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            if let last = lines.last, self.width(of: last + " " + word) <= width {
                lines[lines.count - 1] = last + " " + word
            } else {
                lines.append(fitted(String(word), width: width))
            }
        }
        return lines
    }

    private func advance(_ character: Character) -> Double {
        character.isWhitespace ? Self.space : Self.glyph(character).width + Self.gap + (isBold ? 0.8 : 0)
    }

    private static func glyph(_ character: Character) -> Glyph {
        if character.isWhitespace { return Glyph(lines: [], width: space) }
        return glyphs[replacements[character] ?? character] ?? missing
    }

    private static let replacements: [Character: Character] = [
        "–": "-", "—": "-", "−": "-", "’": "'", "‘": "'", "“": "\"", "”": "\"",
    ]
    private static let missing = Glyph(lines: [line("040f6f6404")], width: 6)

    private static let glyphs: [Character: Glyph] = strokes.mapValues { text in
        let lines = text.split(separator: " ").map { line(String($0)) }
        return Glyph(lines: lines, width: lines.joined().map(\.x).max() ?? 0)
    }

    private static func line(_ text: String) -> Line {
        let digits = text.drop { $0 == "~" }.compactMap(\.hexDigitValue).map(Double.init)
        let points = stride(from: 0, to: digits.count - 1, by: 2).map { SIMD2(digits[$0], digits[$0 + 1]) }
        return text.hasPrefix("~") ? bent(points) : points
    }

    /// The B-spline by cutting corners (Chaikin 1974), three times.
    private static func bent(_ points: Line) -> Line {
        var line = points
        let isClosed = points.first == points.last
        for _ in 0..<3 {
            var cut: Line = []
            for (start, end) in zip(line, line.dropFirst()) {
                let quarter = (end - start) / 4
                cut += [start + quarter, end - quarter]
            }
            line = isClosed ? cut + cut.prefix(1) : line.prefix(1) + cut.dropFirst().dropLast() + line.suffix(1)
        }
        return line
    }

    private static let strokes: [Character: String] = [
        "A": "044f84 1878", "B": "040f ~0f7f7a0a ~0a8a8404", "C": "~8c8f0f048487", "D": "040f ~0f8f8404",
        "E": "7f0f0474 0a6a",
        "F": "7f0f04 0a6a", "G": "~8c8f0f048489 8959", "H": "040f 848f 0a8a", "I": "040f", "J": "~6f640407",
        "K": "040f 7f08 3b84",
        "L": "0f0474", "M": "040f57afa4", "N": "040f848f", "O": "~0f8f84040f", "P": "040f ~0f8f8909",
        "Q": "~0f8f84040f 5793",
        "R": "040f ~0f8f8909 4984", "S": "~8c8f0f0a89840407", "T": "0f8f 4f44", "U": "~0f04848f", "V": "0f448f",
        "W": "0f345c74af",
        "X": "0f84 048f", "Y": "0f498f 4944", "Z": "0f8f0484",
        "0": "~0f7f74040f", "1": "0c3f34", "2": "~0c0f7f7a04 0474", "3": "~0d0f7f7a3a ~3a7a740406", "4": "545f0787",
        "5": "6f1f0a ~0a2b7c740406", "6": "~6f0f07 ~0b7b74040b", "7": "0f7f24", "8": "~1f6f6a1a1f ~0a7a74040a",
        "9": "~0f7f78080f ~7c7414",
        "a": "~0b6b64040b 6b64", "b": "0f04 ~0b6b64040b", "c": "~6a6b0b046465", "d": "6f64 ~0b6b64040b",
        "e": "0868 ~686b0b046465",
        "f": "~4f1f1b 1b14 0b4b", "g": "~0b6b64040b ~6b64600001", "h": "0f04 ~080b6b64", "i": "0b04 0e0e",
        "j": "2b22 ~222000 2e2e",
        "k": "0f04 5b07 2964", "l": "0f04", "m": "0b04 ~080b5b54 ~585baba4", "n": "0b04 ~080b6b64", "o": "~0b6b64040b",
        "p": "0b00 ~0b6b64040b", "q": "6b60 ~0b6b64040b", "r": "0b04 ~080b4b", "s": "~5a5b0b0857540405",
        "t": "~1e1444 0b4b",
        "u": "~0b046467 6b64", "v": "0b346b", "w": "0b245a84ab", "x": "0b64 046b", "y": "0b34 6b10", "z": "0b6b0464",
        ".": "0404", ",": "1402", ":": "0404 0a0a", ";": "1a1a 1402", "-": "0848", "_": "0272", "/": "035f",
        "\\": "0f53",
        "(": "~3f0f0232", ")": "~0f3f3202", "[": "3f0f0232", "]": "0f3f3202", "%": "049f ~0f3f3b0b0f ~6898946468",
        "+": "0888 4c44",
        "=": "0a7a 0676", "<": "7c0874", ">": "0c7804", "*": "4e48 1d69 196d", "'": "0f0c", "\"": "0f0c 3f3c",
        "!": "0f08 0404",
        "?": "~0c0f7f7a38 3837 3434", "&": "842c ~2c2f6f6c08 ~0804648a", "#": "142f 546f 0878 0b7b", "~": "~073b477b",
        "°": "~0f4f4b0b0f", "±": "0989 4d45 0484", "|": "0f02", "@": "~6b2b25656b ~6b65858f0f020272",
        "$": "~6c6e0e0a69640406 3f32",
        "{": "~4f1f2908 ~08271242", "}": "~0f3f2948 ~48273202", "^": "0b3f6b", "`": "0f1d",
    ]
}
