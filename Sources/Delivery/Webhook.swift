// An address that is told of ends, and how messages to it are signed: Standard Webhooks 1.0 (standardwebhooks.com).
import CSystem
import Domain
import Foundation
import HTTP
import Store

/// The secret that sender and receivers share.
package struct WebhookSecret: Sendable {
    private let key: [UInt8]

    /// Bytes that Standard Webhooks allows.
    private static let keyBytes = 24...64
    private static let prefix = "whsec_"

    /// - Parameter text: `whsec_` and the key in base64.
    /// - Throws: `DeliveryError.secretUnusable`.
    package init(text: String) throws(DeliveryError) {
        guard text.hasPrefix(Self.prefix), let key = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            Self.keyBytes.contains(key.count)
        else { throw .secretUnusable }
        self.key = Array(key)
    }

    /// HMAC-SHA256 (RFC 2104) of a text, in base64.
    /// - Throws: `DeliveryError.unsigned` when libcrypto has no memory.
    func sign(_ text: [UInt8]) throws(DeliveryError) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        guard csystem_hmac_sha256(key, key.count, text, text.count, &digest) == 1 else { throw .unsigned }
        return Data(digest).base64EncodedString()
    }
}

/// One receiver.
package struct Webhook: Sendable {
    /// As it was given.
    package let url: String
    private let address: HTTPAddress
    private let secret: WebhookSecret
    /// What stands before paths in links.
    private let base: String

    /// Seconds that a receiver may take (Standard Webhooks asks for 15 to 30).
    private static let seconds = 15.0

    /// - Parameter publicURL: what clients see before `/v1`; empty leaves links as paths.
    /// - Throws: `DeliveryError.addressUnusable`: `http` only.
    package init(url: String, secret: WebhookSecret, publicURL: String) throws(DeliveryError) {
        guard let address = HTTPAddress(url) else { throw .addressUnusable }
        self.url = url
        self.address = address
        self.secret = secret
        base = publicURL.hasSuffix("/") ? String(publicURL.dropLast()) : publicURL
    }

    /// Tells the receiver.
    /// - Throws: `DeliveryError` unless it answers 2xx.
    func send(_ notice: Notice, at date: Date) throws(DeliveryError) {
        let body = message(notice)
        let fields = try fields(event: notice.event, body, at: date)
        let answer: HTTPExchange.Answer
        do {
            answer = try HTTPExchange.post(
                to: address, headers: fields, body: [.bytes(body)], seconds: Self.seconds)
        } catch {
            throw .unreachable(error.description)
        }
        guard (200...299).contains(answer.status) else { throw .notTaken(status: answer.status) }
    }

    /// The signature covers id, time and body, so that neither can be sent again with another.
    func fields(event: String, _ body: [UInt8], at date: Date) throws(DeliveryError) -> HTTPHeaders {
        let time = String(Int(date.timeIntervalSince1970))
        let signature = try secret.sign(Array("\(event).\(time).".utf8) + body)
        return [
            "Content-Type": "application/json", "webhook-id": event, "webhook-timestamp": time,
            "webhook-signature": "v1," + signature,
        ]
    }

    /// The body: what ended, how, when, and where to look. Nothing of the patient, not even a UID.
    func message(_ notice: Notice) -> [UInt8] {
        let place = base + (notice.kind == .job ? "/v1/jobs/" : "/v1/deliveries/") + notice.subjectID
        let report = notice.kind == .job && notice.outcome == "done" ? ",\"report\":\"\(place)/report\"" : ""
        let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(notice.createdAt)
        return Array(
            """
            {"type":"\(notice.type)","timestamp":"\(time)","data":{"id":"\(notice.subjectID)","state":"\(notice.outcome)",\
            "links":{"self":"\(place)"\(report)}}}
            """.utf8)
    }
}
