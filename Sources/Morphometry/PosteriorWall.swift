// The posterior wall of a body between its corners, and the canal behind it.
import Domain
import Imaging

/// Bulge of the posterior wall and room in the canal, in the sagittal sections near the midline.
package struct PosteriorWall: Sendable, Hashable {
    /// How far the wall lies behind the straight line from its superior to its inferior corner, mm; 0 for a wall that is straight or
    /// hollow. Greatest over sections, each the median of five neighbours 1 mm apart.
    package var bulgeMM: Double
    /// How far the wall lies in front of that line in the mid-sagittal sections (median), mm; 0 for a straight wall.
    package var concavityMM: Double
    /// Least distance from the wall to the lamina behind it, straight back, over the body's height and the midline sections, mm; nil where
    /// the mask holds no lamina there.
    package var canalDepthMM: Double?
    /// The same from the line between the corners: the room there would be without a bulge.
    package var unbulgedCanalDepthMM: Double?

    package init(bulgeMM: Double, concavityMM: Double, canalDepthMM: Double?, unbulgedCanalDepthMM: Double?) {
        self.bulgeMM = bulgeMM
        self.concavityMM = concavityMM
        self.canalDepthMM = canalDepthMM
        self.unbulgedCanalDepthMM = unbulgedCanalDepthMM
    }

    /// Bulge over the canal's depth without it, 0…1.
    package var bulgeShareOfCanal: Double? { unbulgedCanalDepthMM.map { min(bulgeMM / $0, 1) } }

    /// The canal's loss of sagittal depth against its neighbours' mean, or against its own depth without the bulge where no
    /// neighbour was measured, 0…1; nil where the canal has no back wall in the mask.
    package func canalCompromise(neighbours: [PosteriorWall]) -> Double? {
        guard let canalDepthMM else { return nil }
        let depths = neighbours.compactMap(\.canalDepthMM)
        guard let usual = depths.isEmpty ? unbulgedCanalDepthMM : depths.reduce(0, +) / Double(depths.count) else {
            return nil
        }
        return min(max(1 - canalDepthMM / usual, 0), 1)
    }

    package static let definition = """
        posterior wall behind the line between its superior and inferior corners (the hindmost points of the upper and lower \
        tenth of its height), sagittal sections within 8 mm of the midline
        """
    package static let canalDefinition = """
        least straight distance from the posterior wall back to the lamina of the mask, or to its straight continuation where the \
        wall has none behind it, within 3 mm of the midline; \
        compromise against the mean of the measured neighbours, else against the own depth from the line between the corners
        """

    /// - Parameter wall: the side wall at its shell.
    /// - Returns: nil where fewer than five sections can be followed.
    init?(_ wall: SurfaceChart, vertebra: Vertebra) {
        let sections = stride(from: -Self.halfBandMM, through: Self.halfBandMM, by: 1).compactMap { x in
            PosteriorSection(wall, x: x)
        }
        guard sections.count >= 5 else { return nil }
        bulgeMM =
            sections.indices.map { i in
                let near = sections[max(i - 2, 0)...min(i + 2, sections.count - 1)]
                return Double(median(of: near.map { Float($0.bulgeMM) }))
            }.max() ?? 0
        let middle = sections.filter { abs($0.x) <= Self.midlineMM }
        concavityMM = middle.isEmpty ? 0 : Double(median(of: middle.map { Float($0.concavityMM) }))
        let canals = middle.compactMap { $0.canal(behind: vertebra) }
        canalDepthMM = canals.isEmpty ? nil : Double(median(of: canals.map { Float($0.actualMM) }))
        unbulgedCanalDepthMM = canals.isEmpty ? nil : Double(median(of: canals.map { Float($0.unbulgedMM) }))
    }

    /// Between the pedicles, and near the midline (our choice).
    private static let halfBandMM = 8.0
    private static let midlineMM = 3.0
}

/// The posterior wall in one sagittal section.
private struct PosteriorSection {
    let x: Double
    /// Caudal to cranial; y and z of the frame, and how far the point lies behind the line between the corners.
    private let points: [(y: Double, z: Double, behindMM: Double)]

    var bulgeMM: Double { max(points.map(\.behindMM).max() ?? 0, 0) }
    var concavityMM: Double { max(-(points.map(\.behindMM).min() ?? 0), 0) }

    init?(_ wall: SurfaceChart, x: Double) {
        var line: [(y: Double, z: Double)] = []
        for row in 0..<wall.rows {
            let posterior = (0..<wall.columns).filter { wall.points[row * wall.columns + $0].y < 0 }
            for (a, b) in zip(posterior, posterior.dropFirst()) where b == a + 1 {
                let (i, j) = (row * wall.columns + a, row * wall.columns + b)
                let (p, q) = (wall.points[i], wall.points[j])
                guard wall.isValid[i], wall.isValid[j], abs(wall.normals[i].z) <= 0.7, q.x != p.x else { continue }
                let share = (x - p.x) / (q.x - p.x)
                guard share >= 0, share <= 1 else { continue }
                line.append((p.y + share * (q.y - p.y), p.z + share * (q.z - p.z)))
                break
            }
        }
        guard let bottom = line.first?.z, let top = line.last?.z, top - bottom > Self.leastHeightMM else { return nil }
        let tenth = (top - bottom) / 10
        guard
            let lower = line.filter({ $0.z <= bottom + tenth }).min(by: { $0.y < $1.y }),
            let upper = line.filter({ $0.z >= top - tenth }).min(by: { $0.y < $1.y })
        else { return nil }
        self.x = x
        points = line.filter { $0.z >= lower.z && $0.z <= upper.z }.map { point in
            let share = (point.z - lower.z) / max(upper.z - lower.z, .leastNonzeroMagnitude)
            return (point.y, point.z, lower.y + share * (upper.y - lower.y) - point.y)
        }
    }

    /// The least ways straight back to the lamina; nil where there is none. At heights without a lamina the canal's back wall is taken to go
    /// on straight from the nearest one, so that a bulge above it counts.
    func canal(behind vertebra: Vertebra) -> (actualMM: Double, unbulgedMM: Double)? {
        let backs = points.compactMap { point in
            Self.laminaMM(behind: [x, point.y, point.z], vertebra: vertebra).map { (y: point.y - $0, z: point.z) }
        }
        var least: (actualMM: Double, unbulgedMM: Double)?
        for point in points {
            guard let back = backs.min(by: { abs($0.z - point.z) < abs($1.z - point.z) }) else { return nil }
            let way = point.y - back.y
            let line = way + point.behindMM
            least = (min(least?.actualMM ?? way, way), min(least?.unbulgedMM ?? line, line))
        }
        return least
    }

    /// Distance straight back from a point of the wall to the first voxel of the posterior elements; nil where there is none.
    private static func laminaMM(behind start: SIMD3<Double>, vertebra: Vertebra) -> Double? {
        for distance in stride(from: skinMM, through: deepestCanalMM, by: 0.25) {
            let place = vertebra.frame.point(start - [0, distance, 0])
            guard let voxel = vertebra.parts.geometry.voxel(holding: place) else { return nil }
            if vertebra.parts[voxel.x, voxel.y, voxel.z] == Vertebra.Part.posteriorElements.rawValue { return distance }
        }
        return nil
    }

    private static let leastHeightMM = 8.0
    /// Masks leave a skin of the body's own shell to the arch (our choice; canals are 13.0–20.4 mm deep: Clouthier 2023, J Biomech
    /// 146:111421).
    private static let skinMM = 3.5
    private static let deepestCanalMM = 30.0
}
