// STOW-RS (PS3.18 §10.5): a PACS sends DICOM objects.
import Domain
import HTTP
import Store

extension Service {
    /// Keeps every well-formed object, of whatever SOP class, and answers once they are safe: what is computed comes later.
    /// - Parameter study: the study that all objects shall belong to; nil takes any.
    func storeInstances(_ exchange: Exchange, study: String? = nil) throws -> HTTPResponse {
        let request = exchange.request
        defer { metrics.addUpload(bytes: request.body.receivedByteCount) }
        if let count = request.body.declaredByteCount, count > (try store.blobs.freeByteCount()) {
            throw StoreError.full(operation: "receiving \(count) bytes")
        }
        var answer = StowAnswer(base: dicomWeb.base)
        var kept: [IncomingInstance] = []
        try receiveInstances(request) { sent in
            do {
                let (blob, change) = try pseudonymised(sent)
                let header = try intake.readInstance(blob.url)
                if let study, header.studyUID != study {
                    answer.refuse(header, .studyDiffers)
                } else {
                    kept.append(IncomingInstance(header: header, blob: blob))
                    answer.accept(header, change)
                    if kept.count > Self.unhashed { try kept[kept.count - 1 - Self.unhashed].blob.seal() }
                }
            } catch let fault as any Fault where ErrorTable[fault.code].status < 500 {
                answer.refuse(nil, .unreadable)
            }
        }
        if !kept.isEmpty {
            try store.instances.insert(
                kept, quietSeconds: dicomWeb.quietSeconds, owner: exchange.caller.owner,
                mayAdd: exchange.caller.maySee, isSame: intake.haveSameDataSet)
        }
        var response = try HTTPResponse(
            status: answer.status, contentType: DICOMMediaType.json, bytes: answer.bytes())
        try link(&response, to: answer.studies)
        return response
    }

    /// Streams each part to disk and hands it over, whole.
    /// - Throws: `unsupported-media-type`, `empty-body` when there is no part, `request-malformed`, and what reading can.
    private func receiveInstances(_ request: HTTPRequest, _ take: (IncomingBlob) throws -> Void) throws {
        let given = request.headers["Content-Type"] ?? ""
        let type = FieldParameters(given)
        let content = type?["type"]?.lowercased() ?? DICOMMediaType.file
        guard type?.value == DICOMMediaType.related, content == DICOMMediaType.file else {
            throw APIFault.unsupportedMediaType(
                given: given.shortened, expected: #"multipart/related; type="application/dicom"; boundary=…"#)
        }
        var count = 0
        do {
            let parts = try Multipart(contentType: given, body: request.body)
            while try parts.nextPart() != nil {
                let blob = try store.blobs.receive()
                while try parts.readPiece({ try blob.write($0) }) {}
                blob.end()
                try take(blob)
                count += 1
            }
        } catch let error as MultipartError {
            throw APIFault(error)
        }
        // What Orthanc sends when a failed job is sent again: a success here would lose the study without a word.
        guard count > 0 else { throw APIFault.emptyMultipart }
    }

    /// - Returns: the object as it may be kept, and what the sender is told of it.
    private func pseudonymised(_ sent: IncomingBlob) throws -> (IncomingBlob, StowAnswer.Change?) {
        guard let pseudonyms = intake.pseudonyms else { return (sent, nil) }
        var keepsPixels = false
        let blob = try store.blobs.rewriting(sent) { keepsPixels = try pseudonyms.instance($0, $1) }
        return (blob, keepsPixels ? .coerced : .discarded)
    }

    /// Where the sender can see what becomes of it: extra fields, which clients of STOW-RS do not mind.
    private func link(_ response: inout HTTPResponse, to studies: [String]) throws {
        for study in studies.prefix(Self.linkedStudies) {
            response.headers.append("Link", "<\(Place.arrival(study))>; rel=\"monitor\"")
            guard let job = try store.arrivals.jobs(study: study).last else { continue }
            response.headers.append("Link", "<\(Place.job(job))>; rel=\"related\"")
            response.headers["X-Job-Id"] = job
        }
    }

    /// So many objects may wait for their digest, each with a file open, while the next are received (our choice).
    private static let unhashed = 8

    /// Requests hold one study, but for the oddest.
    private static let linkedStudies = 10
}
