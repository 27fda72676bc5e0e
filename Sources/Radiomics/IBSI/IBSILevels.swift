// Grey values sorted into levels as the IBSI reference manual does.
import Foundation
import Imaging

/// The grey level of each voxel of an image.
struct IBSILevels: Sendable {
    /// Voxels along x, y, z.
    let size: Index3
    /// 1 … `highest`; 0 outside the intensity mask. x fastest.
    let levels: [Int32]
    /// The number of levels, empty ones included (the manual's Ng).
    let highest: Int
    /// The grey value in the middle of level 1 and the step to the next; level numbers themselves where there are no bins.
    let firstCentre, step: Double

    /// The levels of a region's voxels.
    ///
    /// - Parameter range: the resegmentation range, where bins of fixed width start.
    /// - Throws: `RadiomicsError` when there would be too many levels, a bin has no width, or, without bins, values are no levels.
    init(
        _ region: IBSIRegion, _ discretisation: IBSISettings.Discretisation, range: ClosedRange<Double>?
    ) throws(RadiomicsError) {
        let inside = region.intensities(of: region.image)
        let (minimum, maximum) = (inside.min() ?? 0, inside.max() ?? 0)
        let level: (Double) -> Double
        switch discretisation {
        case .none:
            guard minimum >= 1, inside.allSatisfy({ $0 == $0.rounded() }) else { throw .valuesNotLevels }
            highest = try Self.limited(maximum, width: 1)
            (firstCentre, step) = (1, 1)
            level = { $0 }
        case .binWidth(let width):
            guard width > 0, width.isFinite else { throw .binWidthInvalid(width) }
            let lower = range?.lowerBound ?? minimum
            // A value on the upper end of the range belongs to the last bin.
            let last = range.map { max((($0.upperBound - lower) / width).rounded(.up), 1) } ?? .infinity
            level = { min(((($0 - lower) / width).rounded(.down)) + 1, last) }
            highest = try Self.limited(level(maximum), width: width)
            (firstCentre, step) = (lower + width / 2, width)
        case .binCount(let count):
            guard count > 0, count <= RadiomicsError.levelLimit else { throw .binCountInvalid(count) }
            let n = Double(count)
            level = { maximum > minimum ? min((n * ($0 - minimum) / (maximum - minimum)).rounded(.down) + 1, n) : 1 }
            highest = count
            (firstCentre, step) = (1, 1)
        }
        size = region.image.size
        var levels = [Int32](repeating: 0, count: region.image.values.count)
        for i in levels.indices where region.intensityMask[i] { levels[i] = Int32(level(region.image.values[i])) }
        self.levels = levels
    }

    private static func limited(_ levels: Double, width: Double) throws(RadiomicsError) -> Int {
        guard levels <= Double(RadiomicsError.levelLimit) else {
            throw .tooManyLevels(levels: levels, binWidth: width)
        }
        return Int(levels)
    }

    /// The number of voxels of each level; index 0 is level 1.
    var histogram: [Int] {
        var counts = [Int](repeating: 0, count: highest + 1)
        for level in levels { counts[Int(level)] += 1 }
        return Array(counts.dropFirst())
    }
}
