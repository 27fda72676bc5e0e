// Where a voxel's neighbours lie.

/// A step from one voxel to another, in voxels. Of each opposite pair only one exists here: a neighbourhood is a list of
/// directions and their opposites.
struct Direction: Sendable, Hashable {
    let dx, dy, dz: Int

    /// The 13 directions to the touching voxels of a volume (IBSI 1, "3D").
    static let all = directions(distances: [1])
    /// The 4 directions to the touching voxels of a slice (IBSI 1, "2D" and "2.5D").
    static let inPlane = directions(distances: [1], withoutAxis: 2)

    /// Every direction at the given Chebyshev distances, in voxels, each above 0 (PyRadiomics `distances`).
    /// - Parameter axis: 0, 1, 2 for x, y, z: steps along this axis are left out (PyRadiomics `force2D`).
    static func directions(distances: [Int], withoutAxis axis: Int? = nil) -> [Direction] {
        var directions: [Direction] = []
        for d in distances {
            for dz in 0...d {
                for dy in -d...d {
                    // Inside the cube only its two faces across x are at the distance.
                    let steps = dz == d || abs(dy) == d ? Array(-d...d) : [-d, d]
                    directions += steps.map { Direction(dx: $0, dy: dy, dz: dz) }.filter(\.isFirstOfPair)
                }
            }
        }
        return directions.filter { direction in (axis.map(direction.step(along:)) ?? 0) == 0 }
    }

    /// The number of voxels along the axis 0, 1, 2 for x, y, z.
    func step(along axis: Int) -> Int { axis == 0 ? dx : axis == 1 ? dy : dz }

    /// The Chebyshev distance.
    var distance: Int { max(abs(dx), abs(dy), abs(dz)) }

    private var isFirstOfPair: Bool { dz > 0 || (dz == 0 && (dy > 0 || (dy == 0 && dx > 0))) }
}
