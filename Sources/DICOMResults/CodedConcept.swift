// A code of a terminology as DICOM writes it.
import Domain
import ImagingIO

/// Code value, coding scheme and meaning (PS3.3 8.8).
struct CodedConcept: Hashable, Sendable {
    let value: String
    /// Designator of the coding scheme: `SCT`, `DCM`, `UCUM`, `LN`, `UMLS`, or `99OSTEON` for what no standard has a code for.
    let scheme: String
    let meaning: String

    init(_ value: String, _ scheme: String, _ meaning: String) {
        self.value = value
        self.scheme = scheme
        self.meaning = meaning
    }

    /// A concept of Osteon's own scheme, by its name in reports. Code values have at most 16 characters, for many programs do not read
    /// longer ones (0008,0119): of a longer name the beginning and seven digits that stand for all of it.
    static func own(_ name: String, _ meaning: String) -> CodedConcept {
        let digits = DICOMUID.derived(from: "osteon/concept/" + name).suffix(7)
        return CodedConcept(name.utf8.count <= 16 ? name : "\(name.prefix(8))-\(digits)", ownScheme, meaning)
    }

    static let ownScheme = "99OSTEON"

    /// The item of a code sequence.
    var item: DICOMDataSet {
        var item = DICOMDataSet()
        item.add(.codeValue, .SH, value)
        item.add(.codingSchemeDesignator, .SH, scheme)
        item.add(.codeMeaning, .LO, String(meaning.prefix(64)))
        return item
    }
}

extension CodedConcept {
    /// CID 7150: the category of every segment.
    static let anatomicalStructure = CodedConcept("91723000", "SCT", "Anatomical Structure")

    /// A vertebra of a level; of an unknown level for nil.
    static func vertebra(_ level: VertebralLevel?) -> CodedConcept {
        let code = (level ?? .unknown(1)).snomedCode
        return CodedConcept(code.value, "SCT", code.meaning)
    }

    /// A unit of a report in UCUM; nil for a unit that is not listed.
    static func unit(_ text: String) -> CodedConcept? {
        UCUM.code(text).map { CodedConcept($0, "UCUM", text == "1" ? "no units" : text) }
    }
}
