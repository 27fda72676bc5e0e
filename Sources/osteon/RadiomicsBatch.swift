// Many cases over all cores.
import Domain
import Foundation
import Radiomics
import Synchronization

/// Runs cases. One case takes all threads itself; several share them, a case a thread.
struct RadiomicsBatch {
    let cases: [RadiomicsCase]
    let configuration: RadiomicsConfiguration
    let threads: Int

    /// The result or the failure of each case, in order; the same bits for any number of threads.
    func results(_ progress: @escaping @Sendable (StageProgress) -> Void) -> [Result<
        RadiomicsCase.Result, CommandFailure
    >] {
        if cases.count == 1 { return [result(cases[0], threads: threads, progress)] }
        let done = Atomic<Int>(0)
        let count = cases.count
        progress(StageProgress(stage: "0 of \(count) cases", fraction: 0))
        return inOrder(count, threads: threads) { index in
            let result = result(cases[index], threads: 1) { _ in }
            let finished = done.add(1, ordering: .relaxed).newValue
            progress(
                StageProgress(stage: "\(finished) of \(count) cases", fraction: Double(finished) / Double(count)))
            return result
        }
    }

    private func result(
        _ item: RadiomicsCase, threads: Int, _ progress: (StageProgress) -> Void
    ) -> Result<RadiomicsCase.Result, CommandFailure> {
        do {
            return .success(
                try CommandFailure.explaining {
                    try item.extract(configuration, threads: threads, progress: progress)
                })
        } catch let failure as CommandFailure {
            return .failure(failure)
        } catch {
            return .failure(CommandFailure(error.localizedDescription))
        }
    }
}
