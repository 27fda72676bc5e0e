// The access trail as FHIR AuditEvents (R4), as RESTful ATNA (IHE ITI TF-2, 3.20) has them.
import Domain
import Foundation
import Store

/// One row of the trail as a FHIR `AuditEvent`. Its `id` is the row's number.
struct AuditEventDocument: Encodable {
    struct Coding: Encodable {
        let system: String
        let code: String
        var display: String?
    }

    struct Identifier: Encodable { let value: String }

    struct Reference: Encodable {
        var identifier: Identifier?
        var display: String?
    }

    struct Network: Encodable {
        let address: String
        /// 2: an IP address (FHIR network-type).
        let type = "2"
    }

    struct Agent: Encodable {
        let who: Reference
        let requestor = true
        var network: Network?
    }

    struct Source: Encodable { let observer: Reference }

    struct Detail: Encodable {
        let type: String
        let valueString: String
    }

    struct Entity: Encodable {
        let what: Reference
        var detail: [Detail]?
    }

    struct Extension: Encodable {
        let url: String
        let valueString: String
    }

    let resourceType = "AuditEvent"
    let id: String
    /// The hash that ties the row to the one before.
    let `extension`: [Extension]
    let type: Coding
    let subtype: [Coding]?
    let action: String
    let recorded: Date
    let outcome: String
    let outcomeDesc: String
    let agent: [Agent]
    let source: Source
    let entity: [Entity]?

    init(_ row: TrailRow) throws {
        let entry = try row.entry()
        id = String(row.number)
        `extension` = [Extension(url: "urn:osteon:trail:sha256", valueString: row.sha256)]
        type = Coding(
            system: "http://terminology.hl7.org/CodeSystem/audit-event-type", code: "rest",
            display: "RESTful Operation")
        subtype = entry.operation.map { [Coding(system: "urn:osteon:operation", code: $0)] }
        action = Self.action(entry.method)
        recorded = entry.at
        outcome = entry.status < 400 ? "0" : entry.status < 500 ? "4" : "8"
        outcomeDesc = "\(entry.status)" + (entry.fault.map { " \($0)" } ?? "")
        let who =
            entry.key.map { Reference(identifier: Identifier(value: $0), display: $0) }
            ?? Reference(display: "no known key")
        let doer =
            switch entry.from {
            case TrailEntry.commandOrigin: Agent(who: Reference(display: "administrator's command"), network: nil)
            case TrailEntry.serviceOrigin: Agent(who: Reference(display: "the service itself"), network: nil)
            default: Agent(who: who, network: Network(address: entry.from))
            }
        agent = [doer]
        source = Source(observer: Reference(display: "osteon"))
        var about = entry.request.map { [Detail(type: "X-Request-Id", valueString: $0)] } ?? []
        if let repeats = entry.repeats, let since = entry.since {
            about.append(Detail(type: "repeats", valueString: String(repeats)))
            about.append(Detail(type: "since", valueString: JSON.timestamp(since)))
        }
        let request = about.isEmpty ? nil : about
        let named = entry.named.sorted { $0.key < $1.key }.map { name, value in
            Entity(
                what: Reference(identifier: Identifier(value: value), display: name),
                detail: entry.erased.map(Self.details) ?? request)
        }
        let made = entry.made.map {
            Entity(what: Reference(identifier: Identifier(value: $0), display: "made"), detail: request)
        }
        entity = named.isEmpty && made.isEmpty ? nil : named + made
    }

    /// Why something was deleted, and the files that went with it.
    private static func details(_ erased: Erasure) -> [Detail] {
        [Detail(type: "cause", valueString: erased.cause)]
            + erased.counts.sorted { $0.key < $1.key }.map { Detail(type: $0.key, valueString: String($0.value)) }
            + erased.files.map { Detail(type: "sha256", valueString: $0) }
    }

    /// FHIR audit-event-action: create, read, update, delete, execute.
    private static func action(_ method: String) -> String {
        switch method {
        case "GET", "HEAD": "R"
        case "POST": "C"
        case "PUT", "PATCH": "U"
        case "DELETE": "D"
        default: "E"
        }
    }
}

/// A page of the trail as a FHIR `Bundle`.
struct AuditEventBundle: Encodable {
    struct Entry: Encodable {
        let fullUrl: String
        let resource: AuditEventDocument
    }

    struct Link: Encodable {
        let relation: String
        let url: String
    }

    static let mediaType = "application/fhir+json"

    let resourceType = "Bundle"
    let type = "searchset"
    let link: [Link]
    let entry: [Entry]?

    /// - Parameters:
    ///   - rows: one more than the page holds, if there is one.
    ///   - path: of this page, its query without `after`.
    init(_ rows: [TrailRow], limit: Int, path: String, query: [String]) throws {
        let page = rows.prefix(limit)
        func url(_ after: Int?) -> String {
            let pairs = query + (after.map { ["after=\($0)"] } ?? [])
            return pairs.isEmpty ? path : path + "?" + pairs.joined(separator: "&")
        }
        let next = rows.count > limit ? page.last.map { Link(relation: "next", url: url($0.number)) } : nil
        link = [Link(relation: "first", url: url(nil))] + (next.map { [$0] } ?? [])
        let entries = try page.map {
            Entry(fullUrl: "urn:osteon:trail:\($0.number)", resource: try AuditEventDocument($0))
        }
        // FHIR has no empty lists.
        entry = entries.isEmpty ? nil : entries
    }
}
