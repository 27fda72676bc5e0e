// Whose images, and which: what FHIR calls subject and imaging study.
import Domain
import Foundation

/// Logical references (FHIR R4 references.html#logical): the service has no FHIR server to point into.
struct FHIRSource {
    let subject: JSONValue
    /// nil where the images did not come as DICOM.
    let imagingStudy: JSONValue?

    /// Images that do not say whose they are.
    static let unknown = FHIRSource(
        subject: .object(["type": .text("Patient"), "display": .text("Patient of the images")]), imagingStudy: nil)

    private init(subject: JSONValue, imagingStudy: JSONValue?) {
        self.subject = subject
        self.imagingStudy = imagingStudy
    }

    /// By Patient ID (0010,0020) and Study Instance UID; the name stays where it is.
    init(_ header: InstanceHeader) throws {
        let attributes = try JSONDecoder().decode([String: JSONValue].self, from: Data(header.studyAttributes.utf8))
        var subject: [String: JSONValue] = ["type": .text("Patient"), "display": .text("Patient of the images")]
        if let id = attributes.text("00100020") { subject["identifier"] = .object(["value": .text(id)]) }
        let uid: JSONValue = .object([
            "system": .text("urn:dicom:uid"), "value": .text("urn:oid:" + header.studyUID),
        ])
        self.init(
            subject: .object(subject), imagingStudy: .object(["type": .text("ImagingStudy"), "identifier": uid]))
    }
}
