// From a scan to every vertebra in it: locate, line up, name, outline, review.
import Domain
import Imaging
import NeuralNetworks

/// The automatic cascade (docs/segmentation.md): a network finds the place and the kind of everything at 3 mm, classical edges draw
/// the outline at the scan's own resolution.
package struct AutomaticSegmentation: Sendable {
    private let locator: SpineLocator

    package init(_ locator: SpineLocator) { self.locator = locator }

    /// Segments every vertebra of a scan.
    ///
    /// - Parameters:
    ///   - volume: CT in HU, any orientation and spacing.
    ///   - anchor: a level that is known, and a point in or near that vertebra's body.
    ///   - progress: receives the done share, 0…1.
    /// - Throws: `SegmentationError.noSpine`, or `.anchorAway`; `FaultRecord` when cancelled.
    package func segment(
        _ volume: Volume, anchor: VertebraSeed?, _ execution: Execution, cancellation: Cancellation,
        progress: (Double) -> Void
    ) throws -> FoundSpine {
        let grid = LocateGrid.volume(of: volume)
        try cancellation.check()
        let maps = try locator.maps(of: grid, execution) { progress(0.4 * $0) }
        return try Self.segment(volume, maps: maps, anchor: anchor, cancellation: cancellation) {
            progress(0.4 + 0.6 * $0)
        }
    }

    /// The part after the network.
    static func segment(
        _ volume: Volume, maps: SpineMaps, anchor: VertebraSeed?, cancellation: Cancellation,
        progress: (Double) -> Void
    ) throws -> FoundSpine {
        let guide = SpineGuide(maps)
        let row = row(maps, guide)
        guard row.members.count > 0 else {
            throw SegmentationError.noSpine(
                finding: "at 3 mm, no place gathers the votes of a vertebral body")
        }
        let naming = try naming(row, maps, guide, anchor: anchor)
        try cancellation.check()
        return try SpineOutline(volume: volume, guide: guide, row: row, naming: naming).found(
            cancellation: cancellation, progress: progress)
    }

    static func row(_ maps: SpineMaps, _ guide: SpineGuide) -> SpineRow {
        let votes = CentreVotes.vertebrae(maps)
        let search = RowSearch(
            peaks: votes.peaks(), sacrum: CentreVotes.sacrum(maps).peaks().first, discBetween: guide.discBetween)
        return RowRepair(votes: votes).repaired(search.row())
    }

    /// How far from a body's centre the point of an anchor may lie: half a body and its disc. Our choice.
    private static let anchorReachMM = 25.0

    static func naming(
        _ row: SpineRow, _ maps: SpineMaps, _ guide: SpineGuide, anchor: VertebraSeed?
    ) throws -> LevelNaming {
        var readings: [LevelReading] = []
        var silences: [String] = []
        if let anchor {
            let distances = row.members.map { length($0.centreMM - anchor.pointMM) }
            let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
            guard distances[nearest] <= anchorReachMM else {
                throw SegmentationError.anchorAway(anchor.level, distanceMM: distances[nearest])
            }
            readings.append(
                LevelReading(
                    anchor: .request, position: row.positions[nearest], level: anchor.level,
                    finding: "The request names vertebra \(nearest + 1) from the head"))
        }
        for result in [
            SacrumAnchor(maps: maps).reading(of: row, discBetween: guide.discBetween),
            RibAnchor(maps: maps).reading(of: row),
        ] {
            switch result {
            case .success(let reading): readings.append(reading)
            case .failure(let silence): silences.append(silence.reason)
            }
        }
        return LevelNaming(positions: row.positions, readings: readings, silences: silences)
    }
}
