// What an anchor says of the levels.
import Domain

/// What one anchor says: the vertebra of this position in the row is this level.
package struct LevelReading: Sendable, Hashable {
    package enum Anchor: String, Sendable, Hashable {
        /// A point that the request names.
        case request
        /// The last vertebra above the sacrum is L5.
        case sacrum
        /// The lowest vertebra with ribs on both sides is T12.
        case ribs
        /// The body that stands up like a tooth is that of C2.
        case dens
    }

    package var anchor: Anchor
    /// Counted from the first vertebra of the row, from 0; vertebrae that were passed over count.
    package var position: Int
    package var level: VertebralLevel
    /// What was seen, in words.
    package var finding: String

    package init(anchor: Anchor, position: Int, level: VertebralLevel, finding: String) {
        self.anchor = anchor
        self.position = position
        self.level = level
        self.finding = finding
    }

    /// The label value that position 0 has by this reading; may lie outside the levels.
    var offset: Int { Int(level.labelValue) - position }
}
