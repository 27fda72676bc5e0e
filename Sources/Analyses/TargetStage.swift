// Segments what a digital biopsy works on: the vertebrae of clicks or a label map, or else those that the spine's search finds.
import Domain
import Imaging
import Segmentation

/// The first stage of a digital biopsy.
struct TargetStage {
    let finder: SpineFinder
    let request: TargetRequest
    let input: AnalysisInput

    /// Part of the time of a search that its network takes (measured roughly).
    private static let locatingShare = 0.6

    /// - Parameter progress: receives the done share, 0…1.
    /// - Throws: `AnalysisError` for targets that cannot be used; `SegmentationError`; `FaultRecord` when cancelled.
    func run(_ progress: (Double) -> Void) throws -> BiopsyTargets {
        guard !input.request.targets.isEmpty else { return try searched(progress) }
        try Targets.check(
            input.request.targets, series: input.series, maskLabels: input.mask.map { labelValues(of: $0) })
        return BiopsyTargets(try input.mask.map { try masked($0, progress) } ?? seeded(progress))
    }

    private func searched(_ progress: (Double) -> Void) throws -> BiopsyTargets {
        try SpineRefusal.check(input.volume, modality: input.series.modality)
        let maps = try finder.maps(of: input) { progress(Self.locatingShare * $0) }
        let spine = try finder.spine(in: input, maps: maps, anchor: request.anchor) {
            progress(Self.locatingShare + (1 - Self.locatingShare) * $0)
        }
        try SpineRefusal.check(spine)
        return BiopsyTargets(spine, request)
    }

    private func seeded(_ progress: (Double) -> Void) throws -> SpineSegmentation {
        let seeds = try input.request.targets.map {
            VertebraSeed(level: $0.level, pointMM: try Targets.seed(of: $0, in: input.series))
        }
        return try finder.vertebrae(at: seeds, in: input, progress: progress)
    }

    private func masked(_ mask: LabelMap, _ progress: (Double) -> Void) throws -> SpineSegmentation {
        let labels = input.request.targets.compactMap { target in
            target.label.map { (target.level, UInt16(clamping: $0)) }
        }
        return try MaskSegmentation.vertebrae(
            from: mask, volume: input.volume, labels: Dictionary(uniqueKeysWithValues: labels),
            cancellation: input.cancellation, progress: progress)
    }

    private func labelValues(of mask: LabelMap) -> [Int] {
        var present = [Bool](repeating: false, count: Int(UInt16.max) + 1)
        for label in mask.labels { present[Int(label)] = true }
        return present.indices.filter { $0 > 0 && present[$0] }
    }
}
