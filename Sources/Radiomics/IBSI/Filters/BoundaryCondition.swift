// How an image goes on past its edges when a filter reaches over them.

/// The boundary condition of a convolution (IBSI 2 reference manual, "Boundary conditions").
package enum BoundaryCondition: String, Codable, CaseIterable, Sendable {
    /// Zero outside.
    case zero
    /// The nearest voxel's value outside.
    case nearest
    /// The image repeated without end.
    case periodic
    /// The image mirrored at the outer face of its edge voxels: `c b a | a b c | c b a`.
    case mirror

    /// For each place from `-reach` up to `length + reach`, the voxel of a line of `length` voxels that stands there; -1 where
    /// there is nothing but zero.
    func sources(length: Int, reach: Int) -> [Int] {
        (-reach..<length + reach).map { place in
            if 0 <= place, place < length { return place }
            switch self {
            case .zero: return -1
            case .nearest: return min(max(place, 0), length - 1)
            case .periodic: return remainder(place, length)
            case .mirror:
                let folded = remainder(place, 2 * length)
                return folded < length ? folded : 2 * length - 1 - folded
            }
        }
    }
}

/// The remainder that is never negative.
private func remainder(_ value: Int, _ modulus: Int) -> Int {
    let rest = value % modulus
    return rest < 0 ? rest + modulus : rest
}
