// One vertebra that the request names: the anchor of all other names.
import Domain
import Imaging
import Segmentation

/// A level and a point in or near that vertebra's body.
struct LevelAnchor: Sendable, Equatable {
    /// Name of the setting.
    static let setting = "anchor"

    let seed: VertebraSeed

    static let description = ParameterDescription(
        name: setting,
        summary: "One vertebra whose level is known; all others are counted from it, whatever the scan itself says.",
        alternative: """
            An object {"level": "L1", "point": [x, y, z]}: a point in that vertebra's body, LPS millimetres; or a text "x,y,z:L1".
            """)

    /// nil where none is given.
    /// - Throws: `AnalysisError` naming the setting.
    init?(_ value: ParameterValue?) throws(AnalysisError) {
        switch value {
        case nil: return nil
        case .text(let text):
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw Self.malformed }
            let numbers = parts[0].split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
            seed = try Self.seed(String(parts[1]), numbers)
        case .object(let members):
            guard members.count == 2, case .text(let name)? = members["level"],
                case .list(let point)? = members["point"]
            else { throw Self.malformed }
            seed = try Self.seed(name, point.map { if case .number(let number) = $0 { number } else { nil } })
        case .flag, .number, .list: throw Self.malformed
        }
    }

    private static func seed(_ name: String, _ numbers: [Double?]) throws(AnalysisError) -> VertebraSeed {
        guard let level = VertebralLevel(named: name), level != .S1 else {
            throw .parameterUnusable(
                setting,
                FaultRecord(
                    code: .levelUnknown, detail: "\(setting) names '\(name)', which is no level from C1 to L5.",
                    fix: "Use C1 to C7, T1 to T12 or L1 to L5.", subject: "level"))
        }
        let point = numbers.compactMap { $0 }.filter(\.isFinite)
        guard numbers.count == 3, point.count == 3 else { throw malformed }
        return VertebraSeed(level: level, pointMM: [point[0], point[1], point[2]])
    }

    private static let malformed = AnalysisError.parameterWrongType(
        setting, needed: "an object of level and point, or a text x,y,z:LEVEL")
}
