// STOW-RS as a client (PS3.18 §10.5): files to a PACS, and what its answer means.
import Domain
import Foundation
import HTTP

/// The PACS that results go to.
package struct DeliveryDestination: Sendable {
    /// The service's root; `/studies` is added.
    let address: HTTPAddress
    /// The field Authorization, e.g. `Basic …`.
    let authorization: String?

    /// - Parameter url: The root of its DICOMweb service, `http` only.
    /// - Throws: `DeliveryError.addressUnusable`.
    package init(url: String, authorization: String? = nil) throws(DeliveryError) {
        guard let root = HTTPAddress(url) else { throw .addressUnusable }
        guard authorization?.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) ?? true else { throw .authorizationUnusable }
        address = root.appending("studies")
        self.authorization = authorization
    }
}

/// One attempt to store files.
package struct StowRequest {
    let destination: DeliveryDestination
    let files: [URL]

    /// - Parameter files: DICOM files, all sent in one request.
    package init(destination: DeliveryDestination, files: [URL]) {
        self.destination = destination
        self.files = files
    }

    /// Seconds that a PACS may take for one job's results (our choice).
    private static let seconds = 300.0

    /// Sends everything in one request.
    /// - Throws: `DeliveryError` unless the PACS keeps every file.
    package func send() throws(DeliveryError) {
        // Two parts cannot hold this line but by purpose, and our files are ours.
        let boundary = "osteon-" + UUID().uuidString
        var body: [HTTPExchange.Piece] = []
        for file in files {
            guard let size = try? FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int else {
                throw .unreachable(HTTPExchangeError.unreadable.description)
            }
            body.append(.bytes(Array("--\(boundary)\r\nContent-Type: application/dicom\r\n\r\n".utf8)))
            body.append(.file(path: file.path, byteCount: size))
            body.append(.bytes(Array("\r\n".utf8)))
        }
        body.append(.bytes(Array("--\(boundary)--\r\n".utf8)))
        var headers: HTTPHeaders = [
            "Content-Type": "multipart/related; type=\"application/dicom\"; boundary=\(boundary)",
            "Accept": "application/dicom+json",
        ]
        if let authorization = destination.authorization { headers["Authorization"] = authorization }
        let answer: HTTPExchange.Answer
        do {
            answer = try HTTPExchange.post(
                to: destination.address, headers: headers, body: body, seconds: Self.seconds)
        } catch {
            throw .unreachable(error.description)
        }
        try StowAnswerReader.check(status: answer.status, body: answer.body, sent: files.count)
    }
}

/// Reads the Store Instances Response Module (PS3.18 table I.2-1).
enum StowAnswerReader {
    /// FailureReason 0111H (PS3.4 Z.6, PS3.7 C.5.11): the object is there already. An acknowledgement that was lost looks so.
    private static let duplicate = 0x0111

    /// 200 says that everything is kept, unless the module says otherwise; 202 and 409 need the module to say so.
    /// - Throws: `DeliveryError.refused` where a file is not kept, or none can be known to be.
    static func check(status: Int, body: [UInt8], sent: Int) throws(DeliveryError) {
        let module = (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any]
        func items(_ tag: String) -> [[String: Any]] {
            (module?[tag] as? [String: Any])?["Value"] as? [[String: Any]] ?? []
        }
        let reasons = items("00081198").map {
            (($0["00081197"] as? [String: Any])?["Value"] as? [Any])?.first as? Int ?? 0
        }
        let kept = items("00081199").count + reasons.count { $0 == duplicate }
        let refusal = reasons.first { $0 != duplicate }
        // Some servers list nothing; one that lists, and lists too few, does not keep the rest. A page for people, as a proxy's
        // login, is no answer of a PACS.
        let isListed = module?["00081199"] != nil || kept > 0
        let isAnswer =
            module != nil || body.isEmpty || String(decoding: body, as: UTF8.self).contains("NativeDicomModel")
        switch status {
        case 200 where refusal == nil && isAnswer && (!isListed || kept >= sent): return
        case 202, 409: if refusal == nil, kept >= sent { return }
        default: break
        }
        throw .refused(status: status, kept: kept, of: sent, reason: refusal)
    }
}
