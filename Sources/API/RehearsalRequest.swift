// A reading of a running injection as a device sends it: `POST /v1/jobs/{jobID}/rehearsal`.
import Domain
import Guidance

/// Which vertebra, and what the device reads.
package struct RehearsalRequest: Sendable {
    package let level: VertebralLevel
    package let query: GuidanceQuery
    /// Where it is given it must be the cement of the table.
    package let cement: String?

    /// The largest body that is read, bytes (our choice; one with every field takes less than 1 KiB).
    static let bodyLimit = 16 * 1024
    /// More needles than this are not read (our choice; the table refuses more than two).
    private static let mostNeedles = 8

    /// - Throws: `request-malformed` for fields and types, `level-unknown`.
    package init(json: [UInt8]) throws {
        let body = try RequestField(json: json)
        let members = try body.members(known: ["level", "needles", "volumeSoFarML", "cement", "thresholds"])
        guard let level = members["level"] else { throw body.missing("level") }
        guard let needles = members["needles"] else { throw body.missing("needles") }
        guard let volume = members["volumeSoFarML"] else { throw body.missing("volumeSoFarML") }
        self.level = try TargetText.reported(level.text(), subject: level.path)
        query = GuidanceQuery(
            needles: try Self.needles(needles), volumeSoFarML: try volume.number(),
            thresholds: try members["thresholds"].map(Self.thresholds) ?? GuidanceQuery.Thresholds())
        cement = try members["cement"]?.text()
    }

    private static func needles(_ field: RequestField) throws -> [GuidanceQuery.Needle] {
        let entries = try field.list()
        guard entries.count <= mostNeedles else { throw field.wrongType("an array of one or two needles") }
        return try entries.map { entry in
            let members = try entry.members(known: ["tipLPSMM", "share"])
            guard let tip = members["tipLPSMM"] else { throw entry.missing("tipLPSMM") }
            let place = try tip.list().map { try $0.number() }
            guard place.count == 3 else { throw tip.wrongType("an array of three numbers") }
            return GuidanceQuery.Needle(
                tipLPSMM: SIMD3(place[0], place[1], place[2]),
                share: try members["share"]?.number() ?? 1 / Double(entries.count))
        }
    }

    private static func thresholds(_ field: RequestField) throws -> GuidanceQuery.Thresholds {
        let members = try field.members(known: ["lookAheadML", "caution", "stop"])
        let usual = GuidanceQuery.Thresholds()
        return GuidanceQuery.Thresholds(
            lookAheadML: try members["lookAheadML"]?.number() ?? usual.lookAheadML,
            caution: try members["caution"]?.number() ?? usual.caution,
            stop: try members["stop"]?.number() ?? usual.stop)
    }
}
