// From a network's maps to every vertebra of the scan: line up, name, outline, review.
import Domain
import Imaging

/// The automatic cascade after its network (docs/segmentation.md): the maps say where everything is at 3 mm, classical edges draw the
/// outline at the scan's own resolution.
package enum AutomaticSegmentation {
    /// Segments every vertebra of a scan.
    ///
    /// - Parameters:
    ///   - volume: CT in HU, any orientation and spacing.
    ///   - maps: what a `SpineLocator` says of it.
    ///   - outliner: looks at each vertebra more closely; nil to do with the maps alone.
    ///   - magnified: seeks small vertebrae again; nil to do with the maps alone.
    ///   - anchor: a level that is known, and a point in or near that vertebra's body.
    ///   - progress: receives the done share, 0…1.
    /// - Throws: `SegmentationError.noSpine` and `.anchorAway`; `FaultRecord` when cancelled.
    package static func segment(
        _ volume: Volume, maps: SpineMaps, outliner: VertebraOutliner?, magnified: MagnifiedRow? = nil,
        anchor: VertebraSeed?, cancellation: Cancellation,
        progress: (Double) -> Void
    ) throws -> FoundSpine {
        let guide = SpineGuide(maps)
        var row = row(maps, guide)
        guard !row.members.isEmpty else {
            throw SegmentationError.noSpine(
                finding: "nothing in it looks like a row of vertebrae")
        }
        if let magnified { row = try magnified.completed(row) }
        if let outliner { row = try CloserLook(volume: volume, outliner: outliner).completed(row) }
        let views =
            try outliner?.views(
                of: volume, centres: row.members.map(\.centreMM), others: row.sacrumMM.map { [$0] } ?? []
            ) { progress(0.5 * $0) } ?? []
        try cancellation.check()
        let naming = try naming(row, maps, guide.looking(views), scan: volume.geometry, anchor: anchor)
        return try found(volume, guide.looking(views), row, naming, threads: outliner?.threads ?? 1, cancellation) {
            progress(views.isEmpty ? $0 : 0.5 + 0.5 * $0)
        }
    }

    /// Outlines and reviews of every member but the atlas, which has no body: it is named, no more.
    private static func found(
        _ volume: Volume, _ guide: SpineGuide, _ row: SpineRow, _ naming: LevelNaming, threads: Int,
        _ cancellation: Cancellation, _ progress: (Double) -> Void
    ) throws -> FoundSpine {
        guard naming.names.first == .C1, row.members.count > 1 else {
            let outline = SpineOutline(volume: volume, guide: guide, row: row, naming: naming, threads: threads)
            return try outline.found(cancellation: cancellation, progress: progress)
        }
        let outline = SpineOutline(
            volume: volume, guide: guide.looking(Array(guide.views.dropFirst())), row: row.withoutFirst,
            naming: naming.withoutFirst, threads: threads)
        var spine = try outline.found(cancellation: cancellation, progress: progress)
        spine.vertebrae.insert(
            FoundVertebra(
                level: .C1, levelConfidence: naming.confidences[0], centreMM: row.members[0].centreMM, shape: nil,
                quality: SpineSegmentation.Quality(),
                review: VertebraReview(noBody: "C1 is a ring about the dens of C2 and has none")), at: 0)
        return spine
    }

    static func row(_ maps: SpineMaps, _ guide: SpineGuide) -> SpineRow {
        let votes = CentreVotes.vertebrae(maps)
        let voxelML = maps.geometry.voxelVolumeMM3 / 1000
        let sacrum = CentreVotes.sacrum(maps).peaks().first { $0.mass * voxelML >= SacrumAnchor.leastML }
        let search = RowSearch(peaks: votes.peaks(), sacrum: sacrum, discBetween: guide.discBetween)
        return RowRepair(votes: votes).repaired(search.row())
    }

    /// How far from a body's centre the point of an anchor may lie: half a body and its disc. Our choice.
    private static let anchorReachMM = 25.0

    static func naming(
        _ row: SpineRow, _ maps: SpineMaps, _ guide: SpineGuide, scan: Geometry, anchor: VertebraSeed?
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
            RibAnchor(maps: maps, scan: scan).reading(of: row),
            DensAnchor(views: guide.views, scan: scan).reading(of: row),
        ] {
            switch result {
            case .success(let reading): readings.append(reading)
            case .failure(let silence): silences.append(silence.reason)
            }
        }
        let widths = row.members.indices.map {
            guide.bodyExtent(at: row.members[$0].centreMM, cranial: row.cranial(at: $0))?.halfWidthMM
        }
        return LevelNaming(
            positions: row.positions, readings: readings, silences: silences, isCounted: isCounted(row, on: scan),
            halfWidthsMM: widths)
    }

    /// So many slices from one vertebra to the next show whether one lies between them. Our choice.
    private static let leastSlices = 3.0

    /// Whether each step of a row crosses enough slices of a scan: on slices of 5 mm those of the neck do not.
    static func isCounted(_ row: SpineRow, on scan: Geometry) -> [Bool] {
        zip(row.members, row.members.dropFirst()).map { upper, lower in
            let way = lower.centreMM - upper.centreMM
            let along = [scan.xAxis, scan.yAxis, scan.zAxis].map { abs(dot($0, way)) }
            let axis = along.indices.max { along[$0] < along[$1] } ?? 2
            return along[axis] >= leastSlices * scan.spacingMM[axis]
        }
    }
}
