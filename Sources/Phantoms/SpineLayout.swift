// The subject: which vertebrae stand where, and what is planted in them.
import Domain
import Foundation
import Imaging

/// A vertebra and where its own frame lies in the patient.
struct PlacedVertebra {
    var shape: VertebraShape
    /// Origin = the shape's own origin, halfway between the rim planes; not the centroid of the body.
    var frame: VertebralFrame
    /// False for the neighbours that are drawn without truth.
    var hasTruth: Bool
    /// Height of the disc above, at its middle.
    var discAboveMM: Double
    /// Forward lean at mean curvature.
    var leanDegrees: Double
    /// Canal depth and width.
    var canalMM: SIMD2<Double>
}

/// All vertebrae of a phantom, caudal to cranial.
struct SpineLayout {
    var vertebrae: [PlacedVertebra]

    init(_ recipe: PhantomRecipe) throws {
        try recipe.validate()
        let all = LevelAnatomy.supported
        guard let top = recipe.levels.first, let bottom = recipe.levels.last,
            let first = all.firstIndex(of: top), let last = all.firstIndex(of: bottom)
        else { throw PhantomFault.levelsInvalid(recipe.levels) }
        let drawn = all[max(first - 1, 0)...min(last + 1, all.count - 1)]

        vertebrae = drawn.reversed().map { Self.vertebra($0, recipe: recipe) }
        place(recipe)
        plant(recipe)
    }

    /// Everything that is drawn as bone: the vertebrae, at their own indices, and the ribs.
    var bones: [PlacedVertebra] {
        vertebrae
            + vertebrae.filter { $0.shape.level < .L1 }.map { vertebra in
                var ribs = vertebra
                ribs.hasTruth = false
                ribs.shape.isRibs = true
                ribs.shape.arch = ArchShape(ribsOf: vertebra.shape.level, beside: vertebra.shape.body)
                ribs.shape.gaps = []
                ribs.shape.cavities = []
                return ribs
            }
    }

    /// One vertebra of the recipe's subject, not yet placed and without what is planted inside it.
    static func vertebra(_ level: VertebralLevel, recipe: PhantomRecipe) -> PlacedVertebra {
        var subject = RandomSource(seed: recipe.seed, stream: 1)
        let scale = recipe.subjectScale ?? subject.uniform(0.95...1.07)
        var random = RandomSource(seed: recipe.seed, stream: 100 + UInt64(level.labelValue))
        var anatomy = LevelAnatomy(level: level, subjectScale: scale, random: &random)
        for case .collapse(let collapse) in recipe.lesions where collapse.level == level {
            anatomy.body.apply(collapse)
        }
        let body = BodyShape(anatomy.body, random: &random)
        let shape = VertebraShape(
            level: level, body: body, arch: ArchShape(anatomy.arch, behind: body, sacral: level == .S1),
            wallThickness: Float(recipe.cortexThicknessMM), archThickness: Float(recipe.archThicknessMM),
            thicknessVariation: Float(recipe.cortexThicknessVariation),
            unevenness: SmoothField(spacingMM: 3, random: &random), marrowHU: Float(recipe.trabecularHU(of: level)),
            textureSDHU: Float(recipe.textureSDHU),
            texture: SmoothField(spacingMM: recipe.textureGrainMM, random: &random),
            fineVariation: Float(recipe.cortexFineVariation), fineUnevenness: SmoothField(spacingMM: 1, random: &random)
        )
        let frame = VertebralFrame(originMM: .zero, x: [1, 0, 0], y: [0, -1, 0], z: [0, 0, 1])
        return PlacedVertebra(
            shape: shape, frame: frame, hasTruth: recipe.levels.contains(level), discAboveMM: anatomy.discAboveMM,
            leanDegrees: anatomy.leanDegrees, canalMM: [anatomy.arch.canalDepthMM, anatomy.arch.canalWidthMM])
    }

    /// Turns and stacks the vertebrae; the middle of the stack comes to lie at the LPS origin.
    private mutating func place(_ recipe: PhantomRecipe) {
        var random = RandomSource(seed: recipe.seed, stream: 2)
        var kyphosis = 0.0
        for i in vertebrae.indices {
            // A collapsed front tips everything above it forward; half of that is made up for by posture (our choice).
            let collapsed = vertebrae[i].shape.body.dimensions.collapseDegrees
            let bend = recipe.scoliosisDegrees * (Double(i) / Double(max(vertebrae.count - 1, 1)) - 0.5)
            vertebrae[i].frame = VertebralFrame(
                leanDegrees: vertebrae[i].leanDegrees * recipe.curvature + 0.5 * kyphosis + 0.25 * collapsed
                    + random.uniform(-1...1),
                bendDegrees: bend + random.uniform(-1.5...1.5), turnDegrees: random.uniform(-2...2))
            kyphosis += collapsed
        }
        for i in vertebrae.indices.dropFirst() {
            let below = vertebrae[i - 1]
            let here = vertebrae[i]
            let between = normalised(below.frame.z + here.frame.z)
            vertebrae[i].frame.originMM =
                below.frame.originMM + below.frame.z * Double(below.shape.body.halfHeight)
                + between * below.discAboveMM + here.frame.z * Double(here.shape.body.halfHeight)
        }
        let shown = vertebrae.filter(\.hasTruth)
        let centre = shown.map(\.frame.originMM).reduce(.zero, +) / Double(max(shown.count, 1))
        for i in vertebrae.indices { vertebrae[i].frame.originMM -= centre }
    }

    private mutating func plant(_ recipe: PhantomRecipe) {
        for lesion in recipe.lesions {
            guard let i = vertebrae.firstIndex(where: { $0.shape.level == lesion.level }) else { continue }
            switch lesion {
            case .corticalGap(let gap): vertebrae[i].shape.gaps.append(GapPatch(gap, on: vertebrae[i].shape.body))
            case .cleft(let cleft): vertebrae[i].shape.cavities.append(Cavity(cleft, in: vertebrae[i].shape.body))
            case .basivertebralForamen(let foramen):
                vertebrae[i].shape.cavities.append(Cavity(foramen, in: vertebrae[i].shape.body))
            case .collapse: break
            }
        }
    }
}

extension VertebralFrame {
    /// A frame at the origin: leaned forward, bent to the patient's left, turned to the patient's left.
    init(leanDegrees: Double, bendDegrees: Double, turnDegrees: Double) {
        let lean = leanDegrees * .pi / 180
        let bend = bendDegrees * .pi / 180
        let turn = turnDegrees * .pi / 180
        let z = normalised([sin(bend), -sin(lean), cos(lean)])
        let anterior: SIMD3<Double> = [sin(turn), -cos(turn), 0]
        let y = normalised(anterior - z * dot(anterior, z))
        // x (right to left), y (to anterior), z (to cranial) is left-handed in LPS.
        self.init(originMM: .zero, x: cross(z, y), y: y, z: z)
    }
}
