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
    /// Its name where it is a part of a vertebra.
    var part: String?
    /// Found without anyone's help, which a seed or a label map would be.
    let isAutomatic: Bool
    /// What the report says of the outline.
    let review: Review

    /// What is outlined: a vertebra, coded by its level, or a part. Parts are zones by Osteon's own definitions (docs/segmentation.md),
    /// which no terminology has codes for.
    var type: CodedConcept { part.map { .own($0, $0.prefix(1).uppercased() + $0.dropFirst()) } ?? .vertebra(level) }

    /// The vertebra that a part belongs to.
    var region: CodedConcept? { part == nil ? nil : .vertebra(level) }

    /// The UID under which other objects speak of it.
    func trackingUID(_ identity: ResultIdentity) -> String {
        identity.uid((part == nil ? "segment" : "part") + "/\(label)")
    }

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

    /// The parts that the report counts among labels that occur.
    static func parts(_ labels: [UInt16], in report: Report) -> [NamedSegment] {
        let sections =
            report.vertebrae.flatMap { $0.parts ?? [] } + (report.spine?.vertebrae ?? []).flatMap { $0.parts ?? [] }
        let names = Dictionary(sections.map { ($0.labelValue, $0.name) }) { first, _ in first }
        let counted = labels.compactMap { label in names[Int(label)].map { (label, $0) } }
        let vertebrae = Set(counted.map { $0.0 / partsOfLevel }).sorted()
        let wholes = Dictionary(all(vertebrae, in: report).map { ($0.label, $0) }) { first, _ in first }
        return counted.enumerated().compactMap { index, part in
            guard let whole = wholes[part.0 / partsOfLevel] else { return nil }
            return NamedSegment(
                number: index + 1, label: part.0, name: "\(whole.name) \(part.1)", level: whole.level, part: part.1,
                isAutomatic: whole.isAutomatic, review: whole.review)
        }
    }

    /// A part's label is the vertebra's times this, and the part's own number.
    private static let partsOfLevel: UInt16 = 100

    /// A vertebra that was analysed has the verdict of its section, any other that of the search.
    private static func review(of label: UInt16, in report: Report) -> Review {
        if let vertebra = report.vertebrae.first(where: { $0.level.labelValue == label }) {
            return Review(verdict: vertebra.segmentation.verdict, reasons: vertebra.segmentation.warnings)
        }
        let found = report.spine?.vertebrae.first { $0.labelValue == Int(label) }
        return Review(verdict: found?.verdict, reasons: found?.reasons ?? [])
    }
}
