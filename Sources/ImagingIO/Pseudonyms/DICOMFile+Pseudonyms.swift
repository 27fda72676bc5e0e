// A DICOM object without what names its patient.
import CDCMTK
import Domain

extension DICOMFile {
    /// Whether the pixels are a CT image. Others often show text: a screen saved, a scanned sheet, a dose report.
    var isCTImage: Bool {
        let sopClass = text(.sopClassUID) ?? ""
        return text(.modality) == "CT" && !sopClass.hasPrefix(DICOMUID.secondaryCapture)
    }

    /// Whether the pixels show text: the object says so in Burned In Annotation (0028,0301), or is of a kind that often does.
    var showsText: Bool {
        text(.burnedInAnnotation) == "YES" || text(.sopClassUID)?.hasPrefix(DICOMUID.secondaryCapture) == true
    }

    /// Removes, empties and replaces as `KeptAttribute` says, and says in the object that this was done.
    /// - Throws: `dicom-damaged` where an element cannot be changed.
    func pseudonymise(_ pseudonyms: Pseudonyms) throws {
        let policy = PseudonymPolicy(
            pseudonyms, patient: pseudonyms.text(.patient, text(.patientID) ?? ""), keepsPixels: isCTImage)
        try rewrite { policy.action(of: $0, representation: $1, text: $2) }
        try put(.patientIdentityRemoved, "YES")
        try put(.deidentificationMethod, "Osteon pseudonyms 1, table of docs/security.md")
        try put(.longitudinalTemporalInformationModified, "REMOVED")
        // CID 7050.
        try put(
            .deidentificationMethodCodes, code: "113100", scheme: "DCM", "Basic Application Confidentiality Profile")
    }
}

/// What `KeptAttribute` says of the elements of one object.
private struct PseudonymPolicy {
    private let pseudonyms: Pseudonyms
    private let patient: String
    private let keepsPixels: Bool

    init(_ pseudonyms: Pseudonyms, patient: String, keepsPixels: Bool) {
        self.pseudonyms = pseudonyms
        self.patient = patient
        self.keepsPixels = keepsPixels
    }

    func action(of tag: DICOMTag, representation: String, text: String) -> ElementAction {
        guard let kept = KeptAttribute.of(tag), kept.representations.contains(representation) else { return .remove }
        switch kept.action {
        case .keep: return Self.isPlain(text, representation) ? .keep : .remove
        case .keepPixels: return keepsPixels ? .keep : .remove
        case .uid:
            let uid = text.trimmedValue
            return InstanceHeader.isUID(uid) ? .replace(pseudonyms.uid(uid)) : .remove
        // The name has the pseudonym of the patient's ID: viewers show it, and it says no more than that.
        case .pseudonym where tag == .patientName: return .replace(patient)
        case .pseudonym(let kind): return .replace(pseudonyms.text(kind, text.trimmedValue))
        case .empty: return .replace("")
        }
    }

    /// Whether a value is made of the characters that its VR may have (PS3.5 6.2): numbers and codes cannot hide a name in small letters.
    private static func isPlain(_ text: String, _ representation: String) -> Bool {
        let characters: Set<Character>
        switch representation {
        case "CS": characters = codeCharacters
        case "DS", "IS": characters = numberCharacters
        case "UI": return text.trimmedValue.split(separator: "\\").allSatisfy { InstanceHeader.isUID(String($0)) }
        default: return true
        }
        return text.allSatisfy(characters.contains)
    }

    private static let numberCharacters = Set("0123456789+-.eE \\")
    private static let codeCharacters = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _\\")
}

extension String {
    /// Without the blanks and zeros that pad values.
    fileprivate var trimmedValue: String {
        func isPadding(_ character: Character) -> Bool { character == " " || character == "\0" }
        return String(drop(while: isPadding).reversed().drop(while: isPadding).reversed())
    }
}

extension DICOMTag {
    static let deidentificationMethodCodes = DICOMTag(0x0012, 0x0064)
    static let longitudinalTemporalInformationModified = DICOMTag(0x0028, 0x0303)
}

extension DICOMUID {
    /// Secondary Capture Image Storage and its multi-frame kin.
    static let secondaryCapture = "1.2.840.10008.5.1.4.1.1.7"
}
