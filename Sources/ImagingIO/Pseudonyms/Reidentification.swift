// The way back from pseudonyms, for whoever has the key and the original images.
import Domain
import Foundation

/// Why a result cannot be given its patient's name again.
package enum ReidentificationError: Fault, Hashable {
    /// The originals are no DICOM objects of a study.
    case noOriginals
    /// A pseudonym of this key that none of the originals has.
    case originalMissing(pseudonym: String)
    /// The object has no pseudonym of this key.
    case notPseudonymous

    package var code: FaultCode { .parameterInvalid }

    package var detail: String {
        switch self {
        case .noOriginals: "There is no DICOM object with Study and Series Instance UID among the originals."
        case .originalMissing(let pseudonym): "No original has a UID whose pseudonym is \(pseudonym)."
        case .notPseudonymous: "The object's Study Instance UID is no pseudonym under this key."
        }
    }

    package var fix: String {
        switch self {
        case .noOriginals: "Name the folder of the images that were sent."
        case .originalMissing: "Name all images of the study that was sent."
        case .notPseudonymous: "Use the key file that the service was started with."
        }
    }
}

/// Gives DICOM results the UIDs and the patient of the images that they were computed from. Nothing but the images knows these: the
/// pseudonyms of their UIDs are made anew, and compared.
package struct Reidentification {
    private let pseudonyms: Pseudonyms
    /// True UIDs by their pseudonyms.
    private var uids: [String: String] = [:]
    /// What each study says of its patient, in UTF-8, by the study's pseudonym.
    private var patients: [String: [(tag: DICOMTag, text: String)]] = [:]

    /// Patient (PS3.3 C.7.1.1) and General Study (C.7.2.1).
    private static let restored: [DICOMTag] = [
        .patientName, .patientID, .issuerOfPatientID, .patientBirthDate, .patientSex, .studyDate, .studyTime,
        .accessionNumber, .referringPhysician, .studyID, .studyDescription,
    ]
    private static let marks: Set<DICOMTag> = [
        .patientIdentityRemoved, .deidentificationMethod, .deidentificationMethodCodes,
        .longitudinalTemporalInformationModified,
    ]
    private static let headerBytes = 1 << 20

    /// - Parameter originals: DICOM files; others are passed over.
    /// - Throws: `ReidentificationError.noOriginals`; `internal-fault` where a file cannot be read.
    package init(_ pseudonyms: Pseudonyms, originals: [URL]) throws {
        self.pseudonyms = pseudonyms
        for url in originals {
            let input = try InputFile(url)
            let start = try input.bytes(at: 0, count: Self.headerBytes)
            guard
                let file = try? DICOMFile(beginning: start, name: "")
                    ?? DICOMFile(input.bytes(at: 0, count: input.byteCount), name: ""),
                let study = file.text(.studyInstanceUID)
            else { continue }
            for tag in [DICOMTag.studyInstanceUID, .seriesInstanceUID, .sopInstanceUID, .frameOfReferenceUID] {
                if let uid = file.text(tag) { uids[pseudonyms.uid(uid)] = uid }
            }
            let known = pseudonyms.uid(study)
            guard patients[known] == nil else { continue }
            file.convertToUTF8()
            patients[known] = Self.restored.map { ($0, file.text($0) ?? "") }
        }
        guard !patients.isEmpty else { throw ReidentificationError.noOriginals }
    }

    /// Writes a result with its patient's name and the images' UIDs; its own UIDs stay as they are.
    /// - Throws: `ReidentificationError`; `dicom-damaged`; `storage-full`, `internal-fault`.
    package func write(_ result: URL, to target: URL) throws {
        let input = try InputFile(result)
        let file = try DICOMFile(input.bytes(at: 0, count: input.byteCount), name: result.lastPathComponent)
        guard let study = file.text(.studyInstanceUID), pseudonyms.isOwn(uid: study) else {
            throw ReidentificationError.notPseudonymous
        }
        guard let patient = patients[study] else { throw ReidentificationError.originalMissing(pseudonym: study) }
        var missing: String?
        try file.rewrite { tag, representation, text in
            if Self.marks.contains(tag) { return .remove }
            guard representation == "UI", pseudonyms.isOwn(uid: text) else { return .keep }
            if uids[text] == nil { missing = text }
            return uids[text].map(ElementAction.replace) ?? .keep
        }
        if let missing { throw ReidentificationError.originalMissing(pseudonym: missing) }
        for (tag, text) in patient { try file.put(tag, text) }
        try file.put(.specificCharacterSet, "ISO_IR 192")
        let output = try OutputFile(target)
        try output.write(file.bytes())
        try output.finish()
    }
}
