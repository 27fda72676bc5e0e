// Codes of outside terminologies for what reports say, one table for every format that results are written in.

extension VertebralLevel {
    /// SNOMED CT, as CID 7602 of PS3.16 (Vertebral body parts of the skeleton) has it; for S1 the sacrum, for the list has no
    /// sacral vertebra; for an unknown level the structure of any vertebra.
    package var snomedCode: (value: String, meaning: String) {
        guard let code = Self.snomedCodes[self] else { return ("51282000", "Vertebra") }
        return (code, self == .S1 ? "Sacrum" : "\(rawValue) vertebra")
    }

    private static let snomedCodes: [VertebralLevel: String] = [
        .C1: "14806007", .C2: "39976000", .C3: "113205007", .C4: "5329002", .C5: "36978003", .C6: "36054005",
        .C7: "87391001", .T1: "64864005", .T2: "53733008", .T3: "1626008", .T4: "73071006", .T5: "56401006",
        .T6: "45296009", .T7: "62487009", .T8: "11068009", .T9: "82687006", .T10: "7610001", .T11: "12989004",
        .T12: "23215003", .L1: "66794005", .L2: "14293000", .L3: "36470004", .L4: "11994002", .L5: "49668003",
        .S1: "54735007",
    ]
}

/// Units of reports in UCUM.
package enum UCUM {
    /// nil for a unit that is not listed.
    package static func code(_ unit: String) -> String? { codes[unit] }

    private static let codes = [
        "mL": "mL", "mm": "mm", "mm2": "mm2", "mm3": "mm3", "degrees": "deg", "1": "1", "HU": "[hnsf'U]",
        "HU mm": "[hnsf'U].mm", "mg/cm3": "mg/cm3",
    ]
}
