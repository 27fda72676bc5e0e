// The numbers of a report, each with the code, the unit and the algorithm under which it goes into a structured report.
import Domain

/// A number that becomes a NUM content item.
struct ReportedNumber: Sendable {
    /// Which program gave a number (PS3.16 TID 4019).
    struct Algorithm: Sendable {
        let name: String
        let version: String
        /// How the number is defined, in words.
        let definition: String
    }

    let concept: CodedConcept
    let value: Double
    let unit: CodedConcept
    /// Lower and upper end of the 95 % interval, where there is one.
    var interval: [Double]?
    let algorithm: Algorithm
}

extension ReportedNumber {
    private static let unitless = CodedConcept("1", "UCUM", "no units")

    /// nil where the unit has no code.
    init?(_ measurement: Measurement, _ analysis: AnalysisName) {
        guard let unit = CodedConcept.unit(measurement.unit), measurement.value.isFinite else { return nil }
        self.init(
            concept: .measured(measurement.name), value: measurement.value, unit: unit,
            algorithm: Algorithm(
                name: "Osteon \(analysis.name)", version: analysis.version, definition: measurement.source))
    }

    /// What is told of a vertebra that was analysed.
    static func all(of vertebra: VertebraReport, _ analysis: AnalysisName) -> [ReportedNumber] {
        let measured = vertebra.morphometry?.measurements ?? []
        return measured.compactMap { ReportedNumber($0, analysis) } + (vertebra.risk.map(risks) ?? [])
    }

    /// What is told of a vertebra that was only found.
    static func all(of vertebra: SpineVertebra, _ analysis: AnalysisName) -> [ReportedNumber] {
        let values = [
            ("bodyVolume", vertebra.bodyVolumeML, "mL", "voxels of the body mask"),
            ("vertebraVolume", vertebra.vertebraVolumeML, "mL", "voxels of body and posterior elements"),
            ("levelConfidence", vertebra.levelConfidence, "1", "which anchors agreed; not a measured probability"),
            ("reviewScore", vertebra.score, "1", "1 where nothing speaks against the outline"),
        ]
        return values.compactMap { name, value, unit, source in
            value.flatMap {
                ReportedNumber(Measurement(name: name, value: $0, unit: unit, source: source), analysis)
            }
        }
    }

    private static func risks(_ risk: RiskSection) -> [ReportedNumber] {
        let evidence = Algorithm(name: "Osteon evidence model", version: risk.model, definition: risk.method)
        var numbers = [
            probability("leakageRisk", "Risk of cement leakage, by published odds ratios", risk.any, evidence)
        ]
        numbers += simulated("any", "of any kind", risk.anyRehearsal, risk.anyCombined, risk)
        for type in risk.types {
            numbers.append(
                probability(
                    "leakageRiskType\(type.type)", "Risk of cement leakage of type \(type.type), by odds ratios",
                    type.estimate, evidence))
            numbers += simulated("Type\(type.type)", "of type \(type.type)", type.rehearsal, type.combined, risk)
        }
        return numbers
    }

    private static func probability(
        _ code: String, _ meaning: String, _ section: ProbabilitySection, _ algorithm: Algorithm
    ) -> ReportedNumber {
        ReportedNumber(
            concept: .own(code, meaning), value: section.probability, unit: unitless, interval: section.interval95,
            algorithm: algorithm)
    }

    /// That simulated shares are no rates among patients is in their names.
    private static func simulated(
        _ code: String, _ words: String, _ rehearsal: SimulatedLeakageSection?, _ combined: CombinedLeakageSection?,
        _ risk: RiskSection
    ) -> [ReportedNumber] {
        var numbers: [ReportedNumber] = []
        if let rehearsal {
            numbers.append(
                ReportedNumber(
                    concept: .own("simulatedLeakage-\(code)", "Simulated cement leakage \(words), not patients"),
                    value: rehearsal.simulatedProbability, unit: unitless, interval: rehearsal.interval95,
                    algorithm: Algorithm(
                        name: "Osteon rehearsal", version: SoftwareVersion.current,
                        definition: "share of \(rehearsal.runs) simulated injections; never compared with patients")))
        }
        if let combined {
            numbers.append(
                ReportedNumber(
                    concept: .own("combinedLeakage-\(code)", "Cement leakage \(words), odds ratios and simulation"),
                    value: combined.probability, unit: unitless, interval: combined.interval95,
                    algorithm: Algorithm(
                        name: "Osteon evidence model and rehearsal", version: risk.model,
                        definition: risk.combinationRule ?? "")))
        }
        return numbers
    }
}

extension CodedConcept {
    /// A measurement by the name that reports give it.
    fileprivate static func measured(_ name: String) -> CodedConcept {
        // The one name that CID 7469 and its kin have in this very sense.
        name == "vertebraVolume" ? CodedConcept("118565006", "SCT", "Volume") : own(name, words(of: name))
    }

    /// `anteriorFocalHeight` → `Anterior focal height`; capitals in a row stay together.
    private static func words(of name: String) -> String {
        var words = ""
        var previous: Character = " "
        for character in name {
            if character.isUppercase, previous.isLowercase { words.append(" ") }
            words.append(character)
            previous = character
        }
        let parts = words.split(separator: " ").enumerated().map { index, word in
            let isAcronym = word.count > 1 && word.allSatisfy(\.isUppercase)
            return index == 0
                ? word.prefix(1).uppercased() + word.dropFirst() : isAcronym ? String(word) : word.lowercased()
        }
        return parts.joined(separator: " ")
    }
}
