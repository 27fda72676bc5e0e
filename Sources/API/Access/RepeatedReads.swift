// Polls in the access trail: the first is a row of its own, those that follow within a minute are one row together.
import Domain
import Foundation
import Store

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

    private struct Window {
        /// Of the first read, whose row is in the trail.
        let entry: TrailEntry
        let since: Date
        var repeats = 0
        /// False while the trail refuses the count: the next read must be written down by itself, or not be answered.
        var isOpen = true
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

    /// Counts a read whose first has been written down; false where it has not.
    func counts(_ reader: Reader) -> Bool {
        windows.withLock { windows in
            guard let place = windows.index(forKey: reader), windows.values[place].isOpen else { return false }
            windows.values[place].repeats += 1
            return true
        }
    }

    /// Counts from now on what follows a read that was written down.
    func begin(_ reader: Reader, after entry: TrailEntry) {
        let isNew = windows.withLock { windows in
            windows[reader]?.isOpen = true
            guard windows[reader] == nil, windows.count < Self.capacity else { return false }
            windows[reader] = Window(entry: entry, since: Date())
            return true
        }
        if isNew { closeLater(reader) }
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
        guard let window = windows.withLock({ $0.removeValue(forKey: reader) }), window.repeats > 0 else { return }
        var entry = window.entry
        // It stands for many requests.
        (entry.repeats, entry.since, entry.request) = (window.repeats, window.since, nil)
        do {
            try write(entry)
        } catch {
            windows.withLock { windows in
                var kept = window
                kept.repeats += windows[reader]?.repeats ?? 0
                kept.isOpen = windows[reader]?.isOpen ?? false
                windows[reader] = kept
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
