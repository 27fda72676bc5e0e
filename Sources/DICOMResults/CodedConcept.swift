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

    /// A vertebra of a level (CID 7602); of an unknown level for nil.
    static func vertebra(_ level: VertebralLevel?) -> CodedConcept {
        guard let level, let code = vertebraCodes[level] else { return CodedConcept("51282000", "SCT", "Vertebra") }
        return CodedConcept(code, "SCT", level == .S1 ? "Sacrum" : "\(level.rawValue) vertebra")
    }

    /// SNOMED CT (CID 7602, Vertebral body parts of the skeleton); for S1 the sacrum, for the list has no sacral vertebra.
    private static let vertebraCodes: [VertebralLevel: String] = [
        .C1: "14806007", .C2: "39976000", .C3: "113205007", .C4: "5329002", .C5: "36978003", .C6: "36054005",
        .C7: "87391001", .T1: "64864005", .T2: "53733008", .T3: "1626008", .T4: "73071006", .T5: "56401006",
        .T6: "45296009", .T7: "62487009", .T8: "11068009", .T9: "82687006", .T10: "7610001", .T11: "12989004",
        .T12: "23215003", .L1: "66794005", .L2: "14293000", .L3: "36470004", .L4: "11994002", .L5: "49668003",
        .S1: "54735007",
    ]

    /// A unit of a report in UCUM; nil for a unit that is not listed.
    static func unit(_ text: String) -> CodedConcept? {
        units[text].map { CodedConcept($0, "UCUM", text == "1" ? "no units" : text) }
    }

    private static let units = [
        "mL": "mL", "mm": "mm", "mm2": "mm2", "mm3": "mm3", "degrees": "deg", "1": "1", "HU": "[hnsf'U]",
        "HU mm": "[hnsf'U].mm", "mg/cm3": "mg/cm3",
    ]
}
