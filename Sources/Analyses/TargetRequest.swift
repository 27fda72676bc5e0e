// What a request without clicks or label map asks for among the vertebrae that are found.
import Domain

/// The settings of a digital biopsy that finds its vertebrae itself.
struct TargetRequest: Sendable {
    /// The levels that are wanted; empty for every vertebra that the review accepts.
    let levels: [VertebralLevel]
    let anchor: LevelAnchor?
    /// nil: what is usual for the kind of request (`choice`).
    let choice: Choice?

    /// Which targets are rehearsed.
    enum Choice: String, CaseIterable, Sendable {
        case all
        /// Those with a height loss, a cleft, or no neighbour to compare with.
        case suspects
    }

    static let levelsSetting = "levels"
    static let choiceSetting = "rehearse"

    static let descriptions = [
        ParameterDescription(
            name: levelsSetting,
            summary: """
                Without targets: the vertebrae that are wanted, by level; those that need review are measured and rehearsed only if they are named \
                here. Without this setting every accepted vertebra is a target.
                """,
            alternative: """
                A list of levels (["T12", "L1", "unknown-2"]), or a text ("T12,L1").
                """),
        LevelAnchor.description,
        ParameterDescription(
            name: choiceSetting,
            summary: """
                Which targets are rehearsed: all, or suspects (height loss of 15 % or more, a cleft, or no neighbour to compare the height with). Usually \
                all that the request names; without targets and without levels, suspects.
                """,
            choices: Choice.allCases.map(\.rawValue)),
    ]

    /// - Throws: `AnalysisError` naming the setting.
    init(_ resolved: [String: ParameterValue]) throws(AnalysisError) {
        levels = try Self.levels(resolved[Self.levelsSetting])
        anchor = try LevelAnchor(resolved[LevelAnchor.setting])
        choice = resolved.text(Self.choiceSetting).flatMap(Choice.init)
    }

    /// Whether settings speak of vertebrae that the request names itself.
    ///
    /// - Throws: `AnalysisError` naming the setting that goes without targets only.
    func requireNoTargets() throws(AnalysisError) {
        let setting = levels.isEmpty ? anchor.map { _ in LevelAnchor.setting } : Self.levelsSetting
        guard let setting else { return }
        throw .parameterUnusable(
            setting,
            FaultRecord(
                code: .parameterInvalid, detail: "\(setting) goes without targets only, and the request has targets.",
                fix: "Leave out either."))
    }

    private static func levels(_ value: ParameterValue?) throws(AnalysisError) -> [VertebralLevel] {
        let names: [String]
        switch value {
        case nil: return []
        case .text(let text): names = text.split(separator: ",").map { $0.filter { $0 != " " } }
        case .list(let items):
            names = items.compactMap { if case .text(let name) = $0 { name } else { nil } }
            guard names.count == items.count else { throw wrongType }
        case .flag, .number, .object: throw wrongType
        }
        guard !names.isEmpty else { throw wrongType }
        var levels: [VertebralLevel] = []
        for name in names {
            guard let level = VertebralLevel(rawValue: name), level != .S1 else {
                throw .parameterUnusable(
                    levelsSetting,
                    FaultRecord(
                        code: .levelUnknown,
                        detail: "\(levelsSetting) names '\(name)', which is no vertebra from C1 to L5.",
                        fix: "Use C1 to C7, T1 to T12, L1 to L5, or unknown-1, unknown-2, … as 'segment' calls them.",
                        subject: name))
            }
            if !levels.contains(level) { levels.append(level) }
        }
        return levels.sorted()
    }

    private static let wrongType = AnalysisError.parameterWrongType(
        levelsSetting, needed: "a list of levels, or a text such as T12,L1")
}
