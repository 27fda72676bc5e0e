// Where on the charts the shell can be read: not at the rims, not at the pedicle junctions.
import Domain
import Imaging

/// Masks of chart points whose normals cross the shell and nothing else.
struct ReadableShell {
    let wall: [Bool]
    let superior: [Bool]
    let inferior: [Bool]

    init(_ surface: BodySurface, vertebra: Vertebra, volume: Volume) {
        superior = Self.awayFromRim(surface.superior)
        inferior = Self.awayFromRim(surface.inferior)
        let wall = surface.wall
        let archDistance = Self.solidArchDistanceMM(vertebra)
        let voxel = length(vertebra.parts.geometry.spacingMM) / 2
        let tops = RimHeights(surface.superior)
        let bottoms = RimHeights(surface.inferior)
        var isReadable = wall.isValid
        var isInBone = [Bool](repeating: false, count: wall.count)
        for i in 0..<wall.count where wall.isValid[i] {
            let point = wall.points[i]
            guard let top = tops.height(below: point), let bottom = bottoms.height(below: point) else {
                isReadable[i] = false
                continue
            }
            if point.z > top - Self.rimMM || point.z < bottom + Self.rimMM { isReadable[i] = false }
            if let archDistance {
                let distance = Double(archDistance.value(at: vertebra.frame.point(point)))
                if distance < Self.junctionMM + voxel { isReadable[i] = false }
                if distance < Self.archReachMM, Self.bonePasses(wall, i, frame: vertebra.frame, volume: volume) {
                    isInBone[i] = true
                }
            }
        }
        let field = ChartField(columns: wall.columns, rows: wall.rows, wraps: wall.wraps)
        let nearBone = field.dilated(isInBone, radius: Self.boneMarginMM / wall.pitchMM)
        self.wall = zip(isReadable, nearBone).map { $0 && !$1 }
    }

    /// Distance to the arch without what of it is thin; nil where there is none.
    ///
    /// Masks leave a skin of the body's own shell to the arch, a voxel or two deep and all over the posterior wall. It is
    /// no junction: a pedicle is several times as thick.
    private static func solidArchDistanceMM(_ vertebra: Vertebra) -> Volume? {
        let radius = max(skinRadiusMM, vertebra.parts.geometry.spacingMM.max())
        let whole = vertebra.parts.mask(of: Vertebra.Part.posteriorElements.rawValue)
        // Grown back by twice what was taken: the corners between pedicle and wall belong to the junction.
        let arch = whole.eroded(byMM: radius).dilated(byMM: 2 * radius).intersection(whole)
        return arch.isEmpty ? nil : arch.distanceMM()
    }

    /// True where a normal of the wall meets bone again outside: it leaves the body into the root of a pedicle.
    private static func bonePasses(
        _ wall: SurfaceChart, _ i: Int, frame: VertebralFrame, volume: Volume
    ) -> Bool {
        let outside = stride(from: 2.5, through: 4, by: 0.5).map { offset in
            volume.value(at: frame.point(wall.points[i] + wall.normals[i] * offset))
        }
        return outside.contains { $0 > cortexHU } || outside.reduce(0, +) / Float(outside.count) > marrowHU
    }

    /// The rim bends out of its chart within this distance (docs/cortex.md: the outer 2–2.5 mm are blind).
    private static let rimMM = 2.0
    /// The shell opens into the pedicle; beside it the normal crosses the arch's own cortex (our choice).
    private static let junctionMM = 2.0
    /// Half the thickness below which a part of the arch is skin (our choice: pedicles are at least 4 mm thick).
    private static let skinRadiusMM = 1.5

    /// Near the arch, a body that was cut too far back ends inside the pedicle: cortex or marrow 2.5–4 mm outside its surface
    /// tells, and a margin round such places is left out (our choices).
    private static let archReachMM = 10.0
    private static let cortexHU: Float = 200
    private static let marrowHU: Float = 110
    private static let boneMarginMM = 1.5

    private static func awayFromRim(_ chart: SurfaceChart) -> [Bool] {
        let field = ChartField(columns: chart.columns, rows: chart.rows, wraps: chart.wraps)
        let isSteep = (0..<chart.count).map { !chart.isValid[$0] || abs(chart.normals[$0].z) < 0.6 }
        var beyond = field.dilated(isSteep, radius: rimMM / chart.pitchMM)
        let edge = Int(rimMM / chart.pitchMM)
        for row in 0..<chart.rows {
            for column in 0..<chart.columns
            where row < edge || column < edge || row >= chart.rows - edge || column >= chart.columns - edge {
                beyond[row * chart.columns + column] = true
            }
        }
        return beyond.map { !$0 }
    }
}

/// The height of an endplate just inside the rim.
private struct RimHeights {
    private let chart: SurfaceChart

    init(_ chart: SurfaceChart) { self.chart = chart }

    /// Frame z of the endplate 3 mm inside a point of the side wall; nil where there is no endplate.
    func height(below point: SIMD3<Double>) -> Double? {
        let radius = (point.x * point.x + point.y * point.y).squareRoot()
        guard radius > 0 else { return nil }
        let share = max(1 - 3 / radius, 0)
        let column = Int(((point.x * share - chart.points[0].x) / chart.pitchMM).rounded())
        let row = Int(((point.y * share - chart.points[0].y) / chart.pitchMM).rounded())
        guard column >= 0, row >= 0, column < chart.columns, row < chart.rows else { return nil }
        let i = row * chart.columns + column
        return chart.isValid[i] ? chart.points[i].z : nil
    }
}
