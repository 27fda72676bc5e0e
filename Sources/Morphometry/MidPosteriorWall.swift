// The middle of the posterior wall, and the opening in it.
import Domain
import Foundation
import Imaging

/// Cortical mass of the posterior wall between the pedicles, and where it is missing.
struct MidPosteriorWall {
    private let chart: SurfaceChart
    private let field: ChartField
    private let isReadable: [Bool]
    /// 1 − mass over the wall's own median beside the middle, smoothed.
    private let deficit: [Float]
    /// Robust standard deviation of `deficit` beside the middle.
    private let noise: Float
    /// Half the body's height.
    private let halfHeightMM: Double

    /// An opening in the wall.
    struct Opening {
        let widthMM: Double
        let heightMM: Double
        let centreMM: SIMD3<Double>
        let confidence: Double
    }

    /// - Returns: nil where too little of the wall can be read.
    init?(_ surface: BodySurface, vertebra: Vertebra, volume: Volume, blur: ScannerBlur) {
        let range = surface.heightRange
        halfHeightMM = (range.upperBound - range.lowerBound) / 2
        var rough = surface.wall
        for i in 0..<rough.count {
            let point = rough.points[i]
            rough.isValid[i] = rough.isValid[i] && point.y < 0 && abs(point.x) <= Self.halfZoneMM
        }
        let places = ShellSearch.rough.places(
            rough, profiles: CortexLayer.profiles(rough, frame: vertebra.frame, volume: volume), frame: vertebra.frame,
            sliceNormal: volume.geometry.zAxis, blur: blur)
        let chart = rough.shifted(byMM: places)
        let layer = CortexLayer(chart, frame: vertebra.frame, volume: volume, blur: blur)
        let readable = ReadableShell(
            BodySurface(wall: chart, superior: surface.superior, inferior: surface.inferior), vertebra: vertebra,
            volume: volume
        ).wall
        let zone = MouthZone(halfHeightMM: halfHeightMM)
        let beside = chart.indices { readable[$0] && !zone.mayHold(chart.points[$0]) }
        guard Double(beside.count) * chart.pitchMM * chart.pitchMM >= Self.leastBesideMM2 else { return nil }
        let usual = median(of: beside.map { layer.massHUMM[$0] })
        guard usual > 0 else { return nil }
        let field = ChartField(columns: chart.columns, rows: chart.rows, wraps: chart.wraps)
        let deficit = field.gaussian(
            layer.massHUMM.map { min(max(1 - $0 / usual, -0.6), 1.2) }, where: readable,
            sigma: Float(Self.smoothingMM / chart.pitchMM))
        noise = 1.4826 * median(of: beside.map { abs(deficit[$0]) })
        self.chart = chart
        self.field = field
        self.deficit = deficit
        isReadable = readable
    }

    /// Between the pedicles (our choice; the canal is 21.5–31.8 mm wide: Clouthier 2023, J Biomech 146:111421).
    private static let halfZoneMM = 12.0
    private static let leastBesideMM2 = 60.0
    private static let smoothingMM = 0.6
    /// Half of the wall's mass is missing inside the opening.
    private static let openDeficit: Float = 0.5
    /// A smaller opening is noise (our choice).
    private static let leastAreaMM2 = 4.0
    /// Greatest deficit over the wall's own noise for a claim (our choice).
    private static let leastScore: Float = 3

    /// The largest opening whose deepest point lies where the foramen may be; nil where there is none.
    func opening() -> Opening? {
        let zone = MouthZone(halfHeightMM: halfHeightMM)
        let seeds = chart.indices {
            isReadable[$0] && zone.mayHold(chart.points[$0]) && deficit[$0] >= Self.openDeficit
        }
        var isSeen = Set<Int>()
        var best: (opening: Opening, areaMM2: Double)?
        for seed in seeds where !isSeen.contains(seed) {
            let points = connected(to: seed)
            isSeen.formUnion(points)
            guard let found = measured(points), found.areaMM2 > best?.areaMM2 ?? Self.leastAreaMM2 else { continue }
            best = found
        }
        return best?.opening
    }

    private func connected(to seed: Int) -> [Int] {
        var points = [seed]
        var isTaken: Set<Int> = [seed]
        var next = 0
        while next < points.count {
            let (row, column) = (points[next] / chart.columns, points[next] % chart.columns)
            next += 1
            for (r, c) in [(row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column)] {
                guard r >= 0, r < chart.rows, let c = field.wrapped(c) else { continue }
                let i = r * chart.columns + c
                guard isReadable[i], deficit[i] >= Self.openDeficit, isTaken.insert(i).inserted else { continue }
                points.append(i)
            }
        }
        return points
    }

    /// The ellipse that lacks as much wall as the points and what is blurred round them, with the proportions of the points' extent.
    private func measured(_ points: [Int]) -> (opening: Opening, areaMM2: Double)? {
        let peak = points.map { deficit[$0] }.max() ?? 0
        let score = peak / max(noise, 0.02)
        guard score >= Self.leastScore else { return nil }
        let pitch = chart.pitchMM
        var isIn = [Bool](repeating: false, count: chart.count)
        for i in points { isIn[i] = true }
        let area = field.dilated(isIn, radius: 1.5 / pitch).enumerated().reduce(0.0) { sum, point in
            point.element && isReadable[point.offset]
                ? sum + Double(min(max(deficit[point.offset], 0), 1)) * pitch * pitch : sum
        }
        let rows = Set(points.map { $0 / chart.columns }).count
        let xs = points.map { chart.points[$0].x }
        let width = (xs.max() ?? 0) - (xs.min() ?? 0) + pitch
        let height = Double(rows) * pitch
        let scale = (4 * area / (.pi * width * height)).squareRoot()
        let centre = points.reduce(SIMD3<Double>.zero) { $0 + chart.points[$1] } / Double(points.count)
        let confidence = 1 / (1 + exp(Double(2 * Self.leastScore - score) / 2))
        return (
            Opening(widthMM: width * scale, heightMM: height * scale, centreMM: centre, confidence: confidence), area
        )
    }

    /// How far low density reaches inwards behind an opening; nil where it does not differ from the marrow around it.
    func canalDepthMM(behind opening: Opening, vertebra: Vertebra, volume: Volume) -> Double? {
        func mean(depthMM: Double, radii: ClosedRange<Double>) -> Double {
            var sum = 0.0
            var count = 0.0
            for a in stride(from: 0.0, to: 2 * .pi, by: .pi / 8) {
                for share in [radii.lowerBound, (radii.lowerBound + radii.upperBound) / 2, radii.upperBound] {
                    let local =
                        opening.centreMM + [
                            share * opening.widthMM / 2 * cos(a), depthMM, share * opening.heightMM / 2 * sin(a),
                        ]
                    sum += Double(volume.value(at: vertebra.frame.point(local)))
                    count += 1
                }
            }
            return sum / count
        }
        let depths = Array(stride(from: 2.0, through: 16, by: 0.5))
        let marrow = depths.filter { $0 >= 4 }.map { Float(mean(depthMM: $0, radii: 2...3)) }
        let around = Double(median(of: marrow))
        let inside = depths.map { mean(depthMM: $0, radii: 0...0.25) }
        let canal = inside.prefix(3).reduce(0, +) / 3
        guard around - canal >= Self.leastContrastHU else { return nil }
        let half = (around + canal) / 2
        guard let k = inside.firstIndex(where: { $0 > half }), k > 0 else { return nil }
        let share = (half - inside[k - 1]) / (inside[k] - inside[k - 1])
        return depths[k - 1] + share * 0.5
    }

    /// Canal content must be this much darker than the marrow around it (our choice).
    private static let leastContrastHU = 20.0
}

/// Where on the posterior wall the mouth of the basivertebral canal may lie.
///
/// At the midline, nearer the upper rim at T10–L4 and the lower rim at L5 (Tzika 2021, 10.1007/s00276-021-02690-0); an ellipse that covers both,
/// the usual size and an error of the midline (our choice).
private struct MouthZone {
    let halfHeightMM: Double

    func mayHold(_ point: SIMD3<Double>) -> Bool {
        let x = point.x / 5
        let z = point.z / (0.55 * halfHeightMM)
        return x * x + z * z <= 1
    }
}
