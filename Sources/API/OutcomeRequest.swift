// An outcome as a client sends it: `POST /v1/jobs/{jobID}/outcome`.
import Domain
import Foundation

/// What is told of one vertebra, and why, where it corrects what was told before.
struct OutcomeRequest {
    let outcome: Outcome
    let reason: String?

    /// The largest body that is read, bytes (our choice; a body with every field and leak takes less than 8 KiB).
    static let bodyLimit = 64 * 1024
    /// More leaks of one vertebra than this are refused (our choice: six exits in four quadrants).
    private static let mostLeaks = 24
    /// More cement than this in one body is refused as absurd, mL (our choice: the largest lumbar bodies hold some 50 mL, 24 % of
    /// which is the published cut-off).
    private static let mostCementML = 30.0
    /// Cement was first injected into a vertebra in 1984 (Galibert and Deramond, Neurochirurgie 1987;33:166).
    private static let firstInjection = Date(timeIntervalSince1970: 441_763_200)
    /// How far the client's clock may be ahead, seconds (our choice).
    private static let clockTolerance = 300.0

    private static let fields = [
        "level", "leaked", "leaks", "injectedVolumeML", "procedure", "approach", "cement", "ascertainment",
        "clinicalConsequence", "observedAt", "reportedBy", "note", "reason",
    ]

    /// - Parameter now: later observations are refused.
    /// - Throws: `request-malformed` for fields and types, `level-unknown`, `outcome-invalid` for what cannot be so.
    init(json: [UInt8], now: Date) throws {
        let body = try RequestField(json: json)
        let members = try body.members(known: Self.fields)
        func require(_ name: String) throws -> RequestField {
            guard let field = members[name] else { throw body.missing(name) }
            return field
        }
        let level = try require("level")
        let leaked = try require("leaked").flag()
        outcome = Outcome(
            level: try TargetText.reported(level.text(), subject: level.path), leaked: leaked,
            leaks: try Self.leaks(members["leaks"], leaked: leaked),
            injectedVolumeML: try Self.volume(
                require("injectedVolumeML"), most: Self.mostCementML, isZeroAllowed: false),
            procedure: try require("procedure").choice(), approach: try members["approach"]?.choice(),
            cement: try members["cement"].map { try OutcomeText.name($0) },
            ascertainment: try require("ascertainment").choice(),
            clinicalConsequence: try members["clinicalConsequence"]?.choice(),
            observedAt: try Self.time(require("observedAt"), now: now),
            reportedBy: try members["reportedBy"].map { try OutcomeText.code($0) },
            note: try members["note"].map { try OutcomeText.note($0) })
        reason = try members["reason"].map { try OutcomeText.note($0) }
        try Self.checkVolumes(outcome)
    }

    private static func leaks(_ field: RequestField?, leaked: Bool) throws -> [CementLeak] {
        guard let field else { return [] }
        let entries = try field.list()
        guard leaked || entries.isEmpty else {
            throw APIFault.outcomeInvalid(
                subject: field.path, detail: "leaked is false, but \(field.path) has \(entries.count) entries.",
                fix: "Send leaked: true, or leave leaks out.")
        }
        guard entries.count <= mostLeaks else {
            throw APIFault.outcomeInvalid(
                subject: field.path, detail: "\(field.path) has \(entries.count) entries, more than \(mostLeaks).",
                fix: "Give one entry for each place where cement was seen.")
        }
        return try entries.map(leak)
    }

    private static func leak(_ field: RequestField) throws -> CementLeak {
        let members = try field.members(known: ["type", "exit", "quadrant", "volumeML"])
        guard let type = members["type"] else { throw field.missing("type") }
        let leak = CementLeak(
            type: try type.choice(), exit: try members["exit"]?.choice(), quadrant: try members["quadrant"]?.choice(),
            volumeML: try members["volumeML"].map { try volume($0, most: mostCementML, isZeroAllowed: true) })
        if let exit = leak.exit, !leak.type.exits.contains(exit) {
            throw APIFault.outcomeInvalid(
                subject: members["exit"]?.path,
                detail: "A leak of type \(leak.type.rawValue) cannot leave by \(exit.rawValue).",
                fix: "Use one of \(leak.type.exits.map(\.rawValue).joined(separator: ", ")), or correct the type.")
        }
        if let exit = leak.exit, let quadrant = leak.quadrant, !exit.quadrants.contains(quadrant) {
            throw APIFault.outcomeInvalid(
                subject: members["quadrant"]?.path,
                detail: "The exit \(exit.rawValue) does not lie in quadrant \(quadrant.rawValue).",
                fix: "Use one of \(exit.quadrants.map(\.rawValue).joined(separator: ", ")); sides are the patient's.")
        }
        return leak
    }

    private static func volume(_ field: RequestField, most: Double, isZeroAllowed: Bool) throws -> Double {
        let value = try field.number()
        guard value <= most, isZeroAllowed ? value >= 0 : value > 0 else {
            throw APIFault.outcomeInvalid(
                subject: field.path, detail: "\(field.path) is \(value) mL.",
                fix: "Give millilitres \(isZeroAllowed ? "from 0" : "above 0") up to \(Int(most)).")
        }
        return value
    }

    private static func checkVolumes(_ outcome: Outcome) throws {
        let leaked = outcome.leaks.compactMap(\.volumeML).reduce(0, +)
        // A hundredth of a millilitre for sums of rounded parts.
        guard leaked > outcome.injectedVolumeML + 0.01 else { return }
        throw APIFault.outcomeInvalid(
            subject: "leaks",
            detail: "\(leaked) mL leaked, but only \(outcome.injectedVolumeML) mL were injected.",
            fix: "Correct injectedVolumeML or the volumes of the leaks.")
    }

    private static func time(_ field: RequestField, now: Date) throws -> Date {
        let text = try field.text()
        guard let time = QueryReader.time(of: text) else {
            throw APIFault.malformed(
                subject: field.path, detail: "\(field.path) is \(text.quoted), which is no time.",
                fix: "Write it as 2026-01-31 or as 2026-01-31T09:30:00Z.")
        }
        guard time <= now.addingTimeInterval(clockTolerance), time >= firstInjection else {
            throw APIFault.outcomeInvalid(
                subject: field.path, detail: "\(field.path) is \(text), which is not between 1984 and now.",
                fix: "Give the time at which leakage was looked for.")
        }
        return time
    }
}

extension RequestField {
    /// - Throws: `request-malformed` for anything but true and false.
    func flag() throws -> Bool {
        guard case .flag(let flag) = value else { throw wrongType("true or false") }
        return flag
    }

    /// One of a list of words. - Throws: `request-malformed` for any other.
    func choice<Choice: RawRepresentable & CaseIterable>() throws -> Choice where Choice.RawValue == String {
        let text = try text()
        guard let choice = Choice(rawValue: text) else {
            throw APIFault.malformed(
                subject: path, detail: "\(path) is \(text.quoted).",
                fix: "Use one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        return choice
    }
}
