// What a client asks to be done, as JSON in `POST /v1/jobs` or as the query of `POST /v1/studies`.
import Domain

/// A vertebra as its two forms of request write it.
struct TargetText {
    /// `x,y,z:LEVEL`, LPS millimetres.
    static func seed(_ text: String, subject: String) throws -> Target {
        let (place, level) = try split(text, subject: subject, form: "x,y,z:LEVEL")
        let coordinates = place.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
        guard coordinates.count == 3, coordinates.allSatisfy(\.isFinite) else {
            throw malformed(text, subject: subject, form: "x,y,z:LEVEL")
        }
        return Target(level: level, seedLPSMM: coordinates)
    }

    /// `VALUE:LEVEL`.
    static func label(_ text: String, subject: String) throws -> Target {
        let (place, level) = try split(text, subject: subject, form: "VALUE:LEVEL")
        guard let label = Int(place), labelRange.contains(label) else {
            throw malformed(text, subject: subject, form: "VALUE:LEVEL")
        }
        return Target(level: level, label: label)
    }

    /// Values that a label map can hold, background left out.
    static let labelRange = 1...65535

    /// A level of a result: C1 to S1, or `unknown-1`, ….
    static func reported(_ name: String, subject: String) throws -> VertebralLevel {
        try require(VertebralLevel(rawValue: name), name, subject)
    }

    /// A level of a request, C1 to S1.
    static func level(_ name: String, subject: String) throws -> VertebralLevel {
        try require(VertebralLevel(named: name), name, subject)
    }

    private static func require(_ level: VertebralLevel?, _ name: String, _ subject: String) throws -> VertebralLevel {
        guard let level else { throw APIFault.levelUnknown(name: name, subject: subject) }
        return level
    }

    private static func split(_ text: String, subject: String, form: String) throws -> (Substring, VertebralLevel) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw malformed(text, subject: subject, form: form) }
        return (parts[0], try level(String(parts[1]), subject: subject))
    }

    private static func malformed(_ text: String, subject: String, form: String) -> APIFault {
        .malformed(
            subject: subject, detail: "\(subject) is \(text.quoted), which is not of the form \(form).",
            fix: "Write it as \(form), e.g. \(form == "VALUE:LEVEL" ? "20:L1" : "12.5,-40,310:L1").")
    }
}

/// How many vertebrae one job may name: all levels from C1 to S1.
private let targetLimit = VertebralLevel.allCases.count

extension AnalysisRequest {
    /// Reads the body of `POST /v1/jobs`.
    /// - Throws: `request-malformed`, `level-unknown`, `target-duplicated`.
    package init(json: [UInt8]) throws {
        let body = try RequestField(json: json)
        let members = try body.members(known: ["study", "analysis", "series", "mask", "targets", "parameters"])
        guard let study = members["study"] else { throw body.missing("study") }
        guard let analysis = members["analysis"] else { throw body.missing("analysis") }
        self.init(
            study: try study.text(), analysis: try analysis.text(), series: try members["series"]?.text(),
            mask: try members["mask"]?.text(), targets: try members["targets"]?.list().map { try Target($0) } ?? [],
            parameters: try members["parameters"]?.members().mapValues { try ParameterValue($0) } ?? [:])
        try checkTargets { "targets[\($0)]" }
    }

    /// Checks what can be said of the targets without the study and the analysis.
    /// - Parameter place: how the request names the target of an index.
    func checkTargets(place: (Int) -> String) throws {
        var seen: Set<VertebralLevel> = []
        for (index, target) in targets.enumerated() {
            guard seen.insert(target.level).inserted else {
                throw APIFault.targetDuplicated(level: target.level, subject: place(index))
            }
            guard index < targetLimit else {
                throw APIFault.malformed(
                    subject: place(index), detail: "There are more than \(targetLimit) targets.",
                    fix: "Give each level once.")
            }
            guard target.label == nil || mask != nil else { throw APIFault.maskMissing(subject: place(index)) }
        }
    }
}

extension Target {
    fileprivate init(_ field: RequestField) throws {
        let members = try field.members(known: ["level", "seedLPSMM", "label"])
        guard let level = members["level"] else { throw field.missing("level") }
        let name = try TargetText.level(level.text(), subject: level.path)
        switch (members["seedLPSMM"], members["label"]) {
        case (let seed?, nil):
            let coordinates = try seed.list().map { try $0.number() }
            guard coordinates.count == 3 else { throw seed.wrongType("an array of three numbers") }
            self.init(level: name, seedLPSMM: coordinates)
        case (nil, let label?):
            let value = try label.integer()
            guard TargetText.labelRange.contains(value) else { throw label.wrongType("a whole number from 1 to 65535") }
            self.init(level: name, label: value)
        default:
            throw APIFault.malformed(
                subject: field.path, detail: "\(field.path) has both or neither of seedLPSMM and label.",
                fix: "Give either a seed point or a label of the mask.")
        }
    }
}

extension ParameterValue {
    fileprivate init(_ field: RequestField) throws {
        switch field.value {
        case .flag(let flag): self = .flag(flag)
        case .number(let number): self = .number(number)
        case .text(let text): self = .text(text)
        case .list(let items): self = .list(items)
        case .object(let members): self = .object(members)
        case .null: throw field.wrongType("true, false, a number, a string, a list or an object")
        }
    }
}
