// Radiomic features as numbers of a structured report, under the codes of the Image Biomarker Standardisation Initiative.
import Domain

extension ReportedNumber {
    /// The features of the scan's own image that have an IBSI identifier and a value. What filters make of the image has no code that
    /// would tell it apart, and is in the features document alone.
    static func features(of level: VertebralLevel, in document: FeaturesReport) -> [ReportedNumber] {
        guard let method = document.method, !isFiltered(method),
            let entry = document.vertebrae.first(where: { $0.level == level })
        else { return [] }
        return entry.features.compactMap { ReportedNumber($0, method) }
    }

    /// nil for a feature of another image, without an identifier, without a value, or in a unit that its settings decide.
    private init?(_ feature: FeatureSection, _ method: RadiomicsMethod) {
        let original = "original_"
        guard method.mode == "ibsi" || feature.name.hasPrefix(original), let value = feature.value, value.isFinite,
            // In the ibsi mode the aggregation stands behind the feature: `ACUI/IAZD`.
            let code = feature.ibsiID?.prefix(4), !Self.unitsOfSettings.contains(String(code))
        else { return nil }
        let name = feature.name.hasPrefix(original) ? feature.name.dropFirst(original.count) : feature.name[...]
        self.init(
            concept: CodedConcept(String(code), "IBSI", String(name)), value: value,
            unit: Self.unit(of: String(code), isNormalised: method.settings["normalize"] == "true"),
            algorithm: Algorithm(
                name: "Osteon radiomics", version: SoftwareVersion.current,
                definition:
                    "\(feature.name) of the vertebral body, as \(method.mode) defines it, configuration \(method.configuration)"
            ))
    }

    /// In the ibsi mode all features are of the image or all of a response map.
    private static func isFiltered(_ method: RadiomicsMethod) -> Bool {
        method.mode == "ibsi" && method.settings["filter"] != "null"
    }

    /// Features of grey levels, of matrices and of ratios have none.
    private static func unit(of code: String, isNormalised: Bool) -> CodedConcept {
        if let length = lengths[code] { return CodedConcept(length, "UCUM", length) }
        guard !isNormalised, let grey = greyValues[code] else { return CodedConcept("1", "UCUM", "no units") }
        return CodedConcept(grey.code, "UCUM", grey.meaning)
    }

    private static let lengths = [
        "7J51": "mm", "TDIC": "mm", "P9VJ": "mm", "L0JK": "mm", "KLMA": "mm", "C0JK": "mm2", "RNU0": "mm3",
        "YEKZ": "mm3", "2PR5": "/mm",
    ]

    /// Features in the image's own unit. Normalised images have none.
    private static let greyValues: [String: (code: String, meaning: String)] = {
        let plain = [
            "QG58", "8DWT", "SALO", "84IY", "4FUA", "Q4LE", "Y12H", "1GSF", "2OJQ", "1128", "5ZWQ", "N72L", "VJGA",
            "0F91",
        ]
        let units = plain.map { ($0, ("[hnsf'U]", "HU")) } + ["N8CA", "ECT3"].map { ($0, ("[hnsf'U]2", "HU2")) }
        return Dictionary(uniqueKeysWithValues: units + [("99N0", ("[hnsf'U].mm3", "HU mm3"))])
    }()

    /// Intensities of the intensity-volume histogram: grey values or numbers of bins.
    private static let unitsOfSettings: Set = ["PWN1", "BOHI", "CNV2"]
}
