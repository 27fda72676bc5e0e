// The names of vertebrae.

/// A vertebral level, cranial to caudal. The raw value is the anatomical name, as reports print it.
package enum VertebralLevel: String, Codable, CaseIterable, Comparable, Sendable {
    case C1, C2, C3, C4, C5, C6, C7
    case T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12
    case L1, L2, L3, L4, L5
    case S1

    /// 1 for C1 … 25 for S1; the label value of the level in every label map that Osteon writes.
    package var labelValue: UInt16 { UInt16((Self.allCases.firstIndex(of: self) ?? 0) + 1) }

    /// The level with this label value, or nil.
    package init?(labelValue: UInt16) {
        guard labelValue >= 1, Int(labelValue) <= Self.allCases.count else { return nil }
        self = Self.allCases[Int(labelValue) - 1]
    }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.labelValue < rhs.labelValue }
}
