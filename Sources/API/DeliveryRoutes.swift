// Results on their way back to the PACS.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    func listDeliveries(_ exchange: Exchange) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["state", "limit", "after"])
        let state: Delivery.State? = try query.choice("state")
        let (limit, after) = try query.page()
        let deliveries = try store.deliveries.list(
            state: state, limit: limit + 1, after: after, owner: exchange.caller.sees)
        return try page(
            of: deliveries, limit: limit, at: exchange.request, id: \.id, as: { DeliveryDocument($0) })
    }

    func getDelivery(_ exchange: Exchange, id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        guard let delivery = try store.deliveries.find(id) else {
            throw StoreError.deliveryNotFound(id: id.shortened)
        }
        return try document(DeliveryDocument(delivery))
    }
}

/// `Delivery` of openapi.yaml.
package struct DeliveryDocument: Codable, Hashable, Sendable {
    package var id: String
    package var state: Delivery.State
    package var job: String
    /// Where it was last sent; absent before the first attempt.
    package var destination: String?
    package var attempts: Int
    /// Why the last attempt failed.
    package var fault: FaultRecord?
    package var createdAt: Date
    package var nextAttemptAt: Date?
    package var deliveredAt: Date?
    package var links: [String: String]

    package init(_ delivery: Delivery) {
        id = delivery.id
        state = delivery.state
        job = delivery.jobID
        destination = delivery.destination
        attempts = delivery.attempts
        fault = delivery.fault
        createdAt = delivery.createdAt
        nextAttemptAt = delivery.nextAttemptAt
        deliveredAt = delivery.deliveredAt
        links = ["self": "/v1/deliveries/" + delivery.id, "job": Place.job(delivery.jobID)]
    }
}
