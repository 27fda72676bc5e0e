// A page of pixels and the few things that are drawn on it.
import Foundation

/// A rectangle of RGB pixels; places are pixels from the upper left corner, x to the right, y down.
struct PageCanvas {
    /// Red, green, blue.
    typealias Colour = SIMD3<UInt8>

    let width: Int
    private(set) var height: Int
    /// Row by row, three bytes for each pixel.
    private(set) var pixels: [UInt8]

    /// A white page.
    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        pixels = [UInt8](repeating: 255, count: width * height * 3)
    }

    /// Makes the page at least so high; what is added is white.
    mutating func extend(to height: Int) {
        guard height > self.height else { return }
        pixels += [UInt8](repeating: 255, count: (height - self.height) * width * 3)
        self.height = height
    }

    /// Fills a rectangle.
    mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: Colour) {
        for row in max(0, y)..<max(0, min(y + height, self.height)) {
            for column in max(0, x)..<max(0, min(x + width, self.width)) { blend(column, row, colour, 1) }
        }
    }

    /// Draws lines with round ends; where they cross nothing is drawn twice.
    /// - Parameter lines: each at least one point.
    mutating func stroke(_ lines: [[SIMD2<Double>]], width: Double, _ colour: Colour) {
        let points = lines.joined()
        guard let first = points.first else { return }
        let lower = points.reduce(first) { pointwiseMin($0, $1) } - width
        let upper = points.reduce(first) { pointwiseMax($0, $1) } + width
        for y in max(0, Int(lower.y))..<max(0, min(Int(upper.y) + 2, height)) {
            for x in max(0, Int(lower.x))..<max(0, min(Int(upper.x) + 2, self.width)) {
                let centre = SIMD2(Double(x) + 0.5, Double(y) + 0.5)
                let distance = lines.reduce(Double.infinity) { min($0, Self.distance(from: centre, to: $1)) }
                blend(x, y, colour, min(1, max(0, width / 2 + 0.5 - distance)))
            }
        }
    }

    /// Colours a rectangle by a rule, at edges as the mean of nine samples for each pixel.
    /// - Parameter rule: the colour of a place; nil leaves what is there.
    mutating func shade(x: Int, y: Int, width: Int, height: Int, _ rule: (SIMD2<Double>) -> Colour?) {
        for row in max(0, y)..<max(0, min(y + height, self.height)) {
            for column in max(0, x)..<max(0, min(x + width, self.width)) {
                var sum = SIMD3<Double>.zero
                var count = 0.0
                for sample in 0..<9 {
                    let place = SIMD2(
                        Double(column) + (Double(sample % 3) + 0.5) / 3, Double(row) + (Double(sample / 3) + 0.5) / 3)
                    guard let colour = rule(place) else { continue }
                    sum += SIMD3<Double>(colour)
                    count += 1
                }
                if count > 0 { blend(column, row, Colour((sum / count).rounded(.toNearestOrEven)), count / 9) }
            }
        }
    }

    private mutating func blend(_ x: Int, _ y: Int, _ colour: Colour, _ share: Double) {
        guard share > 0 else { return }
        let start = (y * width + x) * 3
        for channel in 0..<3 {
            let old = Double(pixels[start + channel])
            pixels[start + channel] = UInt8((old + (Double(colour[channel]) - old) * share).rounded())
        }
    }

    private static func distance(from place: SIMD2<Double>, to line: [SIMD2<Double>]) -> Double {
        guard var last = line.first else { return .infinity }
        var least = Double.infinity
        for point in line {
            let way = point - last
            let length = (way * way).sum()
            let share = length > 0 ? min(1, max(0, ((place - last) * way).sum() / length)) : 0
            let offset = place - last - share * way
            least = min(least, (offset * offset).sum())
            last = point
        }
        return least.squareRoot()
    }
}
