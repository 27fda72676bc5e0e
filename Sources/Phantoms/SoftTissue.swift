// Everything that is not bone: skin, fat, muscles, vessels, discs, the canal and what is in it, air.
import Domain
import Foundation
import Imaging

/// HU of the soft tissues (ordinary values of native CT; single numbers are our choice).
enum TissueHU {
    static let air: Float = -1000
    static let fat: Float = -100
    static let skin: Float = 30
    static let muscle: Float = 55
    static let viscera: Float = 40
    static let kidney: Float = 32
    static let ligament: Float = 45
    static let annulus: Float = 90
    static let nucleus: Float = 72
    static let epiduralFat: Float = -60
    static let cerebrospinalFluid: Float = 10
    static let cord: Float = 36
    static let bowelGas: Float = -850
}

/// Paints the soft tissue of axial slices. Edges are ramps about as wide as the scanner's blur, so this is never blurred again.
struct SoftTissue {
    /// An ellipse in the slice: LPS centre, half-axes, HU.
    private struct Ellipse {
        var centre: SIMD2<Float>
        var half: SIMD2<Float>
        var hu: Float
    }

    private let path: SpinePath
    private let discs: [(below: PlacedVertebra, above: PlacedVertebra)]
    private let middle: SpinePath.Station
    private let recipe: PhantomRecipe
    private let streaks: SmoothField
    private let bubbles: [SIMD4<Float>]
    private let scale: Float

    init(_ recipe: PhantomRecipe, _ layout: SpineLayout) {
        self.recipe = recipe
        path = SpinePath(layout.vertebrae)
        middle = path.station(atZ: 0)
        discs = zip(layout.vertebrae, layout.vertebrae.dropFirst()).map { ($0, $1) }
        var random = RandomSource(seed: recipe.seed, stream: 3)
        streaks = SmoothField(spacingMM: 5, random: &random)
        scale = Float(random.uniform(0.95...1.1))
        let front = Float(middle.columnMM.y - middle.columnHalfMM.y) - 32
        let extent = 40 * Double(recipe.levels.count)
        bubbles = (0..<(recipe.bowelGas ? 14 : 0)).map { _ in
            let x = Float(random.uniform(-60...60))
            let y = front - Float(random.uniform(0...12))
            let z = Float(random.uniform(-extent / 2...extent / 2))
            return SIMD4(x, y, z, Float(random.uniform(4...9)))
        }
    }

    /// Paints the slice at height `z` (LPS) into `hu`, row by row.
    func paint(z: Double, on grid: PlaneGrid, into hu: UnsafeMutableBufferPointer<Float>) {
        let here = path.station(atZ: z)
        let ellipses = anatomy(at: here, z: Float(z))
        let edge = Float(recipe.blurFWHMMM)
        for y in 0..<grid.height {
            for x in 0..<grid.width {
                let p: SIMD2<Float> = [
                    Float(grid.originMM.x + Double(x) * grid.stepMM.x),
                    Float(grid.originMM.y + Double(y) * grid.stepMM.y),
                ]
                var value = TissueHU.air
                for (index, e) in ellipses.enumerated() {
                    let q = (p - e.centre) / e.half
                    let squared = (q * q).sum()
                    if squared > 1.5 {
                        if index == 0 { break }  // Outside the skin there is nothing.
                        continue
                    }
                    let s = q / e.half
                    let k = squared.squareRoot()
                    let distance = k * (k - 1) / max((s * s).sum().squareRoot(), 1e-4)
                    let inside = min(max(0.5 - distance / edge, 0), 1)
                    value += inside * (e.hu - value)
                }
                hu[y * grid.width + x] = value
            }
        }
        paintFatStreaks(z: Float(z), on: grid, around: here, into: hu)
        paintDiscs(z: z, on: grid, into: hu)
    }

    /// The slice's structures from the outside in; later ones cover earlier ones.
    private func anatomy(at here: SpinePath.Station, z: Float) -> [Ellipse] {
        let column = SIMD2<Float>(here.columnMM)
        let half = SIMD2<Float>(here.columnHalfMM)
        let canal = SIMD2<Float>(here.canalMM)
        let canalHalf = SIMD2<Float>(here.canalHalfMM)
        // The trunk keeps its place while the column bends within it.
        let trunk = SIMD2<Float>(middle.columnMM) * [0.5, 0.5] + [0, -32]
        func both(_ x: Float, _ y: Float, _ half: SIMD2<Float>, _ hu: Float) -> [Ellipse] {
            [-1, 1].map { Ellipse(centre: column + [$0 * x, y], half: half * scale, hu: hu) }
        }
        var list = [
            Ellipse(centre: trunk, half: [165, 112] * scale, hu: TissueHU.skin),
            Ellipse(centre: trunk, half: [165, 112] * scale - 2.5, hu: TissueHU.fat),
            Ellipse(centre: trunk + [0, -6], half: [146, 92] * scale, hu: TissueHU.muscle),
            Ellipse(centre: trunk + [0, -6], half: [135, 78] * scale, hu: TissueHU.fat),
            Ellipse(centre: trunk + [0, -52], half: [110, 50] * scale, hu: TissueHU.viscera),
        ]
        // Erector spinae and multifidus, psoas, quadratus lumborum.
        list += both(30, half.y + 28, [30, 24], TissueHU.muscle)
        list += both(14, half.y + 31, [15, 20], TissueHU.muscle)
        // Psoas begins at T12 and swells downwards.
        let psoas = min(max(0.35 + 0.19 * (Float(here.level) - 19.8), 0), 1.1)
        if psoas > 0.1 {
            list += both(half.x + 1 + 15 * psoas, 6 - 3 * psoas, [17 * psoas, 20 * psoas], TissueHU.muscle)
        }
        list += both(half.x + 40, 18, [14, 8], TissueHU.muscle)
        // Kidneys, T12 to L3.
        let kidney = 1 - (Float(here.level) - 20.6) * (Float(here.level) - 20.6) / 3.2
        if kidney > 0.1 { list += both(68, 2, [24, 21] * kidney.squareRoot(), TissueHU.kidney) }
        // Ligaments and periosteum around the column; aorta left, caval vein right of the midline.
        list.append(Ellipse(centre: column, half: half + [3.5, 3], hu: TissueHU.ligament))
        list.append(Ellipse(centre: column + [9, -half.y - 13], half: [9.5, 9.5] * scale, hu: Float(recipe.bloodHU)))
        list.append(Ellipse(centre: column + [-15, -half.y - 11], half: [11, 9] * scale, hu: Float(recipe.bloodHU)))
        // The canal: epidural fat, dural sac, and in it the cord, or below L1 the roots at the back of the sac.
        list.append(Ellipse(centre: canal, half: canalHalf + 1, hu: TissueHU.epiduralFat))
        list.append(Ellipse(centre: canal, half: canalHalf - [3, 1.2], hu: TissueHU.cerebrospinalFluid))
        if z > coneZ {
            list.append(Ellipse(centre: canal, half: [5, 4], hu: TissueHU.cord))
        } else {
            list.append(Ellipse(centre: canal + [0, 2.2], half: [6, 2.6], hu: TissueHU.cord))
        }
        for bubble in bubbles {
            let above = z - bubble.z
            let squared = bubble.w * bubble.w - above * above
            guard squared > 1 else { continue }
            let radius = squared.squareRoot()
            list.append(Ellipse(centre: [bubble.x, bubble.y], half: [radius * 1.4, radius], hu: TissueHU.bowelGas))
        }
        return list
    }

    /// Height of the end of the cord: the lower rim of L1.
    private var coneZ: Float {
        for disc in discs where disc.above.shape.level == .L1 {
            return Float(disc.above.frame.point([0, 0, -Double(disc.above.shape.body.halfHeight)]).z)
        }
        return discs.contains { $0.below.shape.level > .L1 } ? .infinity : -.infinity
    }

    /// Strands of fat in the muscles.
    private func paintFatStreaks(
        z: Float, on grid: PlaneGrid, around here: SpinePath.Station, into hu: UnsafeMutableBufferPointer<Float>
    ) {
        for y in 0..<grid.height {
            for x in 0..<grid.width where hu[y * grid.width + x] == TissueHU.muscle {
                let p: SIMD3<Float> = [
                    Float(grid.originMM.x + Double(x) * grid.stepMM.x),
                    Float(grid.originMM.y + Double(y) * grid.stepMM.y),
                    z * 0.25,
                ]
                hu[y * grid.width + x] -= 130 * min(max(streaks.value(at: p) - 1.1, 0), 1)
            }
        }
    }

    /// Discs between neighbouring rims. They reach into the bodies, which are drawn over them.
    private func paintDiscs(z: Double, on grid: PlaneGrid, into hu: UnsafeMutableBufferPointer<Float>) {
        for (below, above) in discs {
            let low = below.shape.body
            let high = above.shape.body
            let reach = Double(low.halfHeight) + 25
            guard z > below.frame.originMM.z - reach, z < above.frame.originMM.z + reach else { continue }
            for y in 0..<grid.height {
                for x in 0..<grid.width {
                    let point: PointMM = [
                        grid.originMM.x + Double(x) * grid.stepMM.x, grid.originMM.y + Double(y) * grid.stepMM.y, z,
                    ]
                    let p = SIMD3<Float>(below.frame.local(point))
                    guard abs(p.x) < low.halfWidth + 2, abs(p.y) < low.halfDepth + 2,
                        p.z > low.halfHeight + low.heightSlope * p.y - 3.5
                    else { continue }
                    let q = SIMD3<Float>(above.frame.local(point))
                    guard q.z < -(high.halfHeight + high.heightSlope * q.y) + 3.5 else { continue }
                    let wall = min(
                        low.distances([p.x, p.y, low.halfHeight]).wall,
                        high.distances([q.x, q.y, -high.halfHeight]).wall)
                    let inside = min(max(0.5 - wall, 0), 1)
                    guard inside > 0 else { continue }
                    let core = min(max(-wall / 5 - 1, 0), 1)
                    let tissue = TissueHU.annulus + core * (TissueHU.nucleus - TissueHU.annulus)
                    hu[y * grid.width + x] += inside * (tissue - hu[y * grid.width + x])
                }
            }
        }
    }
}
