// The files of an upload, streamed to disk and hashed on the way.
import Domain
import HTTP
import Store

/// The names of the parts of a multipart upload. A raw body is the part `file`.
enum UploadPart {
    static let file = "file"
    static let mask = "mask"
}

/// What came, by the part's name. The files vanish with this value unless the store has adopted them.
struct Upload {
    private var files: [String: IncomingBlob]

    fileprivate init(files: [String: IncomingBlob]) { self.files = files }

    subscript(part: String) -> IncomingBlob? {
        get { files[part] }
        set { files[part] = newValue }
    }

    /// - Throws: `request-malformed` when the part did not come.
    func require(_ part: String) throws -> IncomingBlob {
        guard let file = files[part] else {
            throw APIFault.malformed(
                subject: part, detail: "The multipart body has no part \(part.quoted).",
                fix: "Send the file as the part \(part.quoted), e.g. curl -F \(part)=@study.zip.")
        }
        return file
    }
}

extension Service {
    /// Reads the body of a request to the end, with 64 KiB of memory whatever its size.
    /// - Parameter parts: the parts that a multipart body may have; a raw body is the first.
    /// - Throws: `empty-body`, `body-too-large`, `body-incomplete`, `request-timeout`, `request-malformed`, `storage-full`.
    func receive(_ request: HTTPRequest, parts: [String]) throws -> Upload {
        defer { metrics.addUpload(bytes: request.body.receivedByteCount) }
        if let count = request.body.declaredByteCount, count > (try store.blobs.freeByteCount()) {
            throw StoreError.full(operation: "receiving \(count) bytes")
        }
        let type = request.headers["Content-Type"] ?? ""
        let isForm = type.lowercased().hasPrefix("multipart/")
        let upload = Upload(files: isForm ? try receiveForm(request, type, parts) : [parts[0]: try receiveRaw(request)])
        for part in parts {
            guard let file = upload[part], file.byteCount == 0 else { continue }
            throw APIFault.emptyBody(part: isForm ? part : nil)
        }
        return upload
    }

    private func receiveRaw(_ request: HTTPRequest) throws -> IncomingBlob {
        let blob = try store.blobs.receive()
        try withUnsafeTemporaryAllocation(byteCount: 64 * 1024, alignment: 16) { buffer in
            while case let count = try request.body.read(into: buffer), count > 0 {
                try blob.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            }
        }
        return blob
    }

    private func receiveForm(_ request: HTTPRequest, _ type: String, _ parts: [String]) throws -> [String: IncomingBlob]
    {
        do {
            let form = try Multipart(contentType: type, body: request.body, maximumParts: parts.count)
            var files: [String: IncomingBlob] = [:]
            while let part = try form.nextPart() {
                let name = try checked(part.name, of: parts, seen: files.keys)
                let blob = try store.blobs.receive()
                while try form.readPiece({ try blob.write($0) }) {}
                files[name] = blob
            }
            return files
        } catch let error as MultipartError {
            throw APIFault(error)
        }
    }

    private func checked(_ name: String?, of parts: [String], seen: some Sequence<String>) throws -> String {
        let known = parts.map(\.quoted).joined(separator: " and ")
        guard let name, parts.contains(name) else {
            let told = intake.pseudonyms == nil ? name : nil
            throw APIFault.malformed(
                subject: told?.shortened,
                detail: "The multipart body has a part named \((told ?? "otherwise").quoted).",
                fix: "Send the parts \(known) only; everything else goes into the query.")
        }
        guard !seen.contains(name) else {
            throw APIFault.malformed(
                subject: name, detail: "The multipart body has the part \(name.quoted) more than once.",
                fix: "Put all files into one zip and send it as one part.")
        }
        return name
    }
}

extension Service {
    /// Writes what came anew in the pseudonymised mode.
    /// - Returns: sentences about what was left out.
    func pseudonymise(_ upload: inout Upload) throws -> [String] {
        guard let file = upload[UploadPart.file] else { return [] }
        let (blob, leftOut) = try pseudonymised(file, isMask: false)
        upload[UploadPart.file] = blob
        if let mask = upload[UploadPart.mask] {
            upload[UploadPart.mask] = try pseudonymised(mask, isMask: true).blob
        }
        return leftOut
    }

    func pseudonymised(_ blob: IncomingBlob, isMask: Bool) throws -> (blob: IncomingBlob, leftOut: [String]) {
        guard let pseudonyms = intake.pseudonyms else { return (blob, []) }
        var leftOut: [String] = []
        let rewritten = try store.blobs.rewriting(blob) { leftOut = try pseudonyms.upload($0, isMask, $1) }
        return (rewritten, leftOut)
    }
}

extension APIFault {
    /// Why a multipart body could not be read.
    init(_ error: MultipartError) {
        let fix = "Send multipart/form-data as RFC 7578 says, or multipart/related as PS3.18 §8.6.1 says."
        switch error {
        case .badContentType:
            self = .malformed(
                subject: "Content-Type", detail: "The multipart boundary is missing or invalid.", fix: fix)
        case .badPartHead(let part):
            self = .malformed(subject: nil, detail: "The header fields of part \(part) are invalid.", fix: fix)
        case .tooManyParts(let limit):
            self = .malformed(
                subject: nil, detail: "The multipart body has more than \(limit) parts.",
                fix: "Put all files into one zip and send it as one part.")
        case .unfinished:
            self = .malformed(subject: nil, detail: "The multipart body lacks its closing boundary.", fix: fix)
        case .body(let error): self.init(error)
        }
    }
}
