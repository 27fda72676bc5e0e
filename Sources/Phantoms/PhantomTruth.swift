// What is known of a phantom because it was made that way.
import Domain
import Foundation
import Imaging

/// The truth of a phantom, from its shapes and not from its voxels. Points are LPS millimetres.
package struct PhantomTruth: Codable, Hashable, Sendable {
    package var recipe: PhantomRecipe
    /// Cranial to caudal.
    package var vertebrae: [VertebraTruth]

    init(_ recipe: PhantomRecipe, _ layout: SpineLayout) {
        self.recipe = recipe
        vertebrae = layout.vertebrae.filter(\.hasTruth).reversed().map { VertebraTruth($0, recipe: recipe) }
    }

    /// The truth of one level, or nil when the phantom does not have it.
    package func vertebra(_ level: VertebralLevel) -> VertebraTruth? { vertebrae.first { $0.level == level } }
}

/// The truth of one vertebra.
package struct VertebraTruth: Codable, Hashable, Sendable {
    package var level: VertebralLevel
    /// Centroid of the body; lies in the marrow and serves as a seed.
    package var bodyCentreLPSMM: SIMD3<Double>
    /// Unit axes in LPS: patient's right to left, posterior to anterior, caudal to cranial (halfway between the endplates).
    package var xAxisLPS: SIMD3<Double>
    package var yAxisLPS: SIMD3<Double>
    package var zAxisLPS: SIMD3<Double>
    /// Body heights along `zAxisLPS` in the mid-sagittal plane, at 85, 50 and 15 % of the body's depth from posterior.
    package var anteriorHeightMM: Double
    package var middleHeightMM: Double
    package var posteriorHeightMM: Double
    /// Depth of the mid-sagittal section of the body, its greatest extent along `yAxisLPS`.
    package var bodyDepthMM: Double
    /// Greatest width of the body.
    package var bodyWidthMM: Double
    /// Volume of the body, shell included, arch excluded.
    package var bodyVolumeML: Double
    /// Angle between the endplates' rim planes; positive when the front is lower.
    package var wedgeAngleDegrees: Double
    /// Forward tilts against `zAxisLPS` of the lines that rest on both rims of an endplate in the mid-sagittal plane; positive where they fall
    /// to the front. Their difference is the wedge as a ruler on the surface shows it.
    package var superiorTiltDegrees: Double
    package var inferiorTiltDegrees: Double
    /// How far the posterior wall lies behind the line between its corners (the hindmost points of the upper and lower tenth of its height),
    /// greatest over sagittal sections within 8 mm of the midline.
    package var posteriorBulgeMM: Double
    /// Least distance from the posterior wall straight back to the lamina, or to its straight continuation where the wall has none
    /// behind it; median over sections within 3 mm of the midline.
    package var canalDepthMM: Double?
    /// Mean HU of the trabecular bone, without lesions.
    package var trabecularHU: Double
    package var lesions: [LesionTruth]

    /// The vertebra's frame; its origin is the body's centre.
    package var frame: VertebralFrame {
        VertebralFrame(originMM: bodyCentreLPSMM, x: xAxisLPS, y: yAxisLPS, z: zAxisLPS)
    }
}

/// The truth of one planted lesion.
package struct LesionTruth: Codable, Hashable, Sendable {
    package var kind: Lesion.Kind
    /// Centre of the lesion: of a gap on the outer surface, of a cavity inside. nil for a collapse.
    package var centroidLPSMM: SIMD3<Double>?
    /// Unit vector along a gap's long side; nil for other lesions.
    package var directionLPS: SIMD3<Double>?
    /// The wall that is open; nil where none is. A side is named by the gap's place (`BodySides`), not by the angle at which it was
    /// drawn: the two differ near the corners of the body.
    package var wall: BodyWall?
    /// BodyQuadrant and height third of the centre, in the vertebra's frame; nil for a collapse.
    package var quadrant: BodyQuadrant?
    package var third: BodyThird?
    /// Open area of the shell; nil where the shell is closed.
    package var areaMM2: Double?
    /// Size of a gap on the surface, or of a cavity: across (x), along (y for cavities), and for cavities the height.
    package var widthMM: Double?
    package var lengthMM: Double?
    package var heightMM: Double?
    /// Volume of a cavity inside the body.
    package var volumeML: Double?
    /// How far a foramen's canal reaches into the body.
    package var depthMM: Double?
    /// The relative loss of a collapse.
    package var lossFraction: Double?
    package var collapse: Collapse.Shape?
    package var content: Cleft.Content?
}

extension VertebraTruth {
    init(_ vertebra: PlacedVertebra, recipe: PhantomRecipe) {
        let shape = vertebra.shape
        let solid = shape.body.solid()
        let profile = shape.body.midSagittalProfile()
        level = shape.level
        bodyCentreLPSMM = vertebra.frame.point(solid.centroid)
        xAxisLPS = vertebra.frame.x
        yAxisLPS = vertebra.frame.y
        zAxisLPS = vertebra.frame.z
        anteriorHeightMM = profile.height(atDepthFraction: 0.85, of: shape.body)
        middleHeightMM = profile.height(atDepthFraction: 0.5, of: shape.body)
        posteriorHeightMM = profile.height(atDepthFraction: 0.15, of: shape.body)
        bodyDepthMM = profile.anterior - profile.posterior
        bodyWidthMM = solid.width
        bodyVolumeML = solid.volumeMM3 / 1000
        wedgeAngleDegrees = -2 * atan(Double(shape.body.heightSlope)) * 180 / .pi
        superiorTiltDegrees = shape.body.tiltDegrees(superior: true, on: profile)
        inferiorTiltDegrees = shape.body.tiltDegrees(superior: false, on: profile)
        let wall = shape.posteriorWall()
        posteriorBulgeMM = wall.bulgeMM
        canalDepthMM = wall.canalDepthMM
        trabecularHU = recipe.trabecularHU(of: shape.level)
        lesions = []
        let frame = frame
        lesions = recipe.lesions.filter { $0.level == shape.level }.map {
            LesionTruth($0, in: vertebra, bodyFrame: frame)
        }
    }
}

extension LesionTruth {
    init(_ lesion: Lesion, in vertebra: PlacedVertebra, bodyFrame: VertebralFrame) {
        let body = vertebra.shape.body
        switch lesion {
        case .corticalGap(let gap):
            self.init(kind: .corticalGap)
            widthMM = gap.widthMM
            lengthMM = gap.lengthMM
            areaMM2 = gap.widthMM * gap.lengthMM
            let patch = GapPatch(gap, on: body)
            wall = gap.wall.isEndplate ? gap.wall : body.sides.side(of: SIMD3<Double>(patch.centre))
            let along = SIMD3<Double>(gap.lengthMM >= gap.widthMM ? patch.lengthAxis : patch.widthAxis)
            directionLPS = vertebra.frame.point(along) - vertebra.frame.originMM
            locate(patch.centre, in: vertebra, bodyFrame: bodyFrame)
        case .cleft(let cleft):
            self.init(kind: .cleft)
            content = cleft.content
            widthMM = cleft.sizeMM.x
            lengthMM = cleft.sizeMM.y
            heightMM = cleft.sizeMM.z
            volumeML = Cavity(cleft, in: body).volumeMM3(in: body) / 1000
            locate(Cavity(cleft, in: body).centre, in: vertebra, bodyFrame: bodyFrame)
        case .basivertebralForamen(let foramen):
            self.init(kind: .basivertebralForamen)
            wall = .posterior
            widthMM = foramen.widthMM
            heightMM = foramen.heightMM
            depthMM = foramen.depthFraction * body.dimensions.depthMM
            areaMM2 = .pi * foramen.widthMM * foramen.heightMM / 4
            locate(Cavity(foramen, in: body).centre, in: vertebra, bodyFrame: bodyFrame)
        case .collapse(let collapse):
            self.init(kind: .collapse)
            lossFraction = collapse.lossFraction
            self.collapse = collapse.shape
        }
    }

    private init(kind: Lesion.Kind) { self.kind = kind }

    private mutating func locate(_ place: SIMD3<Float>, in vertebra: PlacedVertebra, bodyFrame: VertebralFrame) {
        let point = vertebra.frame.point(SIMD3<Double>(place))
        centroidLPSMM = point
        let local = bodyFrame.local(point)
        quadrant = BodyQuadrant(localMM: local)
        let body = vertebra.shape.body
        let height = place.z / (body.halfHeight + body.heightSlope * place.y)
        third = height > 1.0 / 3 ? .upper : (height < -1.0 / 3 ? .lower : .middle)
    }
}
