// What a request wants to be rehearsed: cement, needles, volume, runs.
import CementFlow
import Domain

/// The settings of the simulated injection.
struct RehearsalRequest: Sendable {
    var approach: Approach
    var cement: Cement
    /// nil takes the middle of the published range.
    var plannedVolumeML: Double?
    var tips: NeedleTips
    /// 0: no rehearsal; the leakage map is then the geometric one.
    var runs: Int
    /// Probabilities of simulated leakage that the recommended volume stays below, 0…1.
    var thresholds: RehearsalOrder.Thresholds

    enum Approach: String, CaseIterable, Sendable {
        case left, right, bilateral
        /// The one that leaks least in the rehearsal.
        case auto

        var needleCount: Int? {
            switch self {
            case .left, .right: 1
            case .bilateral: 2
            case .auto: nil
            }
        }
    }

    private static let approach = "approach"
    private static let cement = "cement"
    private static let volume = "plannedVolumeML"
    private static let runs = "rehearsalRuns"
    private static let threshold = "leakThreshold"
    private static let canalThreshold = "canalLeakThreshold"

    static let descriptions = [
        ParameterDescription(
            name: approach, summary: "Side of the needle, or both; auto compares them in the rehearsal.",
            choices: Approach.allCases.map(\.rawValue), defaultValue: .text(Approach.auto.rawValue)),
        ParameterDescription(
            name: cement,
            summary: """
                The cement that is rehearsed, none a product. Without it, what cementViscosity says, and medium-viscosity where that is \
                unknown.
                """,
            choices: Cement.named.map(\.name)),
        ParameterDescription(
            name: volume,
            summary: "Cement volume planned for each vertebra, millilitres; without it the middle of the rule's range.",
            range: [0.5, 12]),
        NeedleTips.description,
        ParameterDescription(
            name: runs,
            summary: """
                Simulated injections into each vertebra, each with other chances. 0 leaves the rehearsal out: the leakage map then ranks \
                gaps in the cortex alone (geometric).
                """,
            range: [0, 2000], defaultValue: .number(200)),
        ParameterDescription(
            name: threshold,
            summary: "Probability of simulated leakage of any kind that the recommended volume shall stay below.",
            range: [0.01, 0.9], defaultValue: .number(RehearsalOrder.Thresholds().any)),
        ParameterDescription(
            name: canalThreshold, summary: "The same for leakage into the spinal canal.", range: [0.01, 0.9],
            defaultValue: .number(RehearsalOrder.Thresholds().canal)),
    ]

    /// - Parameter isLowViscosity: what cementViscosity says; nil where it is unknown.
    /// - Throws: `AnalysisError` naming the setting.
    init(_ resolved: [String: ParameterValue], isLowViscosity: Bool?) throws(AnalysisError) {
        approach = resolved.text(Self.approach).flatMap(Approach.init) ?? .auto
        cement = try Self.cement(named: resolved.text(Self.cement), isLowViscosity: isLowViscosity)
        plannedVolumeML = resolved.number(Self.volume)
        tips = try NeedleTips(resolved[NeedleTips.setting])
        runs = Int(resolved.number(Self.runs) ?? 0)
        thresholds = RehearsalOrder.Thresholds()
        thresholds.any = resolved.number(Self.threshold) ?? thresholds.any
        thresholds.canal = resolved.number(Self.canalThreshold) ?? thresholds.canal
        try tips.check(count: approach.needleCount, approach: approach.rawValue)
    }

    private static func cement(named name: String?, isLowViscosity: Bool?) throws(AnalysisError) -> Cement {
        guard let name, let named = Cement.named.first(where: { $0.name == name }) else {
            return isLowViscosity.map { $0 ? .lowViscosity : .highViscosity } ?? .mediumViscosity
        }
        let contrary: Cement? = isLowViscosity.map { $0 ? .highViscosity : .lowViscosity }
        guard named != contrary else {
            throw .parameterUnusable(
                cement,
                FaultRecord(
                    code: .parameterInvalid,
                    detail: "The cement '\(name)' is not of the viscosity that cementViscosity says.",
                    fix: "Leave one of the two out, or make them agree."))
        }
        return named
    }

    /// True for a cement sold as low-viscosity, false for high-viscosity; nil for what lies between.
    var isLowViscosityCement: Bool? {
        switch cement {
        case .lowViscosity: true
        case .highViscosity: false
        default: nil
        }
    }
}
