// Polls in the access trail: the first is a row of its own, those that follow within a minute are one row together.
import Domain
import Foundation
import Store
import Synchronization

/// Counts who asks for the same state again. A dashboard that looks each second would else write 86,400 rows a day for each job.
final class RepeatedReads: Sendable {
    /// Whoever asks, and for what.
    struct Reader: Hashable, Sendable {
        let key: String?
        let from: String
        let method: String
        let route: RouteName
        /// What the path gave for the names of the route's template, in their order.
        let path: [String]
        let status: Int

        /// What tells readers apart at all; the rest is compared.
        func hash(into hasher: inout Hasher) {
            hasher.combine(path)
            hasher.combine(from)
            hasher.combine(key)
        }
    }

    /// The reads of one reader since one that was written down.
    final class Window: Sendable {
        /// Of that first read.
        fileprivate let entry: TrailEntry
        fileprivate let since: Date
        /// Of earlier windows, which the trail refused.
        private let owed: Int
        private let count: Atomic<Int>

        private static let closed = -1

        fileprivate init(entry: TrailEntry, since: Date = Date(), owed: Int = 0, isOpen: Bool = true) {
            (self.entry, self.since, self.owed) = (entry, since, owed)
            count = Atomic(isOpen ? 0 : Self.closed)
        }

        /// Whether a read would be counted now.
        var isOpen: Bool { count.load(ordering: .acquiring) != Self.closed }

        /// Counts a read; false where the window is closed: then the read must be written down by itself, or not be answered.
        func counts() -> Bool {
            var known = count.load(ordering: .relaxed)
            while known != Self.closed {
                let (isCounted, now) = count.weakCompareExchange(
                    expected: known, desired: known + 1, ordering: .acquiringAndReleasing)
                if isCounted { return true }
                known = now
            }
            return false
        }

        fileprivate func open() {
            _ = count.compareExchange(expected: Self.closed, desired: 0, ordering: .acquiringAndReleasing)
        }

        /// - Returns: how many reads it stands for, once and for all.
        fileprivate func close() -> Int { owed + max(0, count.exchange(Self.closed, ordering: .acquiringAndReleasing)) }
    }

    private let windows = Contended<[Reader: Window]>([:])
    private let write: @Sendable (TrailEntry) throws -> Void
    private let seconds: Double

    /// Readers that are counted at once; more are written down one by one. Our choice: some 20 MB.
    private static let capacity = 50_000

    /// - Parameters:
    ///   - seconds: how long reads are counted together.
    ///   - write: adds a row to the trail.
    init(seconds: Double = 60, write: @escaping @Sendable (TrailEntry) throws -> Void) {
        self.seconds = seconds
        self.write = write
    }

    /// Counts a read whose first has been written down.
    /// - Returns: where it is counted; nil where its first has not been written down.
    func window(counting reader: Reader) -> Window? {
        guard let window = windows.withLock({ $0[reader] }), window.counts() else { return nil }
        return window
    }

    /// Counts from now on what follows a read that was written down.
    /// - Returns: where it is counted; nil where too many are counted already.
    @discardableResult
    func begin(_ reader: Reader, after entry: TrailEntry) -> Window? {
        let (window, isNew): (Window?, Bool) = windows.withLock { windows in
            if let window = windows[reader] {
                window.open()
                return (window, false)
            }
            guard windows.count < Self.capacity else { return (nil, false) }
            let window = Window(entry: entry)
            windows[reader] = window
            return (window, true)
        }
        if isNew { closeLater(reader) }
        return window
    }

    /// Writes down all that was counted; at the end of the process.
    /// - Throws: what the trail throws.
    func writeAll() throws {
        for reader in windows.withLock({ Array($0.keys) }) { try close(reader) }
    }

    private func closeLater(_ reader: Reader) {
        DispatchQueue.global(qos: .utility).asyncAfter(deadline: .now() + seconds) { [weak self] in
            guard let self else { return }
            // A trail that cannot be written now is tried again.
            do { try close(reader) } catch { closeLater(reader) }
        }
    }

    private func close(_ reader: Reader) throws {
        guard let window = windows.withLock({ $0.removeValue(forKey: reader) }) else { return }
        let repeats = window.close()
        guard repeats > 0 else { return }
        var entry = window.entry
        // It stands for many requests.
        (entry.repeats, entry.since, entry.request) = (repeats, window.since, nil)
        do {
            try write(entry)
        } catch {
            windows.withLock { windows in
                let next = windows[reader]
                let isOpen = next?.isOpen ?? false
                windows[reader] = Window(
                    entry: window.entry, since: window.since, owed: repeats + (next?.close() ?? 0), isOpen: isOpen)
            }
            throw error
        }
    }
}

extension RouteName {
    /// Whether it tells a state that clients ask for again and again, and nothing of what was found.
    var isPolled: Bool {
        switch self {
        case .getJob, .getArrival, .getDelivery, .getNotice: true
        default: false
        }
    }
}
