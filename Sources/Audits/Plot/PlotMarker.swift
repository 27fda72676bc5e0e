// Marks for points: told apart by shape, not by colour.

/// The outline of a marker, as a piece of an SVG path.
enum PlotMarker: CaseIterable {
    case circle, triangle, square, diamond, plus, cross

    /// Markers are repeated where there are more series.
    init(series: Int) { self = Self.allCases[series % Self.allCases.count] }

    func path(_ x: Double, _ y: Double, _ r: Double = 3.2) -> String {
        func at(_ dx: Double, _ dy: Double) -> String { "\(Pixel.text(x + dx * r)) \(Pixel.text(y + dy * r))" }
        let size = Pixel.text(r)
        return switch self {
        case .circle:
            "M\(at(-1, 0))a\(size) \(size) 0 1 0 \(Pixel.text(2 * r)) 0a\(size) \(size) 0 1 0 -\(Pixel.text(2 * r)) 0z"
        case .triangle: "M\(at(0, -1.15))L\(at(1.05, 0.85))L\(at(-1.05, 0.85))z"
        case .square: "M\(at(-0.9, -0.9))h\(Pixel.text(1.8 * r))v\(Pixel.text(1.8 * r))h-\(Pixel.text(1.8 * r))z"
        case .diamond: "M\(at(0, -1.25))L\(at(1.25, 0))L\(at(0, 1.25))L\(at(-1.25, 0))z"
        case .plus: "M\(at(-1.2, 0))h\(Pixel.text(2.4 * r))M\(at(0, -1.2))v\(Pixel.text(2.4 * r))"
        case .cross: "M\(at(-1, -1))L\(at(1, 1))M\(at(1, -1))L\(at(-1, 1))"
        }
    }
}
