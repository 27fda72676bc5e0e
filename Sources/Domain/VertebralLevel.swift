// The names of vertebrae.

/// A vertebral level, cranial to caudal; or, where the scan does not tell the level, a number. The raw value is the anatomical name as
/// reports print it, or `unknown-1`, `unknown-2`, ….
package struct VertebralLevel: RawRepresentable, Codable, Hashable, CaseIterable, Comparable, Sendable {
    /// 1 for C1 … 25 for S1, 100 + n for the n-th unknown level; its value in every label map that Osteon writes.
    package let labelValue: UInt16

    /// C1 to S1.
    package static let allCases = (1...UInt16(names.count)).map { VertebralLevel(value: $0) }

    private static let names =
        (1...7).map { "C\($0)" } + (1...12).map { "T\($0)" } + (1...5).map { "L\($0)" } + ["S1"]
    private static let unknownPrefix = "unknown-"
    private static let unknownOffset = 100
    /// More than a spine has.
    private static let unknownNumbers = 1...99

    private init(value: UInt16) { labelValue = value }

    /// The level with this label value, or nil.
    package init?(labelValue: UInt16) {
        guard
            Self.names.indices.contains(Int(labelValue) - 1)
                || Self.unknownNumbers.contains(Int(labelValue) - Self.unknownOffset)
        else { return nil }
        self.init(value: labelValue)
    }

    /// The n-th vertebra, from the head, whose level the scan does not tell; from 1, at most 99.
    package static func unknown(_ number: Int) -> Self {
        let number = min(max(number, unknownNumbers.lowerBound), unknownNumbers.upperBound)
        return VertebralLevel(value: UInt16(unknownOffset + number))
    }

    /// A level or an unknown one, as reports print them.
    package init?(rawValue: String) {
        if let level = Self(named: rawValue) {
            self = level
        } else {
            guard rawValue.hasPrefix(Self.unknownPrefix),
                let number = Int(rawValue.dropFirst(Self.unknownPrefix.count)),
                Self.unknownNumbers.contains(number), "\(Self.unknownPrefix)\(number)" == rawValue
            else { return nil }
            self = .unknown(number)
        }
    }

    /// An anatomical name, C1 to S1.
    package init?(named name: String) {
        guard let index = Self.names.firstIndex(of: name) else { return nil }
        self.init(value: UInt16(index + 1))
    }

    package var rawValue: String {
        isKnown
            ? Self.names[Int(labelValue) - 1] : "\(Self.unknownPrefix)\(Int(labelValue) - Self.unknownOffset)"
    }

    /// False for `unknown-1`, ….
    package var isKnown: Bool { labelValue <= Self.names.count }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.labelValue < rhs.labelValue }
    package static func == (lhs: Self, rhs: Self) -> Bool { lhs.labelValue == rhs.labelValue }
    package func hash(into hasher: inout Hasher) { hasher.combine(labelValue) }
}

extension VertebralLevel: CustomStringConvertible {
    package var description: String { rawValue }
}

extension VertebralLevel {
    package static let C1 = VertebralLevel(value: 1)
    package static let C2 = VertebralLevel(value: 2)
    package static let C3 = VertebralLevel(value: 3)
    package static let C4 = VertebralLevel(value: 4)
    package static let C5 = VertebralLevel(value: 5)
    package static let C6 = VertebralLevel(value: 6)
    package static let C7 = VertebralLevel(value: 7)
    package static let T1 = VertebralLevel(value: 8)
    package static let T2 = VertebralLevel(value: 9)
    package static let T3 = VertebralLevel(value: 10)
    package static let T4 = VertebralLevel(value: 11)
    package static let T5 = VertebralLevel(value: 12)
    package static let T6 = VertebralLevel(value: 13)
    package static let T7 = VertebralLevel(value: 14)
    package static let T8 = VertebralLevel(value: 15)
    package static let T9 = VertebralLevel(value: 16)
    package static let T10 = VertebralLevel(value: 17)
    package static let T11 = VertebralLevel(value: 18)
    package static let T12 = VertebralLevel(value: 19)
    package static let L1 = VertebralLevel(value: 20)
    package static let L2 = VertebralLevel(value: 21)
    package static let L3 = VertebralLevel(value: 22)
    package static let L4 = VertebralLevel(value: 23)
    package static let L5 = VertebralLevel(value: 24)
    package static let S1 = VertebralLevel(value: 25)
}
