// One line that tells where long work stands, on a terminal only.
import Dispatch
import Domain
import Foundation
import Synchronization

/// Shows stage, per cent and time left on standard error while it is a terminal; silent in a pipe.
final class TerminalProgress: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let startedAt = DispatchTime.now().uptimeNanoseconds
    private let lastShown = Mutex<(stage: String, percent: Int)>((stage: "", percent: -1))

    /// Shows where the work stands, when that changed by a whole per cent or a stage.
    func show(_ progress: StageProgress) {
        guard isTerminal else { return }
        let percent = Int((progress.fraction * 100).rounded(.down))
        let changed = lastShown.withLock { last in
            guard last.stage != progress.stage || last.percent != percent else { return false }
            last = (stage: progress.stage, percent: percent)
            return true
        }
        guard changed else { return }
        let seconds = Double(DispatchTime.now().uptimeNanoseconds - startedAt) / 1e9
        let left = progress.fraction > 0.05 ? seconds / progress.fraction * (1 - progress.fraction) : nil
        let remaining = left.map { ", about \(Int($0.rounded(.up))) s left" } ?? ""
        write("\r\u{1B}[K\(progress.stage) \(percent) %\(remaining)")
    }

    /// Clears the line.
    func finish() {
        guard isTerminal else { return }
        write("\r\u{1B}[K")
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
