// The settings of the digital biopsy: what each means, may be, and is by default.
import Domain
import OutcomeModels

/// Checked settings of `DigitalBiopsy`.
struct DigitalBiopsySettings: Sendable {
    var procedure: AugmentationProcedure
    var ascertainment: LeakageAscertainment
    /// nil when the cement is not decided.
    var isLowViscosityCement: Bool?
    var plannedVolumeML: Double?
    var intravertebralCleft: Bool?
    var basivertebralForamenSign: Bool?
    var denoise: String
    /// nil when none are asked for.
    var radiomics: RadiomicsRequest?
    var draws: Int
    var randomSeed: UInt64
    /// Every setting as it took part, for the provenance.
    var resolved: [String: ParameterValue]

    static let descriptions: [ParameterDescription] = [
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
            name: "plannedVolumeML", summary: "Cement volume planned for each vertebra, millilitres.", range: [0.5, 12]),
        ParameterDescription(
            name: "intravertebralCleft",
            summary: "Whether an intravertebral cleft was seen. Not measured by this version; unknown when not stated."),
        ParameterDescription(
            name: "basivertebralForamenSign",
            summary:
                "Whether the basivertebral foramen sign was seen. Not measured by this version; unknown when not stated."
        ),
        ParameterDescription(
            name: "denoise", summary: "Filter before radiomics: none, or a 3x3x3 median.", choices: ["none", "median"],
            defaultValue: .text("none")),
        RadiomicsRequest.description,
        ParameterDescription(
            name: "draws", summary: "Monte Carlo draws behind each interval.", range: [100, 100_000],
            defaultValue: .number(4000)),
        ParameterDescription(
            name: "randomSeed", summary: "Seed of the Monte Carlo draws; the same seed gives the same interval.",
            range: [0, 9_007_199_254_740_991], defaultValue: .number(20_261_121)),
    ]

    /// - Throws: `AnalysisError` naming the setting.
    init(_ given: [String: ParameterValue]) throws(AnalysisError) {
        let resolved = try Parameters.resolve(given, by: Self.descriptions)
        procedure = resolved.text("procedure").flatMap(AugmentationProcedure.init) ?? .vertebroplasty
        ascertainment = resolved.text("ascertainment").flatMap(LeakageAscertainment.init) ?? .mixed
        isLowViscosityCement = ["low": true, "high": false][resolved.text("cementViscosity") ?? ""]
        plannedVolumeML = resolved.number("plannedVolumeML")
        intravertebralCleft = resolved.flag("intravertebralCleft")
        basivertebralForamenSign = resolved.flag("basivertebralForamenSign")
        denoise = resolved.text("denoise") ?? "none"
        radiomics = try RadiomicsRequest.read(resolved[RadiomicsRequest.setting])
        draws = Int(resolved.number("draws") ?? 4000)
        randomSeed = UInt64(resolved.number("randomSeed") ?? 0)
        self.resolved = resolved
    }
}
