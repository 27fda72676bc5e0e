// Results in FHIR R4, made of the stored report on request.
import Domain
import Foundation
import HTTP
import Store

extension Service {
    func getFHIR(_ exchange: Exchange, job id: String) throws -> HTTPResponse {
        _ = try QueryReader(exchange.request, known: [])
        let offers = [FHIRBundle.mediaType, JSON.mediaType]
        guard Accept(exchange.request.headers).best(of: offers) != nil else {
            throw APIFault.notAcceptable(offered: offers)
        }
        let job = try findJob(id)
        let file = try stored(.report, of: job).file
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        let report = try decoder.decode(Report.self, from: Data(contentsOf: file))
        // Where the images came as DICOM, the structured report knows whose they are.
        let object = try store.reports.artifact(job: id, name: .reportObject)
        let source = try object.map { try FHIRSource(intake.readInstance($0.file)) } ?? .unknown
        let bundle = FHIRBundle(report: report, job: id, source: source).json
        return HTTPResponse(status: 200, contentType: FHIRBundle.mediaType, bytes: try JSON.bytes(of: bundle))
    }
}
