// Filters that are a product of one-dimensional kernels, and their right-angle rotations.
import Domain
import Imaging

/// The kernels that act along one axis, in turn (a wavelet at level *n* is *n* of them).
typealias AxisKernels = [[Double]]

/// A filter that is the product of one-dimensional kernels along x, y and, for a volume, z.
struct SeparableFilter: Sendable {
    /// Two or three axes.
    let axes: [AxisKernels]
    let boundary: BoundaryCondition

    /// All that the filter becomes when it is turned by right angles: 4 orientations of two axes, 24 of three, without the
    /// ones that are equal (IBSI 2, rotation invariance of separable filters).
    var rotations: [SeparableFilter] {
        let flipped = axes.map { $0.map { [Double](padded($0).reversed()) } }
        let upright = axes.map { $0.map(padded) }
        var seen = Set<[AxisKernels]>()
        return quarterTurns(axes.count).compactMap { turn in
            let turned = turn.map { $0.reversed ? flipped[$0.axis] : upright[$0.axis] }
            return seen.insert(turned).inserted ? SeparableFilter(axes: turned, boundary: boundary) : nil
        }
    }

    /// The response, pooled over the rotations when `pooling` is given.
    func response(to image: GreyImage, pooling: ResponsePooling?, cancellation: Cancellation) throws -> GreyImage {
        guard let pooling else { return try response(to: image, cancellation) }
        var pooled = PooledResponse(pooling)
        // Orientations that share the kernels along x, and along x and y, share those convolutions.
        for (alongX, sameX) in Dictionary(grouping: rotations, by: { $0.axes[0] }).sorted(by: precedes) {
            let x = try convolve(image, axis: 0, alongX, cancellation)
            for (alongY, sameXY) in Dictionary(grouping: sameX, by: { $0.axes[1] }).sorted(by: precedes) {
                let xy = try convolve(x, axis: 1, alongY, cancellation)
                for rotation in sameXY {
                    pooled.add(axes.count == 2 ? xy : try convolve(xy, axis: 2, rotation.axes[2], cancellation))
                }
            }
        }
        return pooled.result(for: image)
    }

    private func response(to image: GreyImage, _ cancellation: Cancellation) throws -> GreyImage {
        try axes.indices.reduce(image) { try convolve($0, axis: $1, axes[$1], cancellation) }
    }

    private func convolve(
        _ image: GreyImage, axis: Int, _ kernels: AxisKernels, _ cancellation: Cancellation
    ) throws -> GreyImage {
        try cancellation.check()
        return kernels.reduce(image) { AxisConvolution(axis: axis, kernel: $1, boundary: boundary)($0) }
    }
}

/// The same order in every run, so that sums are bit-identical.
private func precedes(
    _ a: (key: AxisKernels, value: [SeparableFilter]), _ b: (key: AxisKernels, value: [SeparableFilter])
)
    -> Bool
{
    a.key.joined().lexicographicallyPrecedes(b.key.joined())
}

/// A kernel of odd length with the same centre: it can be turned round.
private func padded(_ kernel: [Double]) -> [Double] { kernel.count.isMultiple(of: 2) ? kernel + [0] : kernel }

/// For each axis, which kernel comes to lie there and whether it is reversed: the rotations among the signed permutations of
/// the axes (determinant +1).
private func quarterTurns(_ count: Int) -> [[(axis: Int, reversed: Bool)]] {
    let orders =
        count == 2 ? [[0, 1], [1, 0]] : [[0, 1, 2], [1, 2, 0], [2, 0, 1], [0, 2, 1], [2, 1, 0], [1, 0, 2]]
    return orders.enumerated().flatMap { place, order in
        let isOdd = place >= orders.count / 2
        return (0..<1 << count).compactMap { signs -> [(axis: Int, reversed: Bool)]? in
            guard signs.nonzeroBitCount.isMultiple(of: 2) != isOdd else { return nil }
            return order.enumerated().map { (axis: $1, reversed: signs >> $0 & 1 == 1) }
        }
    }
}
