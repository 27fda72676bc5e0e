// The report of one vertebra, section by section.

/// Everything about one vertebra. A section that could not be computed is nil and named in `omissions`.
package struct VertebraReport: Codable, Sendable {
    package var level: VertebralLevel
    package var segmentation: SegmentationSection
    /// Absent in reports made before digital-biopsy 2.4.
    package var parts: [PartSection]?
    package var morphometry: MorphometrySection?
    package var radiomics: RadiomicsSection?
    package var deepFeatures: DeepFeaturesSection?
    package var risk: RiskSection?
    package var rehearsal: RehearsalSection?
    package var leakageMap: LeakageMapSection?
    package var recommendation: RecommendationSection?
    package var omissions: [Omission]

    package init(level: VertebralLevel, segmentation: SegmentationSection) {
        self.level = level
        self.segmentation = segmentation
        self.omissions = []
    }
}

/// How the vertebra was found.
package struct SegmentationSection: Codable, Sendable {
    /// `seeded`, `mask` or `automatic`.
    package var origin: String
    /// Who named the level: `request`; where the vertebra was found without targets `anchor` (the request's), `sacrum`, `ribs`,
    /// `dens`, those that agree joined (`sacrum and ribs`), or `nobody` for an unknown level.
    package var levelNamedBy: String
    /// 0…1: which anchors agreed, not a measured probability; absent for a level that the request gives.
    package var levelConfidence: Double?
    /// The value of this vertebra in `segmentation.nii.gz`.
    package var labelValue: Int
    package var isWhole: Bool
    package var bodyVolumeML: Double
    package var vertebraVolumeML: Double
    /// Centre of the body, LPS millimetres.
    package var bodyCentreLPSMM: [Double]
    /// The vertebra's frame in LPS: unit vectors right→left, posterior→anterior, caudal→cranial.
    package var frame: FrameAxes
    /// `accepted` or `needs-review`; nothing is simulated in a body that needs review.
    package var verdict: String
    /// Why it needs review, and whatever else was odd.
    package var warnings: [String]

    package init(
        origin: String, levelNamedBy: String, levelConfidence: Double? = nil, labelValue: Int, isWhole: Bool,
        bodyVolumeML: Double,
        vertebraVolumeML: Double, bodyCentreLPSMM: [Double], frame: FrameAxes, verdict: String, warnings: [String]
    ) {
        self.origin = origin
        self.levelNamedBy = levelNamedBy
        self.levelConfidence = levelConfidence
        self.labelValue = labelValue
        self.isWhole = isWhole
        self.bodyVolumeML = bodyVolumeML
        self.vertebraVolumeML = vertebraVolumeML
        self.bodyCentreLPSMM = bodyCentreLPSMM
        self.frame = frame
        self.verdict = verdict
        self.warnings = warnings
    }
}

/// Three unit vectors in LPS.
package struct FrameAxes: Codable, Sendable {
    package var rightToLeft: [Double]
    package var posteriorToAnterior: [Double]
    package var caudalToCranial: [Double]

    package init(rightToLeft: [Double], posteriorToAnterior: [Double], caudalToCranial: [Double]) {
        self.rightToLeft = rightToLeft
        self.posteriorToAnterior = posteriorToAnterior
        self.caudalToCranial = caudalToCranial
    }
}

/// A number that was measured, with its unit and where its definition comes from.
package struct Measurement: Codable, Sendable {
    package var name: String
    package var value: Double
    package var unit: String
    package var source: String

    package init(name: String, value: Double, unit: String, source: String) {
        self.name = name
        self.value = value
        self.unit = unit
        self.source = source
    }
}

/// Sizes, heights, density and cortex of the body.
package struct MorphometrySection: Codable, Sendable {
    package var measurements: [Measurement]
    package var fracture: FractureSection?
    package var cortex: CortexSection?
    /// Absent where none was found, or where the scan cannot tell, which `omissions` then says.
    package var cleft: CleftSection?
    /// As `cleft`.
    package var basivertebralForamen: ForamenSection?

    package init(measurements: [Measurement], fracture: FractureSection?, cortex: CortexSection?) {
        self.measurements = measurements
        self.fracture = fracture
        self.cortex = cortex
    }
}

/// Height loss and its grade.
package struct FractureSection: Codable, Sendable {
    /// Genant semiquantitative grade 0, 0.5, 1, 2, 3, from measured height loss.
    package var genantGrade: Double
    package var deformity: String
    /// Height lost against the reference, 0…1.
    package var compression: Double
    /// What the heights were compared with.
    package var reference: String
    package var source: String

    package init(genantGrade: Double, deformity: String, compression: Double, reference: String, source: String) {
        self.genantGrade = genantGrade
        self.deformity = deformity
        self.compression = compression
        self.reference = reference
        self.source = source
    }
}

/// The cortical shell: gaps found, and what this scan can show at all.
package struct CortexSection: Codable, Sendable {
    package var gaps: [GapSection]
    package var walls: [Measurement]
    /// Part of the shell in which gaps were looked for, 0…1, rims, pedicle junctions and foramen left out; nil in reports made before
    /// digital-biopsy 2.2.
    package var analysedShare: Double?
    /// What can and cannot be seen at this pixel size, slice thickness and noise.
    package var limits: String

    package init(gaps: [GapSection], walls: [Measurement], analysedShare: Double?, limits: String) {
        self.gaps = gaps
        self.walls = walls
        self.analysedShare = analysedShare
        self.limits = limits
    }
}

/// One gap in the cortex.
package struct GapSection: Codable, Sendable {
    package var wall: String
    package var quadrant: String
    package var third: String
    package var centroidLPSMM: [Double]
    package var areaMM2: Double
    package var widthMM: Double
    package var lengthMM: Double
    /// Detection score: deficit over the noise of this vertebra's own cortex (robust standard deviations).
    package var score: Double

    package init(
        wall: String, quadrant: String, third: String, centroidLPSMM: [Double], areaMM2: Double, widthMM: Double,
        lengthMM: Double, score: Double
    ) {
        self.wall = wall
        self.quadrant = quadrant
        self.third = third
        self.centroidLPSMM = centroidLPSMM
        self.areaMM2 = areaMM2
        self.widthMM = widthMM
        self.lengthMM = lengthMM
        self.score = score
    }
}
