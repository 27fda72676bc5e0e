// What a plot shows, apart from how it is drawn.

/// One plot: points, lines and labels in the units of the data.
package struct AuditPlot: Codable, Hashable, Sendable {
    /// A group of points with a marker of its own.
    package struct Series: Codable, Hashable, Sendable {
        package let name: String
        /// [x, y] of each.
        package let points: [[Double]]
    }

    /// How the points shown were chosen. Numbers are always from all.
    package struct Thinning: Codable, Hashable, Sendable {
        package let shown: Int
        package let total: Int
        package let rule: String
    }

    /// Counts of all points on a grid.
    package struct Density: Codable, Hashable, Sendable {
        package let xFrom: Double
        package let xStep: Double
        package let yFrom: Double
        package let yStep: Double
        package let columns: Int
        package let rows: Int
        /// Up to so many points a cell are drawn one by one.
        package let sparse: Int
        /// [column, row, count] of each cell that holds points.
        package let cells: [[Int]]
    }

    package enum Stroke: String, Codable, Sendable {
        case solid, dashed, dotted
        case dashDotted = "dash-dotted"
        case dashDoubleDotted = "dash-dot-dotted"

        /// The pattern in pixels.
        var dashes: String? {
            switch self {
            case .solid: nil
            case .dashed: "8 5"
            case .dotted: "2 4"
            case .dashDotted: "12 4 2 4"
            case .dashDoubleDotted: "7 3 1.5 3 1.5 3"
            }
        }
    }

    /// A horizontal line across the plot, with the band of its interval and a label at its end.
    package struct Level: Codable, Hashable, Sendable {
        package let name: String
        package let value: Double
        package let lower: Double?
        package let upper: Double?
        package let stroke: Stroke
        /// Lines of text beside its end; empty for none.
        package let labels: [String]
    }

    /// A line through points.
    package struct Curve: Codable, Hashable, Sendable {
        package let name: String
        package let points: [[Double]]
        package let stroke: Stroke
    }

    /// Points with a vertical interval each, such as a calibration curve's.
    package struct Whisker: Codable, Hashable, Sendable {
        package let x: Double
        package let y: Double
        package let lower: Double
        package let upper: Double
    }

    package var title: String
    /// What a reader who cannot see the plot should know.
    package var description: String
    package var xLabel: String
    package var yLabel: String
    /// Names along x at 0, 1, 2 …; empty for numbers.
    package var xNames: [String] = []
    /// Fixed ends; nil to take them from what is drawn.
    package var xRange: [Double]?
    package var yRange: [Double]?
    package var series: [Series] = []
    package var thinning: Thinning?
    package var density: Density?
    package var levels: [Level] = []
    package var curves: [Curve] = []
    package var whiskers: [Whisker] = []
}
