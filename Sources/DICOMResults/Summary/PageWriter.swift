// A page that is written from top to bottom and grows as it fills.

/// A canvas with a place to go on at.
struct PageWriter {
    /// All lengths are pixels, and our choice: a page is as wide as the screens that it is read on show at once.
    static let width = 1320
    static let margin = 40
    static let ink = PageCanvas.Colour(28, 32, 44)
    static let faint = PageCanvas.Colour(110, 118, 134)
    static let warning = PageCanvas.Colour(176, 28, 28)
    static let shadedRow = PageCanvas.Colour(240, 243, 248)

    static let small = StrokeFont(capHeight: 12)
    static let plain = StrokeFont(capHeight: 14)
    static let bold = StrokeFont(capHeight: 14, isBold: true)
    static let heading = StrokeFont(capHeight: 18, isBold: true)
    static let title = StrokeFont(capHeight: 24, isBold: true)

    private(set) var canvas = PageCanvas(width: width, height: 1)
    /// Where the next line begins.
    private(set) var y = 0

    /// The width between the margins.
    static var measure: Int { width - 2 * margin }

    /// Goes down; the page grows with it.
    mutating func advance(_ height: Int) {
        y += height
        canvas.extend(to: y)
    }

    /// A coloured bar over the whole width with a text in its middle.
    mutating func bar(_ text: String, _ colour: PageCanvas.Colour) {
        let height = 56
        canvas.extend(to: y + height)
        canvas.fill(x: 0, y: y, width: Self.width, height: height, colour)
        let font = Self.title
        let x = (Double(Self.width) - font.width(of: text)) / 2
        put(text, x: x, baseline: Double(y) + (Double(height) + font.capHeight) / 2, font, [255, 255, 255])
        advance(height)
    }

    /// A heading with room above it.
    mutating func heading(_ text: String) {
        advance(26)
        paragraph(text, Self.heading)
        advance(4)
    }

    /// Text between the margins, in as many lines as it needs.
    mutating func paragraph(
        _ text: String, _ font: StrokeFont = plain, _ colour: PageCanvas.Colour = ink
    ) {
        for line in font.wrapped(text, width: Double(Self.measure)) {
            let baseline = Double(y) + font.lineHeight * 0.75
            advance(Int(font.lineHeight))
            put(line, x: Double(Self.margin), baseline: baseline, font, colour)
        }
    }

    /// A row of cells, each cut to its column, the last of them to the right margin.
    /// - Parameter columns: where each begins, from the left margin.
    mutating func row(
        _ cells: [String], columns: [Int], _ font: StrokeFont, isShaded: Bool = false, _ colour: PageCanvas.Colour = ink
    ) {
        let height = 32
        let top = y
        advance(height)
        if isShaded {
            canvas.fill(x: Self.margin - 8, y: top, width: Self.measure + 16, height: height, Self.shadedRow)
        }
        for (cell, column) in zip(cells, columns.indices) {
            let end = column + 1 < cells.count ? columns[column + 1] - 10 : Self.measure
            put(
                font.fitted(cell, width: Double(end - columns[column])), x: Double(Self.margin + columns[column]),
                baseline: Double(top) + (Double(height) + font.capHeight) / 2, font, colour)
        }
    }

    /// A text at a place of the page as it is.
    mutating func put(
        _ text: String, x: Double, baseline: Double, _ font: StrokeFont, _ colour: PageCanvas.Colour = ink
    ) {
        for glyph in font.lines(of: text, at: [x, baseline]) {
            canvas.stroke(glyph, width: font.weight, colour)
        }
    }

    /// Colours a square by a rule, as `PageCanvas.shade`.
    mutating func shade(x: Int, y: Int, side: Int, _ rule: (SIMD2<Double>) -> PageCanvas.Colour?) {
        canvas.extend(to: y + side)
        canvas.shade(x: x, y: y, width: side, height: side, rule)
    }
}
