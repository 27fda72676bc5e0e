// Seeks the small vertebrae of a row again, on a magnified picture: at 3 mm the locating network merges bodies of the neck.
import Imaging
import NeuralNetworks

/// A second run of the locating network over the part of a scan where bodies are small, shown to it larger than they are.
///
/// Bodies of small necks stand 11 mm apart, less than four voxels of the locating grid; magnified they stand as far apart as thoracic ones.
package struct MagnifiedRow {
    let volume: Volume
    let locator: SpineLocator
    let execution: Execution

    package init(volume: Volume, locator: SpineLocator, execution: Execution) {
        self.volume = volume
        self.locator = locator
        self.execution = execution
    }

    /// Brings steps of the neck (11 to 20 mm) to those of the thorax. Chosen on generated scans (docs/segmentation.md).
    static let magnification = 1.4
    /// Bodies with votes for less are small, millilitres: those of the neck and of the first thoracic vertebrae, and two that merged. Our choice.
    private static let smallML = 9.0
    /// What is magnified round the small bodies: their width, their arches, and room for three more above and below, millimetres. Our choice.
    private static let marginsMM: SIMD3<Double> = [60, 90, 80]
    /// A vertebra of the magnified row lies further than this share of a step from those that are kept. Our choice.
    private static let leastOfStep = 0.5

    /// The row with its small vertebrae, which lie at the head, as the magnified picture shows them, where it shows no fewer.
    ///
    /// - Throws: what the network throws, a cancellation among it.
    func completed(_ row: SpineRow) throws -> SpineRow {
        let count = Self.smallCount(row)
        guard count > 0 else { return row }
        let part = surroundings(of: row.members.prefix(count).map(\.centreMM))
        let maps = try locator.maps(of: part.magnified(by: Self.magnification), execution) { _ in }
        let seen = AutomaticSegmentation.row(maps, SpineGuide(maps)).shrunk(by: Self.magnification)
        return Self.joined(seen, row, from: count)
    }

    /// How many vertebrae at the head of the row are small, by most of each three: a single one can be a large one that the border cuts.
    static func smallCount(_ row: SpineRow) -> Int {
        let voxelML = LocateGrid.spacingMM * LocateGrid.spacingMM * LocateGrid.spacingMM / 1000
        let isSmall = row.members.map { $0.mass * voxelML < smallML }
        return isSmall.indices.prefix { i in
            let first = max(0, min(i - 1, isSmall.count - 3))
            let around = isSmall[first..<min(first + 3, isSmall.count)]
            return 3 * around.count(where: { $0 }) >= 2 * around.count
        }.count
    }

    private func surroundings(of centres: [PointMM]) -> Volume {
        let range = volume.geometry.indexRange(around: centres, marginsMM: Self.marginsMM)
        let box = volume.geometry.voxels(from: range.low, to: range.high)
        return volume.cropped(from: box.lower, size: box.size)
    }

    /// The members of `seen` above a row's member `first`, then those of the row; the row itself where `seen` has fewer there.
    static func joined(_ seen: SpineRow, _ row: SpineRow, from first: Int) -> SpineRow {
        var result = row
        guard first < row.members.count else {
            if seen.members.count >= first { result.members = seen.members }
            return result
        }
        let next = row.members[first].centreMM
        let cranial = row.cranial(at: first)
        let step = row.pitchMM(at: first) ?? length(next - row.members[first - 1].centreMM)
        let above = seen.members.prefix { dot($0.centreMM - next, cranial) > leastOfStep * step }
        guard above.count >= first, let last = above.last else { return row }
        result.members = Array(above) + row.members[first...]
        let gap = length(next - last.centreMM)
        result.members[above.count].missingAbove = max(0, Int((gap / step).rounded()) - 1)
        return result
    }
}

extension Volume {
    /// The same voxels, each so many times as large.
    fileprivate func magnified(by factor: Double) -> Volume {
        var larger = self
        larger.geometry.spacingMM *= factor
        larger.geometry.originMM *= factor
        return larger
    }
}

extension SpineRow {
    /// The row of a magnified picture in the scan's own millimetres.
    fileprivate func shrunk(by factor: Double) -> SpineRow {
        SpineRow(
            members: members.map {
                Member(
                    centreMM: $0.centreMM / factor, mass: $0.mass / (factor * factor * factor),
                    missingAbove: $0.missingAbove)
            })
    }
}
