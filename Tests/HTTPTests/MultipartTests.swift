// Multipart bodies, made here and as real clients sent them.
import Foundation
import HTTP
import ReferenceData
import Testing

private struct ReadPart: Equatable {
    var name: String?
    var filename: String?
    var contentType: String?
    var bytes: [UInt8]
}

private func parts(_ contentType: String, _ body: HTTPBody, piece: Int = 1000) throws -> [ReadPart] {
    let multipart = try Multipart(contentType: contentType, body: body)
    var parts: [ReadPart] = []
    while let part = try multipart.nextPart() {
        var bytes: [UInt8] = []
        while try multipart.readPiece(atMost: piece, { bytes += $0 }) {}
        parts.append(ReadPart(name: part.name, filename: part.filename, contentType: part.contentType, bytes: bytes))
    }
    return parts
}

private func parts(_ contentType: String, _ text: String, piece: Int = 1000) throws -> [ReadPart] {
    try parts(contentType, HTTPBody(bytes: Array(text.utf8)), piece: piece)
}

private let mixed = "multipart/mixed; boundary=b"

@Suite struct MultipartTests {
    @Test func `a form's parts have names, file names and types`() throws {
        let body =
            "preamble\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".zip\"\r\n"
            + "Content-Type: Application/ZIP; x=y\r\n\r\nPK\r\n--b \t\r\ncontent-disposition: form-data; name=n\r\n\r\n\r\n--b--\r\nepilogue"
        let form = try parts("multipart/form-data; charset=utf-8; Boundary=\"b\"", body)
        #expect(
            form == [
                ReadPart(
                    name: "file", filename: "a \"b\".zip", contentType: "application/zip", bytes: Array("PK".utf8)),
                ReadPart(name: "n", filename: nil, contentType: nil, bytes: []),
            ])
    }

    @Test func `what only looks like a boundary belongs to the part, in pieces of any size`() throws {
        let content = "\r\n-\r\n--\r\n--bb\r\n--b-\r\n --b\r\n\r\r\n--\n--b\n\r"
        for piece in [1, 2, 7, 1000] {
            let read = try parts(mixed, "--b\r\n\r\n\(content)\r\n--b--", piece: piece)
            #expect(read.map { String(decoding: $0.bytes, as: UTF8.self) } == [content])
        }
    }

    @Test func `a boundary is found wherever it falls in the buffer`() throws {
        for size in (Multipart.bufferBytes - 40)...(Multipart.bufferBytes + 10) {
            let content = [UInt8](repeating: 13, count: size)
            let body = Array("--b\r\n\r\n".utf8) + content + Array("\r\n--b\r\n\r\nx\r\n--b--".utf8)
            let read = try parts(mixed, HTTPBody(bytes: body), piece: .max)
            #expect(read.map(\.bytes) == [content, Array("x".utf8)], "\(size)")
        }
    }

    @Test func `a part that is not read is passed over, and one can be read whole up to a limit`() throws {
        let body = "--b\r\n\r\n\(String(repeating: "x", count: 200_000))\r\n--b\r\n\r\nsmall\r\n--b--"
        let multipart = try Multipart(contentType: mixed, body: HTTPBody(bytes: Array(body.utf8)))
        #expect(try multipart.nextPart() != nil)
        #expect(try multipart.nextPart() != nil)
        #expect(try multipart.readAll(limit: 5) == Array("small".utf8))
        #expect(try multipart.nextPart() == nil)
        #expect(try multipart.nextPart() == nil)
        let again = try Multipart(contentType: mixed, body: HTTPBody(bytes: Array(body.utf8)))
        _ = try again.nextPart()
        #expect(try again.readAll(limit: 199_999) == nil)
    }

    @Test(arguments: [
        "", "text/plain; boundary=b", "multipart/mixed", "multipart/mixed; boundary=", "multipart/mixed; boundary=\"b",
        "multipart/mixed; boundary=\"b \"", "multipart/mixed; boundary=\"ü\"", "multipart/mixed; b",
        "multipart/mixed; boundary=" + String(repeating: "b", count: 201),
    ])
    func `a content type without a usable boundary is refused`(contentType: String) {
        #expect(throws: MultipartError.badContentType) { try parts(contentType, "--b--") }
    }

    @Test func `a boundary of 200 characters is taken`() throws {
        let boundary = String(repeating: "b", count: 200)
        let read = try parts("multipart/related; boundary=\(boundary)", "--\(boundary)\r\n\r\nx\r\n--\(boundary)--")
        #expect(read.count == 1)
    }

    @Test(arguments: ["", "x", "--b", "--b\r\n\r\nx", "--b\r\n\r\nx\r\n--b", "--b\r\n\r\nx\r\n--b-", "--b\r\nA: b"])
    func `a body without its closing boundary is unfinished`(body: String) {
        #expect(throws: MultipartError.unfinished) { try parts(mixed, body) }
    }

    @Test(arguments: [
        "A\r\n\r\n", "A : b\r\n\r\n", "A: b\n\r\n", "A: " + String(repeating: "x", count: 20_000) + "\r\n\r\n",
    ])
    func `a part whose fields are malformed or too long is refused by its number`(head: String) {
        #expect(throws: MultipartError.badPartHead(part: 2)) {
            try parts(mixed, "--b\r\n\r\nx\r\n--b\r\n\(head)y\r\n--b--")
        }
    }

    @Test func `more parts than allowed are refused`() throws {
        let body = String(repeating: "--b\r\n\r\nx\r\n", count: 4) + "--b--"
        let multipart = try Multipart(contentType: mixed, body: HTTPBody(bytes: Array(body.utf8)), maximumParts: 3)
        #expect(throws: MultipartError.tooManyParts(limit: 3)) { while try multipart.nextPart() != nil {} }
    }

    @Test func `a body that breaks off behind its closing boundary is not whole`() throws {
        try withServer(routes: { router, observed, _ in
            router.add("POST", "/parts") { request, _ in
                do {
                    let read = try parts(mixed, request.body)
                    return HTTPResponse(status: 200, text: "\(read.count)")
                } catch {
                    return HTTPResponse(status: 400, text: "\(error)")
                }
            }
        }) { server in
            let head = "POST /parts HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            let chunk = "11\r\n--b\r\n\r\nx\r\n--b--\r\n\r\n"
            let cut = try server.transcript(of: head + chunk)
            #expect(cut.hasPrefix("HTTP/1.1 400 ") && cut.hasSuffix("body(HTTP.HTTPBodyError.cut(receivedBytes: 17))"))
            let whole = try server.answer(head + chunk + "0\r\n\r\n")
            #expect(whole.text == "1" && whole["Connection"] == nil)
        }
    }

    /// 10 MB; comparing anew for each byte would take hours.
    @Test(.timeLimit(.minutes(5))) func `a body made to be searched again and again costs linear time`() throws {
        let content = String(repeating: "\r\n--bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", count: 200_000)
        let boundary = String(repeating: "b", count: 100)
        let read = try parts(
            "multipart/mixed; boundary=\(boundary)", "--\(boundary)\r\n\r\n\(content)\r\n--\(boundary)--", piece: 65_536
        )
        #expect(read.first?.bytes.count == content.utf8.count)
    }
}

/// Requests captured from Orthanc, dicomweb-client and curl.
private let captures = ReferenceData.url("pacs")

@Suite struct CapturedRequestTests {
    @Test(
        .enabled(if: ReferenceData.has("pacs"), Comment(rawValue: ReferenceData.absent)),
        arguments: [
            ("curl_F_single_dcm", 1), ("curl_multipart_related_content_disposition", 2),
            ("dicomweb_client_stow_cl_3inst", 3),
            ("orthanc_stow_EMPTY_resubmit", 0), ("orthanc_stow_basic_auth", 3), ("orthanc_stow_bearer_xsite", 3),
            ("orthanc_stow_chunked_3inst", 3), ("orthanc_stow_mixed_study_ct_seg_sr_pm_pdf_8inst", 8),
            ("orthanc_stow_single_instance", 1),
        ])
    func `every part of a captured upload is a DICOM file of the length that its client declared`(
        name: String, count: Int
    ) throws {
        let capture = [UInt8](try Data(contentsOf: captures.appendingPathComponent(name + ".raw")))
        let lineEnd = try #require(capture.firstIndex(of: 13))
        try withServer(routes: { router, observed, _ in
            router.add("POST", "/studies") { request, _ in
                do {
                    let multipart = try Multipart(
                        contentType: request.headers["Content-Type"] ?? "", body: request.body)
                    while let part = try multipart.nextPart() {
                        let bytes = try multipart.readAll(limit: 1 << 20) ?? []
                        let isDICOM = bytes.dropFirst(128).starts(with: "DICM".utf8)
                        let declared = part.headers["Content-Length"].flatMap { Int($0) } ?? bytes.count
                        observed.note("\(isDICOM && declared == bytes.count)")
                    }
                    return HTTPResponse(status: 200)
                } catch {
                    return HTTPResponse(status: 400, text: "\(error)")
                }
            }
        }) { server in
            let client = try server.client()
            try client.send(Array("POST /studies HTTP/1.1".utf8) + capture[lineEnd...])
            let answer = try client.readResponse()
            #expect(answer.status == 200, "\(answer.text)")
            #expect(server.observed.all == [String](repeating: "true", count: count))
            let next = try client.exchange("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(next.status == 200)
        }
    }
}
