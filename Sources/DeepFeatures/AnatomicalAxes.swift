// Which way an image's axes run through the patient.
import Imaging

/// The image axis that runs most nearly to the patient's left, back and head, each used once, and whether it runs the other way.
struct AnatomicalAxes: Equatable {
    /// Image axis (0: x, 1: y, 2: z) for left, posterior and superior.
    let axis: [Int]
    let isReversed: [Bool]

    private static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

    init(_ geometry: Geometry) {
        let axes = [geometry.xAxis, geometry.yAxis, geometry.zAxis]
        /// How far an order runs along left, posterior and superior; of equal ones the first is taken.
        func agreement(_ order: [Int]) -> Double { (0..<3).reduce(0) { $0 + abs(axes[order[$1]][$1]) } }
        var best = Self.orders[0]
        for order in Self.orders where agreement(order) > agreement(best) + 1e-9 { best = order }
        axis = best
        isReversed = (0..<3).map { axes[best[$0]][$0] < 0 }
    }

    /// The values of a box inside an image, left fastest, then posterior, then superior.
    /// - Returns: as many values as the box has voxels, and its extents superior, posterior, left.
    func values(of box: IndexBox, in volume: Volume) -> (extents: [Int], values: [Float]) {
        let size = volume.geometry.size
        let steps = [1, size.x, size.x * size.y]
        let (lower, extents) = ([box.lower.x, box.lower.y, box.lower.z], [box.size.x, box.size.y, box.size.z])
        var first = 0
        for k in 0..<3 {
            let place = isReversed[k] ? lower[axis[k]] + extents[axis[k]] - 1 : lower[axis[k]]
            first += place * steps[axis[k]]
        }
        let step = (0..<3).map { isReversed[$0] ? -steps[axis[$0]] : steps[axis[$0]] }
        let count = axis.map { extents[$0] }
        var values: [Float] = []
        values.reserveCapacity(box.size.count)
        volume.voxels.withUnsafeBufferPointer { voxels in
            for z in 0..<count[2] {
                for y in 0..<count[1] {
                    let row = first + z * step[2] + y * step[1]
                    for x in 0..<count[0] { values.append(voxels[row + x * step[0]]) }
                }
            }
        }
        return ([count[2], count[1], count[0]], values)
    }
}
