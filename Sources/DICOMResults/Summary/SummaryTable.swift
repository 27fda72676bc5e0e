// The vertebrae of a report as rows of short texts.
import Domain
import Foundation

/// What the table of a summary page says: one row for each vertebra that was analysed or found.
struct SummaryTable {
    static let columns = [
        "Level", "Outline", "Body mL", "Height loss", "Mean HU", "Leakage risk (95 %)", "Simulated leak",
        "Likeliest leak",
    ]

    /// A row; `needsReview` where the outline does.
    struct Row: Hashable {
        let cells: [String]
        let needsReview: Bool
    }

    let rows: [Row]

    init(_ report: Report) {
        let analysed = report.vertebrae.map { (Int($0.level.labelValue), Self.row($0)) }
        let values = Set(analysed.map(\.0))
        let found = (report.spine?.vertebrae ?? []).filter { !values.contains($0.labelValue) }
            .map { ($0.labelValue, Self.row($0)) }
        rows = (analysed + found).sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// A share as a percentage with its interval, where there is one.
    static func share(_ value: Double, _ interval: [Double] = []) -> String {
        let percent = { (share: Double) in String(Int((100 * share).rounded())) }
        let ends = interval.map(percent).joined(separator: "-")
        return percent(value) + " %" + (ends.isEmpty ? "" : " (\(ends))")
    }

    static func number(_ value: Double, digits: Int = 1) -> String { String(format: "%.\(digits)f", value) }

    private static func row(_ vertebra: VertebraReport) -> Row {
        let density = vertebra.morphometry?.measurements.first { $0.name == "trabecularMean" }
        let fracture = vertebra.morphometry?.fracture
        let risk = vertebra.risk
        let needsReview = vertebra.segmentation.verdict == "needs-review"
        return Row(
            cells: [
                vertebra.level.rawValue, outline(vertebra.segmentation.verdict),
                number(vertebra.segmentation.bodyVolumeML),
                fracture.map(heightLoss) ?? absent,
                density.map { number($0.value, digits: 0) } ?? absent,
                risk.map { "\(share($0.any.probability, $0.any.interval95)), \($0.any.band)" } ?? absent,
                risk?.anyRehearsal.map { share($0.simulatedProbability, $0.interval95) } ?? absent,
                vertebra.leakageMap.map(likeliest) ?? absent,
            ], needsReview: needsReview)
    }

    private static func row(_ vertebra: SpineVertebra) -> Row {
        let volume = vertebra.bodyVolumeML.map { number($0) } ?? absent
        return Row(
            cells: [vertebra.name, outline(vertebra.verdict), volume, "only found, not analysed"],
            needsReview: vertebra.verdict == "needs-review")
    }

    /// The quadrants of rank 1, with what a map of its kind can say of them.
    private static func likeliest(_ map: LeakageMapSection) -> String {
        let first = map.quadrants.filter { $0.rank == 1 && $0.score > 0 }
        guard let quadrant = first.first else { return "none seen" }
        let names = first.map(\.quadrant).joined(separator: ", ")
        guard let simulated = quadrant.simulated else { return "\(names) by gaps" }
        return "\(names) \(share(simulated.probabilityAtPlannedVolume))"
    }

    private static func heightLoss(_ fracture: FractureSection) -> String {
        let digits = fracture.genantGrade == fracture.genantGrade.rounded() ? 0 : 1
        return "\(share(fracture.compression)), grade \(number(fracture.genantGrade, digits: digits))"
    }

    private static func outline(_ verdict: String) -> String { verdict == "needs-review" ? "needs review" : verdict }

    private static let absent = "-"
}
