// How a cleft lies to the places through which cement may leave.
import Domain
import Imaging

/// Distances and connections of a cleft to every gap, the endplates, the posterior wall and the foramen.
struct CleftContacts {
    /// Nearest first.
    let list: [Cleft.Contact]

    /// - Parameter mask: the cleft on the window's grid, not empty.
    init(
        _ mask: VoxelMask, window: BodyWindow, vertebra: Vertebra, marrowHU: Double, cortex: CortexMap?,
        cancellation: Cancellation
    ) throws {
        let surface = try BodySurface(BodyField(vertebra), level: vertebra.level)
        var targets: [(Cleft.Target, [SIMD3<Double>])] = [
            (.superiorEndplate, surface.superior.flatPoints), (.inferiorEndplate, surface.inferior.flatPoints),
            (.posteriorWall, surface.steepPoints(of: .posterior)),
        ]
        for (number, gap) in (cortex?.gaps ?? []).enumerated() { targets.append((.gap(number), [gap.localMM])) }
        if let foramina = cortex?.foramina, !foramina.isEmpty { targets.append((.foramen, foramina.map(\.localMM))) }
        try cancellation.check()
        let ways = LeastResistance(from: mask, in: window, marrowHU: marrowHU)
        list = targets.compactMap { target, points in
            Self.contact(target, points, of: mask, ways: ways, window: window, frame: vertebra.frame)
        }.sorted { $0.distanceMM < $1.distanceMM }
    }

    /// The shell and its blur: a way ends this far inside the target's surface, and a cleft that reaches there touches it (our choice).
    private static let shellMM: Float = 2

    private static func contact(
        _ target: Cleft.Target, _ points: [SIMD3<Double>], of cleft: VoxelMask, ways: LeastResistance,
        window: BodyWindow, frame: VertebralFrame
    ) -> Cleft.Contact? {
        var surface = VoxelMask(geometry: window.volume.geometry)
        for point in points {
            guard let voxel = surface.geometry.voxel(holding: frame.point(point)) else { continue }
            surface[voxel.x, voxel.y, voxel.z] = true
        }
        guard !surface.isEmpty else { return nil }
        let toSurface = surface.distanceMM().voxels
        var end = surface
        var distance = Float.infinity
        var resistance = Float.infinity
        for i in toSurface.indices {
            end.voxels[i] = window.body.voxels[i] && toSurface[i] <= shellMM
            if cleft.voxels[i] { distance = min(distance, toSurface[i]) }
            if end.voxels[i] { resistance = min(resistance, ways.resistanceMM[i]) }
        }
        let toEnd = end.distanceMM().voxels
        var straight = Float.infinity
        for i in toEnd.indices where cleft.voxels[i] { straight = min(straight, toEnd[i]) }
        guard distance.isFinite, straight.isFinite else { return nil }
        return Cleft.Contact(
            what: target, distanceMM: Double(distance),
            connection: straight > 0 ? Double(max(1 - resistance / straight, 0)) : 1)
    }
}

extension SurfaceChart {
    /// The points of an endplate that face up or down.
    fileprivate var flatPoints: [SIMD3<Double>] { indices { abs(normals[$0].z) > 0.7 }.map { points[$0] } }
}

extension BodySurface {
    /// The points of one side of the wall that face sideways.
    fileprivate func steepPoints(of side: BodyWall) -> [SIMD3<Double>] {
        let sides = sides
        return wall.indices { abs(wall.normals[$0].z) <= 0.7 }.map { wall.points[$0] }.filter {
            sides.side(of: $0) == side
        }
    }
}
