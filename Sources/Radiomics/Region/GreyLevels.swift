// Grey values sorted into bins.
import Imaging

/// The grey level of each voxel of a region.
struct GreyLevels: Sendable {
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

    /// PyRadiomics' bins (3.0.1 `imageoperations.getBinEdges`): half-open and at multiples of `binWidth`, or `binCount` of equal
    /// width of which the last is closed.
    ///
    /// - Parameter isSinglePrecision: the values are single precision; NumPy then computes the edges in it too.
    init(
        _ region: RegionOfInterest, _ settings: TextureSettings, isSinglePrecision: Bool = false
    ) throws(RadiomicsError) {
        let inside = region.valuesInside
        let low = inside.min() ?? 0
        let high = inside.max() ?? 0
        let edges: [Double]
        let width: Double
        if let count = settings.binCount {
            guard (1...RadiomicsError.binLimit).contains(count) else { throw .binCountInvalid(count) }
            edges = Self.edges(from: low, to: high, count: count, isSinglePrecision)
            width = edges[1] - edges[0]
        } else {
            width = settings.binWidth
            guard width > 0, width.isFinite else { throw .binWidthInvalid(width) }
            edges = try Self.edges(from: low, to: high, width: width, isSinglePrecision)
        }
        self.init(size: region.size, levels: binned(region, edges, width), highest: edges.count)
    }

    /// - Parameters:
    ///   - levels: the level of each voxel of the box from 1, 0 outside the region, x fastest.
    ///   - highest: no level is above.
    init(size: Index3, levels: [Int32], highest: Int) {
        var histogram = [Int](repeating: 0, count: highest + 1)
        for level in levels { histogram[Int(level)] += 1 }
        histogram[0] = 0
        let occurring = histogram.indices.filter { histogram[$0] > 0 }
        var rank = [Int32](repeating: -1, count: histogram.count)
        for (r, l) in occurring.enumerated() { rank[l] = Int32(r) }
        self.size = size
        self.levels = occurring
        counts = occurring.map { histogram[$0] }
        ranks = levels.map { rank[Int($0)] }
    }

    /// Lower edges of the bins.
    private static func edges(
        from low: Double, to high: Double, width: Double, _ isSinglePrecision: Bool
    ) throws(RadiomicsError) -> [Double] {
        let count = (high / width).rounded(.down) - (low / width).rounded(.down) + 1
        guard count <= Double(RadiomicsError.binLimit) else { throw .tooManyLevels(levels: count, binWidth: width) }
        // One more than needed: rounding may move the largest value up one bin.
        return isSinglePrecision
            ? edges(from: Float(low), width: Float(width), count: Int(count) + 1)
            : edges(from: low, width: width, count: Int(count) + 1)
    }

    /// In the precision of the values and in the order of arithmetic of NumPy's `arange` (2.0 and later).
    private static func edges<Value: BinaryFloatingPoint>(from low: Value, width: Value, count: Int) -> [Double] {
        var remainder = low.truncatingRemainder(dividingBy: width)
        if remainder < 0 { remainder += width }
        let first = low - remainder
        let step = (first + width) - first
        return (0..<count).map { Double(first + Value($0) * step) }
    }

    /// Lower edges of `count` bins, as NumPy's `histogram` makes them; equal values lie in the middle of a range of 1.
    private static func edges(
        from low: Double, to high: Double, count: Int, _ isSinglePrecision: Bool
    ) -> [Double] {
        let (first, last) = low == high ? (low - 0.5, high + 0.5) : (low, high)
        let step = (last - first) / Double(count)
        // Beyond the last edge of all lies nothing.
        let edges = (0..<count).map { Double($0) * step + first } + [last + 1]
        return isSinglePrecision ? edges.map { Double(Float($0)) } : edges
    }
}

/// The number of edges at or below each value of a region; 0 outside.
private func binned(_ region: RegionOfInterest, _ edges: [Double], _ width: Double) -> [Int32] {
    [Int32](unsafeUninitializedCapacity: region.values.count) { out, count in
        count = region.values.count
        region.values.withUnsafeBufferPointer { values in
            region.inside.withUnsafeBufferPointer { inside in
                edges.withUnsafeBufferPointer { edges in
                    let scale = 1 / width
                    for i in 0..<values.count {
                        guard inside[i] else {
                            out[i] = 0
                            continue
                        }
                        let value = values[i]
                        var bin = min(max(Int((value - edges[0]) * scale), 0), edges.count - 1)
                        while bin > 0, edges[bin] > value { bin -= 1 }
                        while bin + 1 < edges.count, edges[bin + 1] <= value { bin += 1 }
                        out[i] = Int32(bin + 1)
                    }
                }
            }
        }
    }
}
