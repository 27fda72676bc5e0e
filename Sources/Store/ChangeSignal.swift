// How threads of this process learn that something stored has changed.
import Foundation

/// A counter that rises with each change, and a way to sleep until it does. It sees this process's changes only:
/// whoever waits also looks at the database from time to time.
package final class ChangeSignal: @unchecked Sendable {
    // Unchecked: `count` is only touched while `condition` is held.
    private let condition = NSCondition()
    private var count = 0

    package init() {}

    /// The number of changes so far. Read it before looking at what may change, then `wait(since:)` misses nothing.
    package var version: Int {
        condition.withLock { count }
    }

    /// Wakes everyone who waits.
    package func raise() {
        condition.withLock {
            count += 1
            condition.broadcast()
        }
    }

    /// Sleeps until the version differs from `version`, at most `seconds`.
    package func wait(since version: Int, seconds: Double) {
        let deadline = Date(timeIntervalSinceNow: seconds)
        condition.withLock {
            while count == version, condition.wait(until: deadline) {}
        }
    }
}
