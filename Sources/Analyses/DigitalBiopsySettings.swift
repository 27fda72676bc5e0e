// The settings of the digital biopsy: what each means, may be, and is by default.
import Domain
import Imaging
import Morphometry
import OutcomeModels
import Segmentation

/// Checked settings of `DigitalBiopsy`.
struct DigitalBiopsySettings: Sendable {
    /// Which vertebrae, where the request shows none.
    var targets: TargetRequest
    var procedure: AugmentationProcedure
    var ascertainment: LeakageAscertainment
    /// nil when the cement is not decided.
    var isLowViscosityCement: Bool?
    var rehearsal: RehearsalRequest
    var calibration: DensityCalibration?
    var intravertebralCleft: Bool?
    var basivertebralForamenSign: Bool?
    var denoise: String
    /// nil when none are asked for.
    var radiomics: RadiomicsRequest?
    var deepFeatures: DeepFeaturesRequest
    var draws: Int
    var randomSeed: UInt64
    /// Every setting as it took part, for the provenance.
    var resolved: [String: ParameterValue]

    /// - Parameter encoders: names of the models that may be named, the default first.
    static func descriptions(_ encoders: [String]) -> [ParameterDescription] {
        TargetRequest.descriptions + general + [DeepFeaturesRequest.description(encoders)]
            + RehearsalRequest.descriptions
            + DensityCalibration.descriptions
    }

    private static let general = [
        ParameterDescription(
            name: "procedure", summary: "PVP (vertebroplasty) or PKP (kyphoplasty): sets the published baseline.",
            choices: AugmentationProcedure.allCases.map(\.rawValue), defaultValue: .text("PVP")),
        ParameterDescription(
            name: "ascertainment",
            summary: "How leakage would be looked for after the procedure; CT finds two to three times as much.",
            choices: LeakageAscertainment.allCases.map(\.rawValue), defaultValue: .text("mixed")),
        ParameterDescription(
            name: "cementViscosity", summary: "Viscosity of the cement at injection.",
            choices: ["unknown", "low", "high"], defaultValue: .text("unknown")),
        ParameterDescription(
            name: "intravertebralCleft",
            summary: "Whether an intravertebral cleft was seen; what is stated stands above what is measured."),
        ParameterDescription(
            name: "basivertebralForamenSign",
            summary:
                "Whether the basivertebral foramen sign was seen; what is stated stands above what is measured."),
        ParameterDescription(
            name: "denoise", summary: "Filter before radiomics: none, or a 3x3x3 median.", choices: ["none", "median"],
            defaultValue: .text("none")),
        RadiomicsRequest.description,
        ParameterDescription(
            name: "draws", summary: "Monte Carlo draws behind each interval.", range: [100, 100_000],
            defaultValue: .number(4000)),
        ParameterDescription(
            name: "randomSeed",
            summary: "Seed of all chance, in the intervals and in the rehearsal; the same seed gives the same numbers.",
            range: [0, 9_007_199_254_740_991], defaultValue: .number(20_261_121)),
    ]

    /// - Throws: `AnalysisError` naming the setting.
    init(_ given: [String: ParameterValue], encoders: [String]) throws(AnalysisError) {
        let resolved = try Parameters.resolve(given, by: Self.descriptions(encoders))
        targets = try TargetRequest(resolved)
        procedure = resolved.text("procedure").flatMap(AugmentationProcedure.init) ?? .vertebroplasty
        ascertainment = resolved.text("ascertainment").flatMap(LeakageAscertainment.init) ?? .mixed
        let stated = ["low": true, "high": false][resolved.text("cementViscosity") ?? ""]
        rehearsal = try RehearsalRequest(resolved, isLowViscosity: stated)
        isLowViscosityCement = stated ?? (resolved["cement"] == nil ? nil : rehearsal.isLowViscosityCement)
        calibration = try DensityCalibration(resolved)
        intravertebralCleft = resolved.flag("intravertebralCleft")
        basivertebralForamenSign = resolved.flag("basivertebralForamenSign")
        denoise = resolved.text("denoise") ?? "none"
        radiomics = try RadiomicsRequest.read(resolved[RadiomicsRequest.setting])
        deepFeatures = DeepFeaturesRequest(
            resolved.text(DeepFeaturesRequest.setting), isGiven: given[DeepFeaturesRequest.setting] != nil)
        draws = Int(resolved.number("draws") ?? 4000)
        randomSeed = UInt64(resolved.number("randomSeed") ?? 0)
        self.resolved = resolved
    }
}

extension DigitalBiopsySettings {
    /// Which targets are rehearsed. Whole spines take minutes, so that without a wish the suspects are chosen.
    func choice(_ found: BiopsyTargets) -> TargetRequest.Choice {
        targets.choice ?? (found.found != nil && targets.levels.isEmpty ? .suspects : .all)
    }

    /// Checks the planned needles and volume against the bodies, before anything long is computed.
    ///
    /// - Throws: `AnalysisError` naming vertebra and figure.
    func checkPlan(in vertebrae: [Vertebra]) throws(AnalysisError) {
        for vertebra in vertebrae {
            let geometry = vertebra.parts.geometry
            for tip in rehearsal.tips.tips(of: vertebra.level) ?? [] {
                let voxel = geometry.voxel(holding: tip)
                guard let voxel, vertebra.parts[voxel.x, voxel.y, voxel.z] == Vertebra.Part.body.rawValue else {
                    throw .needleOutsideBody(vertebra.level, tipMM: tip.list)
                }
            }
            let bodyML = Double(vertebra.voxelCount(of: .body)) * geometry.voxelVolumeMM3 / 1000
            if let volume = rehearsal.plannedVolumeML, volume > Self.greatestShare * bodyML {
                throw .volumeExceedsBody(vertebra.level, volumeML: volume, bodyML: bodyML)
            }
        }
    }

    /// Pores of the whole body that a plan may fill (our choice: published volumes stay below a quarter; nine tenths are pores).
    private static let greatestShare = 0.8
}
