// Studies that a PACS sends: how far they have come, and what they started.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    func getArrival(_ exchange: Exchange, study uid: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        return try document(arrival(uid))
    }

    /// Takes what has come as the whole study, without waiting for more.
    func completeArrival(_ exchange: Exchange, study uid: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        try store.arrivals.completeNow(study: uid)
        return try document(arrival(uid), status: 202)
    }

    func deleteArrival(_ exchange: Exchange, study uid: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        try store.instances.delete(study: uid)
        try store.erasures.tell()
        return HTTPResponse(status: 204)
    }

    private func arrival(_ uid: String) throws -> ArrivalDocument {
        let (series, completions) = try store.arrivals.find(study: uid)
        return ArrivalDocument(study: uid, series: series, completions: completions)
    }
}

/// `Arrival` of openapi.yaml.
package struct ArrivalDocument: Codable, Hashable, Sendable {
    package struct Series: Codable, Hashable, Sendable {
        package var seriesUID: String
        package var instances: Int
        /// When it is taken as complete unless more comes; absent when it was, or when nothing is done with such objects.
        package var completeAt: Date?
        package var completions: [Completed]
    }

    /// One state in which a series was complete.
    package struct Completed: Codable, Hashable, Sendable {
        package var completedAt: Date
        package var rule: String?
        package var study: String?
        package var job: String?
        package var fault: FaultRecord?
    }

    package var studyUID: String
    /// Nothing of the study is awaited any more.
    package var isSettled: Bool
    package var series: [Series]
    package var links: [String: String]

    package init(study uid: String, series: [Arrival], completions: [Completion]) {
        studyUID = uid
        isSettled = series.allSatisfy { $0.completeAt == nil }
        self.series = series.map { series in
            Series(
                seriesUID: series.seriesUID, instances: series.instanceCount, completeAt: series.completeAt,
                completions: completions.filter { $0.seriesUID == series.seriesUID }.map {
                    Completed(
                        completedAt: $0.completedAt, rule: $0.rule, study: $0.studyID, job: $0.jobID, fault: $0.fault)
                })
        }
        let place = Place.arrival(uid)
        links = ["self": place, "complete": place + "/complete", "dicomWeb": "/dicom-web/studies/" + uid]
    }
}
