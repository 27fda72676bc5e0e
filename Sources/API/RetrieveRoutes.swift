// WADO-RS (PS3.18 §10.4): fetching what is stored, as it came.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    /// The objects of a scope as one multipart body, in their own transfer syntaxes: nothing is transcoded. A single
    /// object also by itself, as `application/dicom`.
    func retrieve(_ exchange: Exchange, _ scope: InstanceScope) throws -> HTTPResponse {
        let offers = [DICOMMediaType.related] + (scope.instance == nil ? [] : [DICOMMediaType.file])
        guard let form = Accept(exchange.request.headers).best(of: offers) else {
            throw APIFault.notAcceptable(offered: offers)
        }
        let instances = try find(scope)
        guard form == DICOMMediaType.file, let instance = instances.first else { return multipart(instances) }
        return HTTPResponse(
            status: 200,
            headers: ["Content-Type": Self.mediaType(of: instance), "ETag": EntityTag.of(sha256: instance.sha256)],
            body: .file(path: store.blobs.url(sha256: instance.sha256).path, byteCount: instance.byteCount))
    }

    /// All that the objects of a scope have but bulk data.
    func retrieveMetadata(_ exchange: Exchange, _ scope: InstanceScope) throws -> HTTPResponse {
        try requireJSON(exchange.request)
        let objects = try store.instances.metadata(scope)
        guard !objects.isEmpty else { throw StoreError.instanceNotFound(scope) }
        return Self.dicomJSON(objects)
    }

    /// - Throws: `instance-not-found` where there is none.
    private func find(_ scope: InstanceScope) throws -> [StoredInstance] {
        let instances = try store.instances.find(scope)
        guard !instances.isEmpty else { throw StoreError.instanceNotFound(scope) }
        return instances
    }

    /// The files of objects, a part each, read while they are sent.
    private func multipart(_ instances: [StoredInstance]) -> HTTPResponse {
        let parts = instances.map {
            FilePart(contentType: Self.mediaType(of: $0), file: store.blobs.url(sha256: $0.sha256))
        }
        return Self.related(parts)
    }

    private static func mediaType(of instance: StoredInstance) -> String {
        "\(DICOMMediaType.file); transfer-syntax=\(instance.transferSyntaxUID)"
    }

    /// `multipart/related` of DICOM files.
    static func related(_ parts: [FilePart]) -> HTTPResponse {
        let boundary = "osteon-" + UUID().uuidString.lowercased()
        return HTTPResponse(
            status: 200,
            headers: [
                "Content-Type": "\(DICOMMediaType.related); type=\"\(DICOMMediaType.file)\"; boundary=\(boundary)"
            ],
            body: .stream { writer in
                for part in parts {
                    try writer.write("--\(boundary)\r\nContent-Type: \(part.contentType)\r\n\r\n")
                    let file = try FileHandle(forReadingFrom: part.file)
                    defer { try? file.close() }
                    while let piece = try file.read(upToCount: 256 * 1024), !piece.isEmpty {
                        try writer.write([UInt8](piece))
                    }
                    try writer.write("\r\n")
                }
                try writer.write("--\(boundary)--\r\n")
            })
    }
}

/// One file of a multipart answer.
struct FilePart: Sendable {
    let contentType: String
    let file: URL
}
