// From one click in each vertebra to its body and arch, without learned weights.
import Domain
import Imaging

/// Segments vertebrae from seed points: disc planes, then a ray surface for each body, then the arch by travel cost.
package enum SeededSegmentation {
    /// Right–left, front–back and up–down room around the seeds that is worked on, millimetres.
    static let marginsMM: SIMD3<Double> = [65, 90, 75]

    /// Segments all seeded vertebrae of one scan together: neighbours share a disc plane and compete for the arches.
    ///
    /// - Parameters:
    ///   - volume: CT in HU, any orientation and spacing.
    ///   - seeds: in any order; levels differ.
    ///   - progress: receives the done share, 0…1.
    /// - Throws: `SegmentationError` when a seed cannot be used or a body is implausible; `FaultRecord` when cancelled.
    package static func segment(
        _ volume: Volume, seeds: [VertebraSeed], cancellation: Cancellation, progress: (Double) -> Void
    ) throws -> SpineSegmentation {
        let ordered = try SeedCheck(volume: volume).ordered(seeds)
        let grid = WorkingGrid(of: volume, around: ordered.map(\.pointMM), marginsMM: marginsMM)
        var chain = SpineChain(seeds: ordered, volume: grid.volume)
        try chain.refine(threads: 1, cancellation: cancellation) { progress(0.7 * $0) }
        let check = BodyCheck(volume: grid.volume)
        for (trace, seed) in zip(chain.traces, ordered) { try check(trace, seed: seed) }
        let rivals = chain.traces + chain.unseededNeighbours()
        var bodies = [UInt8](repeating: 0, count: grid.volume.voxels.count)
        for (i, trace) in rivals.enumerated() { grid.paint(trace.surface, number: UInt8(i + 1), into: &bodies) }
        let arches = try PosteriorElements(volume: grid.volume).owners(
            traces: rivals, bodies: bodies, cancellation: cancellation)
        progress(0.9)
        var result = SpineSegmentation(vertebrae: [], quality: [], warnings: chain.warnings)
        let assembly = VertebraAssembly(grid: grid, scan: volume.geometry)
        for (i, trace) in chain.traces.enumerated() {
            try cancellation.check()
            let vertebra = assembly.vertebra(trace, number: UInt8(i + 1), bodies: bodies, arches: arches)
            try BodyCheck.checkArch(of: vertebra)
            result.vertebrae.append(vertebra)
            result.quality.append(trace.quality)
            result.warnings += trace.warnings(isWhole: vertebra.isWhole)
        }
        progress(1)
        return result
    }
}
