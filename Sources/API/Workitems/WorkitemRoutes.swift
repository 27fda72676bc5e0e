// UPS-RS (PS3.18 §11): a worklist that others fill, and whose analyses the service does by itself.
import Domain
import Foundation
import HTTP
import Store

/// The largest workitem that is read, bytes (our choice: an input of 5000 images takes 1 MB).
private let workitemLimit = 4 << 20

extension Service {
    func createWorkitem(_ exchange: Exchange) throws -> HTTPResponse {
        guard intake.pseudonyms == nil else { throw APIFault.workitemsRefused }
        let uid = try Self.uidOfQuery(exchange.request, named: ["workitem", "AffectedSOPInstanceUID"])
        let draft = try WorkitemDraft(readDataSet(exchange.request), uid: uid, intake.analyses)
        if let request = draft.request {
            try intake.requireTargets(request)
            if let input = draft.input, let study = try store.workitems.study(of: input, owner: exchange.caller.owner) {
                try check(request, study.contents, study: store.studies.source(of: study), labels: nil)
            }
        }
        let item = try store.workitems.create(draft.order(owner: exchange.caller.owner))
        var response = HTTPResponse(status: 201)
        response.headers["Location"] = dicomWeb.base + "/workitems/" + item.uid
        if let job = item.jobID {
            response.headers.append("Link", "<\(Place.job(job))>; rel=\"related\"")
            response.headers["X-Job-Id"] = job
        }
        return response
    }

    func retrieveWorkitem(_ exchange: Exchange, uid: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        try requireJSON(exchange.request)
        let item = try findWorkitem(uid)
        return Self.dicomJSON([String(decoding: try JSON.bytes(of: JSONValue.object(shown(item))), as: UTF8.self)])
    }

    func updateWorkitem(_ exchange: Exchange, uid: String) throws -> HTTPResponse {
        let queried = try Self.uidOfQuery(exchange.request, named: ["transaction-uid", "transactionUID"])
        var attributes = try readDataSet(exchange.request)
        let transaction = attributes.text(WorkitemTag.transactionUID) ?? queried
        attributes[WorkitemTag.transactionUID] = nil
        try WorkitemDraft.requireChangeable(attributes)
        try store.workitems.update(uid, attributes, transaction: transaction)
        return HTTPResponse(status: 200)
    }

    func changeWorkitemState(_ exchange: Exchange, uid: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let attributes = try readDataSet(exchange.request)
        let state = attributes.text(WorkitemTag.state).flatMap(Workitem.State.init)
        guard let state, state != .scheduled else {
            throw APIFault.malformed(
                subject: WorkitemTag.state, detail: "(0074,1000) is not IN PROGRESS, COMPLETED or CANCELED.",
                fix: "Give Procedure Step State.")
        }
        guard let transaction = attributes.text(WorkitemTag.transactionUID), InstanceHeader.isUID(transaction) else {
            throw APIFault.malformed(
                subject: WorkitemTag.transactionUID, detail: "The Transaction UID is missing.",
                fix: "Give (0008,1195): a new UID to claim the workitem, the same one to end it.")
        }
        var response = HTTPResponse(status: 200)
        if try !store.workitems.change(uid, to: state, transaction: transaction) {
            response.headers["Warning"] = state == .completed ? Warning.alreadyCompleted : Warning.alreadyCanceled
        }
        return response
    }

    func requestWorkitemCancellation(_ exchange: Exchange, uid: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let isEmpty = exchange.request.body.declaredByteCount == 0
        let reason = WorkitemDraft.cancellation(try isEmpty ? [:] : readDataSet(exchange.request), at: Date())
        var response = HTTPResponse(status: 202)
        if try !store.workitems.requestCancel(uid, reason) { response.headers["Warning"] = Warning.alreadyCanceled }
        return response
    }

    func searchWorkitems(_ exchange: Exchange) throws -> HTTPResponse {
        try requireJSON(exchange.request)
        var query = WorkitemQuery()
        query.owner = exchange.caller.sees
        let wantsFuzzy = try query.read(exchange.request.query)
        let found = try store.workitems.search(query)
        var response = Self.dicomJSON(found.prefix(query.limit))
        if found.count > query.limit { response.headers.append("Warning", Warning.moreResults) }
        if wantsFuzzy { response.headers.append("Warning", Warning.literalMatching) }
        return response
    }

    private func findWorkitem(_ uid: String) throws -> Workitem {
        guard let item = try store.workitems.find(uid) else {
            throw StoreError.workitemNotFound(uid: uid.shortened)
        }
        return item
    }

    /// Everything of a workitem, with progress and results where the service works on it.
    private func shown(_ item: Workitem) throws -> [String: JSONValue] {
        let content = try JSONDecoder().decode([String: JSONValue].self, from: Data(item.content.utf8))
        guard let id = item.jobID, let job = try store.jobs.find(id) else { return content }
        var results: [WorkitemResult] = []
        if job.state == .done {
            let kinds: [(Artifact.Name, String)] = [
                (.segmentationObject, "segmentation?format=dicom"),
                (.partsObject, "segmentation?part=parts&format=dicom"), (.reportObject, "report?format=dicom"),
                (.summaryObject, "report?format=summary"), (.riskMapObject, "risk-volume?format=dicom"),
            ]
            for (name, path) in kinds {
                guard let file = try store.reports.artifact(job: id, name: name)?.file else { continue }
                results.append(
                    WorkitemResult(
                        header: try intake.readInstance(file),
                        place: "\(dicomWeb.publicURL)\(Place.job(id))/\(path)"))
            }
        }
        return content.merging(
            WorkitemProgress(job: job, results: results, publicURL: dicomWeb.publicURL).attributes
        ) { $1 }
    }

    /// The one data set of a request, alone or in a list.
    /// - Throws: `unsupported-media-type`, `request-malformed`.
    private func readDataSet(_ request: HTTPRequest) throws -> [String: JSONValue] {
        let given = request.headers["Content-Type"] ?? DICOMMediaType.json
        let type = given.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        guard type == DICOMMediaType.json || type == JSON.mediaType else {
            throw APIFault.unsupportedMediaType(given: given.shortened, expected: DICOMMediaType.json)
        }
        let field = try RequestField(json: request.body.readAll(limit: workitemLimit))
        var value = field.value
        if case .list(let items) = value, items.count == 1 { value = items[0] }
        guard case .object(let attributes) = value else { throw field.wrongType("one data set") }
        return try RequestedDataSet.checked(attributes)
    }

    /// A UID in the query, `?1.2.3` as PS3.18 has it, or with a name.
    private static func uidOfQuery(_ request: HTTPRequest, named names: [String]) throws -> String? {
        guard let (name, value) = request.query.first else { return nil }
        let uid = names.contains(name) ? value : value.isEmpty ? name : ""
        guard request.query.count == 1, InstanceHeader.isUID(uid) else {
            throw APIFault.malformed(
                subject: name.shortened, detail: "The query is no UID.", fix: "Write it as ?1.2.3 or \(names[0])=1.2.3."
            )
        }
        return uid
    }
}
