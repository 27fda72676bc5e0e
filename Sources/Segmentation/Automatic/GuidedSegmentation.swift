// From clicks to vertebrae with the networks' help: the automatic steps round the clicks, which say what is wanted and what it is called.
import Domain
import Imaging
import NeuralNetworks

/// Segments clicked vertebrae as the search would outline them; where the networks see no body at a click, edges alone must do.
package struct GuidedSegmentation {
    package let locator: SpineLocator
    package let outliner: VertebraOutliner
    package let execution: Execution

    package init(locator: SpineLocator, outliner: VertebraOutliner, execution: Execution) {
        self.locator = locator
        self.outliner = outliner
        self.execution = execution
    }

    /// Room around the clicks that the locating network sees, millimetres: a vertebra above and below, and the whole arch. Our choice.
    private static let marginsMM: SIMD3<Double> = [60, 90, 60]

    /// Segments all seeded vertebrae of one scan together.
    ///
    /// - Parameters:
    ///   - volume: CT in HU, any orientation and spacing.
    ///   - seeds: in any order; levels differ.
    ///   - progress: receives the done share, 0…1.
    /// - Throws: `SegmentationError` when a seed cannot be used or a body is implausible; `FaultRecord` when cancelled.
    package func segment(
        _ volume: Volume, seeds: [VertebraSeed], cancellation: Cancellation, progress: (Double) -> Void
    ) throws -> SpineSegmentation {
        let ordered = try SeedCheck(volume: volume).ordered(seeds)
        let maps = try locator.maps(
            of: Self.surroundings(of: ordered, in: volume), execution, isAveraged: false
        ) { progress(0.2 * $0) }
        let guide = SpineGuide(maps)
        let row = try MagnifiedRow(volume: volume, locator: locator, execution: execution)
            .completed(AutomaticSegmentation.row(maps, guide))
        var targets = SeededRow(ordered, found: row)
        // Where a click stands at an end its neighbour may be one that the border cuts.
        let beyond = try CloserLook(volume: volume, outliner: outliner).extended(
            targets.row, isUpward: targets.isFirstClicked, isDownward: targets.isLastClicked, atMost: 1)
        if beyond != targets.row { targets = SeededRow(ordered, found: beyond) }
        let views = try outliner.views(
            of: volume, centres: targets.row.members.map(\.centreMM), others: targets.row.sacrumMM.map { [$0] } ?? [],
            glanced: targets.neighbours
        ) { progress(0.2 + 0.4 * $0) }
        let outline = SpineOutline(
            volume: volume, guide: guide.looking(views), row: targets.row, naming: targets.naming,
            threads: execution.threads)
        let found = try outline.found(cancellation: cancellation) { progress(0.6 + 0.4 * $0) }
        guard let result = targets.seeded(of: found) else {
            var plain = try SeededSegmentation.segment(
                volume, seeds: ordered, cancellation: cancellation, progress: progress)
            plain.warnings.append(
                "The networks saw no body at one of the clicks: all were outlined by edges alone.")
            return plain
        }
        return result
    }

    private static func surroundings(of seeds: [VertebraSeed], in volume: Volume) -> Volume {
        let range = volume.geometry.indexRange(around: seeds.map(\.pointMM), marginsMM: marginsMM)
        let box = volume.geometry.voxels(from: range.low, to: range.high)
        return volume.cropped(from: box.lower, size: box.size)
    }
}
