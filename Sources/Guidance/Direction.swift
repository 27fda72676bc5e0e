// From a needle to a place, in words that an operator uses.
import Foundation

/// A way from one point to another.
package struct Direction: Codable, Sendable, Hashable {
    /// Unit vector, LPS; zero where both points are one.
    package var vectorLPS: SIMD3<Double>
    package var distanceMM: Double
    /// Along the vertebra's own axes, strongest first: `posterior, left, up`.
    package var words: String
    /// The hour on a clock whose 12 is anterior and whose 3 is the patient's left, as an axial image is looked at; absent where the
    /// way is nearly along the spine.
    package var clockHour: Int?

    /// - Parameter local: the vector in the frame: x right to left, y posterior to anterior, z caudal to cranial, mm.
    init(local: SIMD3<Double>, frame: GuidanceTable.Frame) {
        let distance = (local * local).sum().squareRoot()
        let unit = distance > 0 ? local / distance : .zero
        vectorLPS = shown(frame.vectorLPS(unit), 1000)
        distanceMM = shown(distance, 10)
        let names = [("left", "right"), ("anterior", "posterior"), ("up", "down")]
        words = (0..<3).filter { abs(unit[$0]) >= Self.leastPart }.sorted { abs(unit[$0]) > abs(unit[$1]) }
            .map { unit[$0] > 0 ? names[$0].0 : names[$0].1 }.joined(separator: ", ")
        let across = (unit.x * unit.x + unit.y * unit.y).squareRoot()
        guard across >= Self.leastPart else { return }
        let hour = Int((atan2(unit.x, unit.y) / (.pi / 6)).rounded())
        clockHour = (hour + 11) % 12 + 1
    }

    /// A part of the way below sin 22.5° is not named (our choice: half of 45°).
    private static let leastPart = 0.3827
}

/// A vector to 1/`parts`, a number likewise: what an answer shows.
func shown(_ vector: SIMD3<Double>, _ parts: Double) -> SIMD3<Double> {
    (vector * parts).rounded(.toNearestOrAwayFromZero) / parts
}
func shown(_ value: Double, _ parts: Double) -> Double { (value * parts).rounded() / parts }
