// While cement is injected: a reading is answered from the job's table, and told to everyone who follows.
import Domain
import Foundation
import Guidance
import HTTP
import Store

extension Service {
    func rehearse(_ exchange: Exchange, job id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let request = try RehearsalRequest(json: readJSON(exchange.request, limit: RehearsalRequest.bodyLimit))
        let table = try guidanceTable(of: request.level, job: id)
        if let cement = request.cement, cement != table.conditions.cement {
            throw FaultRecord(
                code: .parameterInvalid,
                detail: "The cement is \(cement.quoted); the job rehearsed \(table.conditions.cement).",
                fix: "Leave cement out, or post a job with this cement.", subject: "cement")
        }
        let answer = try table.answer(request.query)
        let bytes = try JSON.bytes(of: answer)
        try rehearsals.channel(job: id, level: request.level).publish(answer, bytes: bytes)
        return HTTPResponse(status: 200, contentType: JSON.mediaType, bytes: bytes)
    }

    func followRehearsal(_ exchange: Exchange, job id: String) throws -> HTTPResponse {
        let query = try QueryReader(exchange.request, known: ["level"])
        guard let level: VertebralLevel = try query.choice("level") else {
            throw APIFault.malformed(
                subject: "level", detail: "The query lacks the parameter level.", fix: "Name the vertebra: ?level=L1.")
        }
        _ = try guidanceTable(of: level, job: id)
        guard let follower = rehearsals.follow(job: id, level: level) else {
            throw APIFault.followersBusy(limit: RehearsalChannels.followerLimit)
        }
        let lastSeen = exchange.request.headers["Last-Event-ID"].flatMap { Int($0) }
        let store = store
        return EventStream.response { events in
            let channel = follower.channel
            var seen = channel.start(after: lastSeen)
            while true {
                let version = channel.signal.version
                // Whoever is too far behind connects again and is told the last reading.
                guard let news = channel.events(after: seen) else { return }
                for entry in news {
                    try events.send(entry.event)
                    seen = entry.number
                }
                // Readings wake it at once; the second is how soon a client that has gone is noticed.
                channel.signal.wait(since: version, seconds: 1)
                guard try events.wait(seconds: 0), try store.jobs.find(id) != nil else { return }
            }
        }
    }

    /// The table of a vertebra.
    /// - Throws: `job-not-found`, `result-not-ready`, `result-not-found` with the reason why there is none, `parameter-invalid` for a
    ///   level that the job has not.
    private func guidanceTable(of level: VertebralLevel, job id: String) throws -> GuidanceTable {
        let job = try findJob(id)
        let (artifact, file) = try stored(.guidance, of: job)
        let document = try guidance.document(sha256: artifact.sha256, file: file)
        if let table = document.tables.first(where: { $0.level == level }) { return table }
        let levels = job.request.targets.map(\.level)
        guard levels.contains(level) else {
            throw FaultRecord(
                code: .parameterInvalid, detail: "The job has no vertebra \(level.rawValue).",
                fix: "Use one of \(levels.map(\.rawValue).joined(separator: ", ")).", subject: "level")
        }
        let reason = document.omissions.first { $0.item == level.rawValue }?.reason
        throw FaultRecord(
            code: .resultNotFound,
            detail: "\(level.rawValue) has no guidance table: \(reason ?? "its injection was not rehearsed").",
            fix: "See the omissions of the job's report.", subject: "level")
    }
}
