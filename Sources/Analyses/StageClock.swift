// Names the stages of an analysis: tells progress, takes times, stops when asked.
import Domain
import Foundation

/// Runs stages one after the other, each with its share of the whole.
struct StageClock {
    private let cancellation: Cancellation
    private let progress: @Sendable (StageProgress) -> Void
    private(set) var timingsMS: [StageTiming] = []

    init(_ input: AnalysisInput) {
        cancellation = input.cancellation
        progress = input.progress
    }

    /// Runs one stage and adds up its time under its name.
    ///
    /// - Parameters:
    ///   - span: where the whole stands before and after it, 0…1.
    ///   - body: receives a closure that tells the stage's own share done, 0…1, from any thread.
    /// - Throws: what `body` throws; `FaultRecord` once cancelled.
    mutating func stage<Result>(
        _ name: String, _ span: ClosedRange<Double>, _ body: (@escaping @Sendable (Double) -> Void) throws -> Result
    ) throws -> Result {
        try cancellation.check()
        let progress = progress
        progress(StageProgress(stage: name, fraction: span.lowerBound))
        let start = ContinuousClock.now
        let result = try body { share in
            let fraction = span.lowerBound + (span.upperBound - span.lowerBound) * min(max(share, 0), 1)
            progress(StageProgress(stage: name, fraction: fraction))
        }
        let milliseconds = (ContinuousClock.now - start) / .milliseconds(1)
        if let index = timingsMS.firstIndex(where: { $0.stage == name }) {
            timingsMS[index].milliseconds += milliseconds
        } else {
            timingsMS.append(StageTiming(stage: name, milliseconds: milliseconds))
        }
        return result
    }
}
