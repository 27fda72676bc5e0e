// Grey values sorted into bins of fixed width.
import Imaging

/// The grey level of each voxel of a region.
struct GreyLevels {
    /// Voxels of the box along x, y, z.
    let size: Index3
    /// The **rank** of each voxel's level among the levels that occur, 0-based; −1 outside the region. x fastest.
    let ranks: [Int32]
    /// The levels that occur, ascending; level 1 is the bin of the smallest value.
    let levels: [Int]
    /// Voxels of each level that occurs.
    let counts: [Int]

    /// The highest level, which is also the number of levels when empty bins are counted (PyRadiomics' and IBSI's Ng).
    var highest: Int { levels.last ?? 0 }

    /// Level = ⌊x / width⌋ − ⌊min / width⌋ + 1: half-open bins that start at multiples of the width (PyRadiomics `binWidth`;
    /// IBSI "fixed bin size", without its lower bound).
    init(_ region: RegionOfInterest, binWidth: Double) throws(RadiomicsError) {
        guard binWidth > 0, binWidth.isFinite else { throw .binWidthInvalid(binWidth) }
        let inside = region.valuesInside
        let lowest = ((inside.min() ?? 0) / binWidth).rounded(.down)
        let highest = ((inside.max() ?? 0) / binWidth).rounded(.down) - lowest + 1
        guard highest <= Double(RadiomicsError.levelLimit) else {
            throw .tooManyLevels(levels: highest, binWidth: binWidth)
        }
        var histogram = [Int](repeating: 0, count: Int(highest) + 1)
        var level = [Int](repeating: 0, count: region.values.count)
        for i in region.values.indices where region.inside[i] {
            level[i] = Int((region.values[i] / binWidth).rounded(.down) - lowest) + 1
            histogram[level[i]] += 1
        }
        let occurring = histogram.indices.filter { histogram[$0] > 0 }
        var rank = [Int32](repeating: -1, count: histogram.count)
        for (r, l) in occurring.enumerated() { rank[l] = Int32(r) }
        size = region.size
        levels = occurring
        counts = occurring.map { histogram[$0] }
        ranks = level.map { rank[$0] }
    }
}
