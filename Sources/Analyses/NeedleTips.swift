// Where a request puts the needles' tips, as text for one vertebra or as an object for several.
import Domain
import Foundation
import Imaging

/// Planned needle tips by vertebra.
struct NeedleTips: Sendable, Equatable {
    /// Name of the setting.
    static let setting = "needleTipsLPSMM"
    /// One needle from one side, or two.
    private static let counts = 1...2

    /// One or two points each, LPS millimetres; empty where the request plans none.
    private(set) var byLevel: [VertebralLevel: [PointMM]] = [:]
    /// Tips that name no vertebra: those of the only target.
    private(set) var unnamed: [PointMM]?

    static let description = ParameterDescription(
        name: setting,
        summary: """
            Planned tips of one or two needles for each vertebra, LPS millimetres, inside the vertebral body. Without them the tips that \
            the approach usually has are taken.
            """,
        alternative: """
            An object of levels, each a list of points ({"L1": [[x, y, z], [x, y, z]]}); for a single target also a text ("x,y,z; x,y,z").
            """)

    init() {}

    /// - Throws: `AnalysisError` naming the vertebra whose tips cannot be read.
    init(_ value: ParameterValue?) throws(AnalysisError) {
        switch value {
        case nil: break
        case .text(let text):
            unnamed = try Self.points(
                text.split(separator: ";", omittingEmptySubsequences: false).map { point in
                    point.split(separator: ",", omittingEmptySubsequences: false).map {
                        Double($0.trimmingCharacters(in: .whitespaces))
                    }
                }, of: nil)
        case .object(let members):
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                guard let level = VertebralLevel(rawValue: name) else {
                    throw Self.flaw(name, "\(Self.setting) names '\(name)', which is no level.")
                }
                byLevel[level] = try Self.points(Self.coordinates(value), of: name)
            }
        case .flag, .number, .list: throw .parameterWrongType(Self.setting, needed: "an object of levels or a text")
        }
    }

    /// The tips planned for a vertebra; nil where the request plans none.
    func tips(of level: VertebralLevel) -> [PointMM]? { byLevel[level] ?? unnamed }

    /// Checks that every tip belongs to a target.
    ///
    /// - Throws: `AnalysisError` naming the level.
    func check(against targets: [VertebralLevel]) throws(AnalysisError) {
        if let stray = byLevel.keys.sorted().first(where: { !targets.contains($0) }) {
            throw Self.flaw(
                stray.rawValue, "\(Self.setting) has tips for \(stray.rawValue), which is not among the targets.")
        }
        guard unnamed == nil || targets.count == 1 else {
            throw Self.flaw(
                nil, "\(Self.setting) is a text, which names no vertebra, and there are \(targets.count) targets.")
        }
    }

    /// Checks that each vertebra has as many tips as the approach has needles.
    ///
    /// - Throws: `AnalysisError` naming the level.
    func check(count: Int?, approach: String) throws(AnalysisError) {
        guard let count else { return }
        let all = byLevel.sorted { $0.key < $1.key }.map { (Optional($0.key.rawValue), $0.value) }
        for (name, points) in all + (unnamed.map { [(nil, $0)] } ?? []) where points.count != count {
            throw Self.flaw(
                name, "The approach '\(approach)' has \(count) needle\(count == 1 ? "" : "s"), not \(points.count).")
        }
    }

    private static func coordinates(_ value: JSONValue) -> [[Double?]] {
        guard case .list(let points) = value else { return [] }
        return points.map { point in
            guard case .list(let numbers) = point else { return [] }
            return numbers.map { if case .number(let number) = $0 { number } else { nil } }
        }
    }

    private static func points(_ coordinates: [[Double?]], of name: String?) throws(AnalysisError) -> [PointMM] {
        guard counts.contains(coordinates.count) else {
            throw flaw(name, "There are \(coordinates.count) needle tips; there may be one or two.")
        }
        var points: [PointMM] = []
        for point in coordinates {
            let numbers = point.compactMap { $0 }.filter(\.isFinite)
            guard point.count == 3, numbers.count == 3 else {
                throw flaw(name, "A needle tip is not three finite numbers.")
            }
            points.append([numbers[0], numbers[1], numbers[2]])
        }
        return points
    }

    private static func flaw(_ name: String?, _ detail: String) -> AnalysisError {
        .parameterUnusable(
            setting,
            FaultRecord(
                code: .parameterInvalid, detail: detail,
                fix: "Give {\"L1\": [[x, y, z]]} with one or two points in LPS millimetres for each target.",
                subject: name))
    }
}
