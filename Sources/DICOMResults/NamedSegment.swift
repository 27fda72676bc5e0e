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

    /// The segments of labels that occur; the report says how they came about.
    static func all(_ labels: [UInt16], in report: Report) -> [NamedSegment] {
        let found = Dictionary(
            (report.spine?.vertebrae ?? []).map { ($0.labelValue, $0.name) }, uniquingKeysWith: { first, _ in first })
        let aided = Set(
            report.vertebrae.filter { ["seeded", "mask"].contains($0.segmentation.origin) }.map(\.level.labelValue))
        return labels.enumerated().map { index, label in
            let level = VertebralLevel(labelValue: label)
            return NamedSegment(
                number: index + 1, label: label, name: level?.rawValue ?? found[Int(label)] ?? "label \(label)",
                level: level, isAutomatic: !aided.contains(label))
        }
    }
}
