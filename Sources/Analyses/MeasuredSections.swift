// Measurements as the report words them.
import Domain
import Imaging
import Morphometry

extension SegmentationSection {
    init(_ target: BiopsyTarget, _ measured: VertebraMorphometry) {
        let vertebra = target.vertebra
        let frame = vertebra.frame
        self.init(
            origin: vertebra.origin.rawValue, levelNamedBy: target.naming.name,
            levelConfidence: target.naming.confidence, labelValue: Int(vertebra.level.labelValue),
            isWhole: vertebra.isWhole, bodyVolumeML: measured.bodyVolumeML, vertebraVolumeML: measured.vertebraVolumeML,
            bodyCentreLPSMM: frame.originMM.list,
            frame: FrameAxes(
                rightToLeft: frame.x.list, posteriorToAnterior: frame.y.list, caudalToCranial: frame.z.list),
            verdict: target.review.verdict, warnings: target.review.reasons)
    }
}

extension MorphometrySection {
    init(measured: VertebraMorphometry) {
        let definition = VertebraMorphometry.definitions
        var list: [Measurement] = []
        func add(_ name: String, _ value: Double?, _ unit: String, _ source: String) {
            guard let value else { return }
            list.append(Measurement(name: name, value: value, unit: unit, source: source))
        }
        add("bodyVolume", measured.bodyVolumeML, "mL", "voxels of the body mask")
        add("vertebraVolume", measured.vertebraVolumeML, "mL", "voxels of body and posterior elements")
        add("anteriorHeight", measured.heights?.anteriorMM, "mm", definition)
        add("middleHeight", measured.heights?.middleMM, "mm", definition)
        add("posteriorHeight", measured.heights?.posteriorMM, "mm", definition)
        let focal = measured.heights?.focal
        add("anteriorFocalHeight", focal?.anteriorMM, "mm", definition)
        add("middleFocalHeight", focal?.middleMM, "mm", definition)
        add("posteriorFocalHeight", focal?.posteriorMM, "mm", definition)
        add("wedgeAngle", measured.wedgeAngleDegrees, "degrees", "between the endplates, positive when lower in front")
        add("superiorEndplateTilt", measured.superiorTiltDegrees, "degrees", VertebraMorphometry.tiltDefinition)
        add("inferiorEndplateTilt", measured.inferiorTiltDegrees, "degrees", VertebraMorphometry.tiltDefinition)
        add(
            "biconcavityIndex", measured.heights?.biconcavityIndex, "1",
            "middle height over the mean of anterior and posterior height")
        add(
            "regionalCobb", measured.neighbours?.regionalCobbDegrees, "degrees",
            NeighbourComparison.regionalCobbDefinition)
        let wall = measured.posteriorWall
        add("posteriorWallBulge", wall?.bulgeMM, "mm", PosteriorWall.definition)
        add("posteriorWallBulgeShare", wall?.bulgeShareOfCanal, "1", "bulge over the canal's depth without it")
        add("canalDepth", wall?.canalDepthMM, "mm", PosteriorWall.canalDefinition)
        add("canalCompromise", measured.neighbours?.canalCompromise, "1", PosteriorWall.canalDefinition)
        add("bodyWidth", measured.widthMM, "mm", "transverse diameter at its widest")
        add("bodyDepth", measured.depthMM, "mm", "sagittal diameter at its widest")
        add("trabecularMean", measured.trabecularHU?.meanHU, "HU", TrabecularRegion.definition)
        add("trabecularMedian", measured.trabecularHU?.medianHU, "HU", TrabecularRegion.definition)
        add("trabecularSD", measured.trabecularHU?.sdHU, "HU", TrabecularRegion.definition)
        add("trabecularSparsity", measured.texture?.sparsity, "1", TrabecularTexture.sparsityDefinition)
        add("trabecularAnisotropy", measured.texture?.anisotropy, "1", TrabecularTexture.anisotropyDefinition)
        let density = measured.density
        let calibration = density?.calibration.source ?? ""
        add(
            "trabecularDensity", density?.meanMGPerCM3, "mg/cm3",
            "\(calibration); QCT class of this value: \(density?.qctClass.rawValue ?? "") (two of L1 and L2 are needed)"
        )
        add(
            "trabecularDensityLower", density?.rangeMGPerCM3.lowerBound, "mg/cm3",
            "least the calibration allows: \(calibration)")
        add(
            "trabecularDensityUpper", density?.rangeMGPerCM3.upperBound, "mg/cm3",
            "most the calibration allows: \(calibration)")
        add("bodyMean", measured.meanBodyHU.meanHU, "HU", "whole body mask, cortex included")
        self.init(measurements: list, fracture: nil, cortex: nil)
    }
}

extension Measurement {
    /// How plainly the way into the epidural veins is seen; 0 where no foramen was found.
    static func venousPathway(_ foramen: BasivertebralForamen?) -> Measurement {
        Measurement(
            name: "venousPathwayIndex", value: foramen?.venousPathwayIndex ?? 0, unit: "1",
            source: BasivertebralForamen.venousPathwayDefinition)
    }
}

extension FractureSection {
    init(_ compression: Compression) {
        self.init(
            genantGrade: compression.genantGrade, deformity: compression.deformity.rawValue,
            compression: compression.rate, reference: compression.referenceText, source: Compression.source)
    }
}

extension CortexSection {
    init(_ map: CortexMap) {
        self.init(
            gaps: map.gaps.map(GapSection.init),
            walls: map.walls.flatMap { wall in
                [
                    Measurement(
                        name: "\(wall.wall.rawValue)CorticalMass", value: wall.massHUMM, unit: "HU mm",
                        source: "layer fit along surface normals (after Treece 2010, 10.1016/j.media.2010.01.003)"),
                    Measurement(
                        name: "\(wall.wall.rawValue)EquivalentThickness", value: wall.equivalentThicknessMM, unit: "mm",
                        source: "fit of a blurred layer of 1200 HU (our choice; after Treece 2010)"),
                ]
            }
                + map.readableAreaMM2.keys.sorted { $0.rawValue < $1.rawValue }.map { side in
                    Measurement(
                        name: "\(side.rawValue)AnalysedShare", value: map.analysedShare(of: [side]), unit: "1",
                        source: "part of the side in which gaps were looked for (docs/cortex.md)")
                },
            analysedShare: map.analysedShare(of: BodyWall.allCases), limits: map.limits)
    }
}

extension GapSection {
    init(_ gap: CorticalGap) {
        self.init(
            wall: gap.wall.rawValue, quadrant: gap.quadrant.rawValue, third: gap.third.rawValue,
            centroidLPSMM: [gap.centroidMM.x, gap.centroidMM.y, gap.centroidMM.z], areaMM2: gap.areaMM2,
            widthMM: gap.widthMM, lengthMM: gap.lengthMM, score: gap.score)
    }
}
