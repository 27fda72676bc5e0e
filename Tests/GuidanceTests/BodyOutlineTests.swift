// The stored outline of a body: what is inside, and how far a point lies outside.
import Foundation
import Testing

@testable import Guidance

struct BodyOutlineTests {
    /// Two cells of 2 mm side by side along x, centres at 0 and 2, in a grid of three.
    private let outline = BodyOutline(
        cellMM: 2, firstCentreMM: .zero, size: [3, 1, 1], isInside: [true, true, false])

    @Test func `a point in a cell is inside, and one beside it lies as far as the cell's face`() {
        #expect(outline.distanceMM(fromLocal: [0.9, 0.9, -0.9]) == 0)
        #expect(outline.distanceMM(fromLocal: [2.9, 0, 0]) == 0)
        #expect(abs(outline.distanceMM(fromLocal: [4, 0, 0]) - 1) < 1e-12)
        // 3 mm to the left of the first cell's face and 4 mm above its upper one.
        #expect(abs(outline.distanceMM(fromLocal: [-4, 0, 5]) - 5) < 1e-12)
    }

    @Test func `it comes back from JSON as it was`() throws {
        let many = BodyOutline(
            cellMM: 1, firstCentreMM: [1, 2, 3], size: [5, 4, 3], isInside: (0..<60).map { $0 % 7 == 3 })
        let back = try JSONDecoder().decode(BodyOutline.self, from: JSONEncoder().encode(many))
        #expect(back == many)
        #expect(many.distanceMM(fromLocal: [4, 2, 3]) == 0)
        #expect(many.distanceMM(fromLocal: [3, 2, 3]) == 0.5)
    }

    @Test func `a body without cells is infinitely far`() {
        let empty = BodyOutline(cellMM: 1, firstCentreMM: .zero, size: [1, 1, 1], isInside: [false])
        #expect(empty.distanceMM(fromLocal: .zero) == .infinity)
    }
}
