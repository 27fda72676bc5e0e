// A measurement that this scan or mask does not allow.
import Domain

/// Why one item could not be measured; the rest of the analysis goes on.
package struct Unmeasured: Error, Sendable, Hashable {
    package var omission: Omission

    init(item: String, reason: String) { omission = Omission(item: item, reason: reason) }
}
