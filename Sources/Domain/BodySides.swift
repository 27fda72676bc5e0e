// The outline of a vertebral body seen along its axis: what the four sides of the body are named by.

/// The box round a body's outline at mid-height, and the side that a place on its side wall belongs to.
///
/// The diagonals of the box part the sides (our choice of definition): with u and v the distances of a place from the middle of the
/// box over half its width and half its depth, the place is anterior or posterior where |v| ≥ |u|, else left or right. Planted
/// truth, cortex map and flow all name sides so. By place and not by the surface's normal, which bumps of the wall and errors of a
/// segmentation turn; endplates are told by the surface itself, which faces up or down there.
package struct BodySides: Sendable, Hashable {
    /// Middle and half sizes of the box: right to left, posterior to anterior; millimetres of the vertebra's frame.
    package var centreMM: SIMD2<Double>
    package var halfSizeMM: SIMD2<Double>

    /// - Parameter points: places on the side wall in the vertebra's frame, millimetres. Those within 2 mm of mid-height count (our
    ///   choice: rims and osteophytes lie beyond, and a slice of 3 mm within), all of them where none is there.
    package init(around points: [SIMD3<Double>]) {
        let middle = points.filter { abs($0.z) <= 2 }
        var low = SIMD2(repeating: Double.infinity)
        var high = -low
        for p in middle.isEmpty ? points : middle {
            let q = SIMD2(p.x, p.y)
            low = pointwiseMin(low, q)
            high = pointwiseMax(high, q)
        }
        centreMM = points.isEmpty ? .zero : (low + high) / 2
        halfSizeMM = points.isEmpty ? [1, 1] : (high - low) / 2
    }

    /// The side of the body that a place on its side wall belongs to; `localMM` in the vertebra's frame.
    package func side(of localMM: SIMD3<Double>) -> BodyWall {
        let offset = SIMD2(localMM.x, localMM.y) - centreMM
        // |offset.y| / half depth against |offset.x| / half width, without dividing.
        if abs(offset.y) * halfSizeMM.x >= abs(offset.x) * halfSizeMM.y {
            return offset.y >= 0 ? .anterior : .posterior
        }
        return offset.x >= 0 ? .left : .right
    }
}
