// The measures of stored reports that an audit can ask for: one table from name to place.
import Domain

/// A number that a report may hold for a vertebra.
struct StoredMeasure: Sendable {
    let name: String
    let unit: String
    private let read: @Sendable (MeasuredVertebra) -> Double?

    /// nil where the report lacks it.
    func value(of vertebra: MeasuredVertebra) -> Double? { read(vertebra).flatMap { $0.isFinite ? $0 : nil } }

    /// - Throws: `request-malformed` for a measure that no report holds.
    static func named(_ name: String, path: String = "query.measure") throws -> StoredMeasure {
        guard let measure = all.first(where: { $0.name == name }) else {
            throw APIFault.malformed(
                subject: path, detail: "\(path) is \(name.quoted), which no report holds.",
                fix: "Use one of \(all.map(\.name).joined(separator: ", ")).")
        }
        return measure
    }

    /// Every measure, in the order in which an error lists them.
    static let all = sizes + risks + walls

    private static let sizes: [StoredMeasure] = [
        morphometry("anteriorHeight", "mm"), morphometry("middleHeight", "mm"), morphometry("posteriorHeight", "mm"),
        morphometry("anteriorFocalHeight", "mm"), morphometry("middleFocalHeight", "mm"),
        morphometry("posteriorFocalHeight", "mm"), morphometry("wedgeAngle", "degrees"),
        morphometry("bodyWidth", "mm"), morphometry("bodyDepth", "mm"), morphometry("bodyVolume", "mL"),
        morphometry("superiorEndplateTilt", "degrees"), morphometry("inferiorEndplateTilt", "degrees"),
        morphometry("biconcavityIndex", ""), morphometry("regionalCobb", "degrees"),
        morphometry("posteriorWallBulge", "mm"), morphometry("posteriorWallBulgeShare", ""),
        morphometry("canalDepth", "mm"), morphometry("canalCompromise", ""),
        morphometry("trabecularSparsity", ""), morphometry("trabecularAnisotropy", ""),
        morphometry("trabecularDensity", "mg/cm3"),
        morphometry("vertebraVolume", "mL"), morphometry("trabecularMean", "HU"),
        morphometry("trabecularMedian", "HU"), morphometry("trabecularSD", "HU"), morphometry("bodyMean", "HU"),
        StoredMeasure("compression", "") { $0.morphometry?.fracture?.compression },
        StoredMeasure("genantGrade", "") { $0.morphometry?.fracture?.genantGrade },
    ]

    private static let risks: [StoredMeasure] = [
        StoredMeasure("leakageRisk", "") { $0.risk?.any.probability },
        leakageRisk(type: "I"), leakageRisk(type: "II"), leakageRisk(type: "III"), leakageRisk(type: "IV"),
        StoredMeasure("smallestVolume", "mL") { $0.recommendation?.volumeRangeML?.first },
        StoredMeasure("largestVolume", "mL") { $0.recommendation?.volumeRangeML?.last },
    ]

    private static let walls: [StoredMeasure] = BodyWall.allCases.flatMap { wall in
        [cortex("\(wall.rawValue)CorticalMass", "HU mm"), cortex("\(wall.rawValue)EquivalentThickness", "mm")]
    }

    private init(_ name: String, _ unit: String, _ read: @escaping @Sendable (MeasuredVertebra) -> Double?) {
        self.name = name
        self.unit = unit
        self.read = read
    }

    private static func morphometry(_ name: String, _ unit: String) -> StoredMeasure {
        StoredMeasure(name, unit) { $0.morphometry?.measurements.first { $0.name == name }?.value }
    }

    private static func cortex(_ name: String, _ unit: String) -> StoredMeasure {
        StoredMeasure(name, unit) { $0.morphometry?.cortex?.walls.first { $0.name == name }?.value }
    }

    private static func leakageRisk(type: String) -> StoredMeasure {
        StoredMeasure("leakageRiskType\(type)", "") { vertebra in
            vertebra.risk?.types.first { $0.type == type }?.estimate.probability
        }
    }
}

/// As much of a stored report as audits need.
struct MeasuredReport: Decodable {
    let analysis: AnalysisName
    let study: StudyReference
    let vertebrae: [MeasuredVertebra]
    let provenance: Origin

    struct Origin: Decodable {
        let version: String
    }
}

/// A vertebra of a stored report.
struct MeasuredVertebra: Decodable {
    let level: VertebralLevel
    let morphometry: MorphometrySection?
    let risk: RiskSection?
    let recommendation: Recommendation?

    /// The one part of it that reports of every version have.
    struct Recommendation: Decodable {
        let volumeRangeML: [Double]?
    }
}
