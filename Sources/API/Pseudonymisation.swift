// The pseudonymised mode: what a request names a patient by is replaced before anything else sees it.
import Domain
import Foundation
import HTTP
import Store

/// What the pseudonymised mode needs of the modules that read files; the executable wires it.
package struct Pseudonymisation: Sendable {
    /// Writes a DICOM object that came by itself anew. Returns whether its pixels were kept. Throws any `Fault`.
    package var instance: @Sendable (_ source: URL, _ target: URL) throws -> Bool
    /// Writes an uploaded file anew. Returns sentences about what was left out. Throws any `Fault`.
    package var upload: @Sendable (_ source: URL, _ isMask: Bool, _ target: URL) throws -> [String]
    /// What stands for a UID; for one that stands for another already, itself.
    package var uid: @Sendable (String) -> String
    /// What stands for a Patient ID (0010,0020).
    package var patient: @Sendable (String) -> String
    /// What stands for an Accession Number (0008,0050).
    package var accession: @Sendable (String) -> String
    /// What stands for a text by which a client knows its own request.
    package var request: @Sendable (String) -> String

    package init(
        instance: @escaping @Sendable (URL, URL) throws -> Bool,
        upload: @escaping @Sendable (URL, Bool, URL) throws -> [String],
        uid: @escaping @Sendable (String) -> String, patient: @escaping @Sendable (String) -> String,
        accession: @escaping @Sendable (String) -> String, request: @escaping @Sendable (String) -> String
    ) {
        self.instance = instance
        self.upload = upload
        self.uid = uid
        self.patient = patient
        self.accession = accession
        self.request = request
    }
}

extension Pseudonymisation {
    /// A path's values: UIDs may be those of the images, and no other value may be anything but an id of the service.
    func path(_ path: RouteParameters) -> RouteParameters {
        path.replacing { name, value in
            if name.hasSuffix("UID") { return uid(value) }
            let isID = value.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2D }
            return isID ? value : "unknown"
        }
    }

    /// A search's pairs: what is kept only by a pseudonym is looked for by it.
    func query(_ pairs: [(name: String, value: String)]) -> [(name: String, value: String)] {
        pairs.map { name, value in
            guard let attribute = DICOMAttribute.named(name), !value.isEmpty else { return (name, value) }
            switch attribute.keyword {
            case "SOPClassUID": return (name, value)
            case "PatientID", "PatientName": return (name, patient(value))
            case "AccessionNumber": return (name, accession(value))
            default:
                guard attribute.vr == "UI" else { return (name, value) }
                let uids = value.split(whereSeparator: { ",\\".contains($0) }).map { uid(String($0)) }
                return (name, uids.joined(separator: ","))
            }
        }
    }
}

extension Problem {
    /// Takes out what the client wrote into the query: it may be a name, and answers are kept in logs of others.
    mutating func hide(_ query: [(name: String, value: String)]) {
        for word in query.flatMap({ [$0.name.quoted, $0.value.quoted] }) where word != "".quoted {
            detail = detail.replacing(word, with: "what was given")
            fix = fix.replacing(word, with: "what was given")
        }
        if let named = subject, query.contains(where: { $0.name == named || $0.value == named }) { subject = nil }
    }
}
