// A segment of a label map as report and objects call it.
import Domain

/// What the report says of one label.
struct NamedSegment: Sendable {
    /// From 1, in the order of the labels.
    let number: Int
    let label: UInt16
    /// A level, or `unknown-1`, `unknown-2`, ….
    let name: String
    let level: VertebralLevel?
    /// Found without anyone's help, which a seed or a label map would be.
    let isAutomatic: Bool
    /// What the report says of the outline.
    let review: Review

    /// What is outlined.
    var type: CodedConcept { .vertebra(level) }

    /// The UID under which other objects speak of it.
    func trackingUID(_ identity: ResultIdentity) -> String { identity.uid("segment/\(label)") }

    /// The verdict on an outline: `accepted` or `needs-review`, with the reasons; nil where the report gives none.
    struct Review: Sendable {
        let verdict: String?
        let reasons: [String]
    }

    /// What viewers show in their list of segments, at most 64 characters (LO).
    var displayedName: String { review.verdict == "needs-review" ? name + ", needs review" : name }

    /// The segments of labels that occur; the report says how they came about.
    static func all(_ labels: [UInt16], in report: Report) -> [NamedSegment] {
        let aided = Set(
            report.vertebrae.filter { ["seeded", "mask"].contains($0.segmentation.origin) }.map(\.level.labelValue))
        return labels.enumerated().map { index, label in
            let level = VertebralLevel(labelValue: label)
            return NamedSegment(
                number: index + 1, label: label, name: level?.rawValue ?? "label \(label)", level: level,
                isAutomatic: !aided.contains(label), review: review(of: label, in: report))
        }
    }

    /// A vertebra that was analysed has the verdict of its section, any other that of the search.
    private static func review(of label: UInt16, in report: Report) -> Review {
        if let vertebra = report.vertebrae.first(where: { $0.level.labelValue == label }) {
            return Review(verdict: vertebra.segmentation.verdict, reasons: vertebra.segmentation.warnings)
        }
        let found = report.spine?.vertebrae.first { $0.labelValue == Int(label) }
        return Review(verdict: found?.verdict, reasons: found?.reasons ?? [])
    }
}
