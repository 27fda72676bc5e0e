// What a client says of a workitem, checked (PS3.4 table CC.2.5-3).
import Domain
import Foundation
import Store

/// A workitem that is to be.
struct WorkitemDraft {
    let uid: String?
    let attributes: [String: JSONValue]
    let input: WorkitemOrder.Input?
    /// Where its code is one of the service's analyses.
    let request: AnalysisRequest?

    /// The scheme of codes and parameters that are Osteon's own.
    static let scheme = "99OSTEON"

    /// - Parameter uid: of the request's query.
    /// - Throws: `request-malformed` for what the standard asks for and is not there, and for parameters that cannot be read.
    init(_ dataSet: [String: JSONValue], uid: String?, _ analyses: [AnalysisDescription]) throws {
        var attributes = dataSet
        for (tag, name) in Self.required where attributes.text(tag) == nil {
            throw Self.wrong(tag, "\(name) is missing", fix: "Give it a value.")
        }
        guard attributes.text(WorkitemTag.state) == Workitem.State.scheduled.rawValue else {
            throw Self.wrong(WorkitemTag.state, "is not SCHEDULED", fix: "A workitem begins as SCHEDULED.")
        }
        let transaction = attributes[WorkitemTag.transactionUID]?.values ?? []
        guard transaction.allSatisfy({ $0 == .null || $0 == .text("") }) else {
            throw Self.wrong(WorkitemTag.transactionUID, "has a value", fix: "Leave it empty: who claims it gives one.")
        }
        self.uid = uid ?? attributes.text(WorkitemTag.sopInstanceUID)
        guard self.uid.map(InstanceHeader.isUID) ?? true else {
            throw Self.wrong(WorkitemTag.sopInstanceUID, "is no UID", fix: "Use digits and dots, at most 64.")
        }
        let own = [
            WorkitemTag.sopClassUID, WorkitemTag.sopInstanceUID, WorkitemTag.transactionUID, WorkitemTag.state,
        ]
        for tag in own { attributes[tag] = nil }
        self.attributes = attributes
        let item = attributes.items(WorkitemTag.input).first { $0.text("0020000D") != nil }
        input = item.flatMap { item in
            item.text("0020000D").map { WorkitemOrder.Input(study: $0, series: item.text("0020000E")) }
        }
        let codes = attributes.items(WorkitemTag.workitemCode)
        let name = codes.first { $0.text("00080102") == Self.scheme }?.text("00080100")
        guard let name else {
            request = nil
            return
        }
        guard analyses.contains(where: { $0.name == name }) else {
            throw APIFault.analysisUnknown(name: name, known: analyses.map(\.name))
        }
        guard input != nil else {
            throw Self.wrong(WorkitemTag.input, "names no study", fix: "Give (0020,000D) in its item.")
        }
        request = AnalysisRequest(study: "", analysis: name, targets: [], parameters: try Self.parameters(attributes))
    }

    func order(owner: String?) -> WorkitemOrder {
        WorkitemOrder(uid: uid, attributes: attributes, input: input, request: request, owner: owner)
    }

    private static let required = [
        (WorkitemTag.state, "Procedure Step State"), (WorkitemTag.priority, "Scheduled Procedure Step Priority"),
        (WorkitemTag.worklistLabel, "Worklist Label"), (WorkitemTag.label, "Procedure Step Label"),
        (WorkitemTag.scheduledStart, "Scheduled Procedure Step Start DateTime"),
        (WorkitemTag.inputReadiness, "Input Readiness State"),
    ]

    /// Content items of Scheduled Processing Parameters Sequence whose concept is of Osteon's scheme: TEXT and NUMERIC; of texts
    /// `true` and `false` are flags.
    private static func parameters(_ attributes: [String: JSONValue]) throws -> [String: ParameterValue] {
        var parameters: [String: ParameterValue] = [:]
        for item in attributes.items(WorkitemTag.parameters) {
            let concept = item.items("0040A043").first
            guard concept?.text("00080102") == scheme, let name = concept?.text("00080100") else { continue }
            if let text = item.text("0040A160") {
                parameters[name] = text == "true" ? .flag(true) : text == "false" ? .flag(false) : .text(text)
            } else if case .number(let number)? = item["0040A30A"]?.values.first {
                parameters[name] = .number(number)
            } else if let number = item.text("0040A30A").flatMap({ Double($0) }) {
                parameters[name] = .number(number)
            } else {
                throw wrong(
                    WorkitemTag.parameters, "has a parameter \(name.quoted) without a value",
                    fix: "Give (0040,A160) or (0040,A30A).")
            }
        }
        return parameters
    }

    /// What an update may not touch: identity, state, patient.
    /// - Throws: `request-malformed`.
    static func requireChangeable(_ attributes: [String: JSONValue]) throws {
        let fixed = [
            WorkitemTag.sopClassUID, WorkitemTag.sopInstanceUID, WorkitemTag.state, WorkitemTag.workitemCode,
            WorkitemTag.input, "00100010", "00100020", "00100030", "00100040",
        ]
        if let tag = fixed.first(where: { attributes[$0] != nil }) {
            throw wrong(tag, "cannot be updated", fix: "Leave it out; the state is changed by PUT …/state.")
        }
    }

    /// Progress information that says when and why a workitem was cancelled, of the attributes of a request (PS3.4 table CC.2.2-1).
    static func cancellation(_ request: [String: JSONValue], at date: Date) -> [String: JSONValue] {
        var item: [String: JSONValue] = ["00404052": .element("DT", .text(WorkitemProgress.text(date)))]
        item[WorkitemTag.reasonForCancellation] = request[WorkitemTag.reasonForCancellation]
        item["0074100E"] = request["0074100E"]
        return [WorkitemTag.progressInformation: .sequence([.object(item)])]
    }

    private static func wrong(_ tag: String, _ what: String, fix: String) -> APIFault {
        .malformed(subject: tag, detail: "(\(tag.prefix(4)),\(tag.suffix(4))) \(what).", fix: fix)
    }
}
