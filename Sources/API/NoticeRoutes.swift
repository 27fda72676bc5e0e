// What webhooks are told, and whether they have heard it.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    func listNotices(_ exchange: Exchange) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["state", "limit", "after"])
        let state: Delivery.State? = try query.choice("state")
        let (limit, after) = try query.page()
        let notices = try store.notices.list(
            state: state, limit: limit + 1, after: after, owner: exchange.caller.sees)
        return try page(of: notices, limit: limit, at: exchange.request, id: \.id, as: { NoticeDocument($0) })
    }

    func getNotice(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        guard let notice = try store.notices.find(id) else { throw StoreError.noticeNotFound(id: id.shortened) }
        return try document(NoticeDocument(notice))
    }
}

/// `Notice` of openapi.yaml.
package struct NoticeDocument: Codable, Hashable, Sendable {
    package var id: String
    /// The field `webhook-id` of every attempt.
    package var event: String
    /// What ended and how, e.g. `job.done`.
    package var type: String
    package var subject: String
    package var state: Delivery.State
    package var url: String
    package var attempts: Int
    /// Why the last attempt failed.
    package var fault: FaultRecord?
    package var createdAt: Date
    package var nextAttemptAt: Date?
    package var deliveredAt: Date?
    package var links: [String: String]

    package init(_ notice: Notice) {
        id = notice.id
        event = notice.event
        type = notice.type
        subject = notice.subjectID
        state = notice.state
        url = notice.url
        attempts = notice.attempts
        fault = notice.fault
        createdAt = notice.createdAt
        nextAttemptAt = notice.nextAttemptAt
        deliveredAt = notice.deliveredAt
        let place = notice.kind == .job ? Place.job(notice.subjectID) : "/v1/deliveries/" + notice.subjectID
        links = ["self": "/v1/notices/" + notice.id, "subject": place]
    }
}
