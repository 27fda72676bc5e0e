// What the service says of a workitem that it works on: progress, and what came of it (PS3.4 CC.2.5.1.3).
import Domain
import Foundation

/// A DICOM object that an analysis left, and where it is fetched.
struct WorkitemResult {
    let header: InstanceHeader
    let place: String
}

/// A job in the attributes of a workitem.
struct WorkitemProgress {
    let job: Job
    let results: [WorkitemResult]
    let publicURL: String

    var attributes: [String: JSONValue] {
        var attributes = [WorkitemTag.progressInformation: JSONValue.sequence([.object(information)])]
        if job.state == .done { attributes[WorkitemTag.performed] = .sequence([.object(performed)]) }
        return attributes
    }

    /// A point in time as DICOM has it (DT), UTC.
    static func text(_ date: Date) -> String {
        Date.ISO8601FormatStyle().format(date).filter(\.isNumber) + "+0000"
    }

    private var information: [String: JSONValue] {
        let contact: [String: JSONValue] = [
            "0074100A": .element("UR", .text(publicURL + Place.job(job.id))),
            "0074100C": .element("LO", .text("Osteon")),
        ]
        var information: [String: JSONValue] = [
            "00741004": .element("DS", .number((job.progress.fraction * 100).rounded())),
            "00741006": .element("ST", .text(job.state == .running ? job.progress.stage : job.state.rawValue)),
            "00741008": .sequence([.object(contact)]),
        ]
        guard job.state == .failed || job.state == .cancelled else { return information }
        if let end = job.finishedAt { information["00404052"] = .element("DT", .text(Self.text(end))) }
        // CID 9300: a reason in words stands beside.
        information["0074100E"] = .code("110513", "DCM", "Discontinued for unspecified reason")
        let reason = job.fault.map { "\($0.detail) \($0.fix)" } ?? "Cancelled on request."
        information[WorkitemTag.reasonForCancellation] = .element("LT", .text(reason))
        return information
    }

    private var performed: [String: JSONValue] {
        let name = job.request.analysis
        var performed: [String: JSONValue] = [
            "00404019": .code(name, WorkitemDraft.scheme, "Osteon \(name), research use only"),
            "00404028": .code("osteon", WorkitemDraft.scheme, "Osteon \(SoftwareVersion.current)"),
            "00404033": .sequence(results.map(output)),
        ]
        if let start = job.startedAt { performed["00404050"] = .element("DT", .text(Self.text(start))) }
        if let end = job.finishedAt { performed["00404051"] = .element("DT", .text(Self.text(end))) }
        return performed
    }

    /// An item of Output Information Sequence (PS3.3 table 10-3b).
    private func output(_ result: WorkitemResult) -> JSONValue {
        let reference: JSONValue = .object([
            "00081150": .element("UI", .text(result.header.sopClassUID)),
            "00081155": .element("UI", .text(result.header.sopUID)),
        ])
        return .object([
            "0020000D": .element("UI", .text(result.header.studyUID)),
            "0020000E": .element("UI", .text(result.header.seriesUID)),
            "00081199": .sequence([reference]),
            "0040E020": .element("CS", .text("DICOM")),
            "0040E023": .sequence([.object(["0040E010": .element("UR", .text(result.place))])]),
        ])
    }
}
