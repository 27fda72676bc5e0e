// Studies and label maps: post, list, show, delete, fetch back.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    func listStudies(_ exchange: Exchange) throws -> HTTPResponse {
        let (limit, after) = try QueryReader(exchange.request, known: ["limit", "after"]).page()
        let studies = try store.studies.list(limit: limit + 1, after: after, owner: exchange.caller.sees)
        return try page(
            of: studies, limit: limit, at: exchange.request, id: \.id, as: { StudyDocument($0) })
    }

    func getStudy(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        return try document(StudyDocument(findStudy(id)))
    }

    func deleteStudy(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        try store.studies.delete(id)
        try store.erasures.tell()
        return HTTPResponse(status: 204)
    }

    func getStudyContent(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let study = try findStudy(id)
        if case .instances(let instances) = try store.studies.source(of: study) {
            return Self.related(instances.map { FilePart(contentType: DICOMMediaType.file, file: $0.file) })
        }
        let headers: HTTPHeaders = [
            "Content-Type": study.contents.format.mediaType, "Content-Disposition": "attachment",
            "ETag": EntityTag.of(sha256: study.sha256),
        ]
        let file = store.blobs.url(sha256: study.sha256)
        return HTTPResponse(status: 200, headers: headers, body: .file(path: file.path, byteCount: study.byteCount))
    }

    func createMask(_ exchange: Exchange, study id: String) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["series"])
        let study = try findStudy(id)
        let series = try study.contents.series(query["series"])
        let given = try receive(exchange.request, parts: [UploadPart.file]).require(UploadPart.file)
        let blob = try pseudonymised(given, isMask: true).blob
        let labels = try intake.inspectMask(blob.url, series)
        let mask = try store.studies.insertMask(study: study.id, labelValues: labels, blob: blob)
        var response = try document(MaskDocument(mask), status: 201)
        response.headers["Location"] = Place.mask(mask.id, of: study.id)
        return response
    }

    func getMask(_ exchange: Exchange, study: String, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let study = try findStudy(study)
        return try document(MaskDocument(findMask(id, of: study.id)))
    }

    /// - Throws: `study-not-found`.
    func findStudy(_ id: String) throws -> Study {
        guard let study = try store.studies.find(id) else { throw StoreError.studyNotFound(id: id.shortened) }
        return study
    }

    /// - Throws: `mask-not-found`, also when the mask is another study's.
    func findMask(_ id: String, of study: String) throws -> Mask {
        guard let mask = try store.studies.findMask(id), mask.studyID == study else {
            throw StoreError.maskNotFound(id: id.shortened)
        }
        return mask
    }
}

extension StudyContents.Format {
    fileprivate var mediaType: String {
        switch self {
        case .dicomArchive, .niftiArchive: "application/zip"
        case .dicomFile, .dicomInstances: DICOMMediaType.file
        case .nifti: "application/octet-stream"
        }
    }
}
