// One pass over an image: what the whole of it is needed for, and the boxes around regions.
import Imaging

/// Statistics of all voxels of an image, and the values of some boxes; nothing else of it stays in memory.
struct ImageSurvey {
    let geometry: Geometry
    private(set) var minimum = Double.infinity
    private(set) var maximum = -Double.infinity
    /// Σ x and Σ x²: exact for whole numbers, in the order of the voxels otherwise.
    private var sum = 0.0
    private var squares = 0.0
    /// The values of each box asked for, x fastest.
    private var boxes: [[Double]]

    /// - Throws: what reading the image throws.
    init(_ image: some VoxelSource, keeping wanted: [IndexBox]) throws {
        geometry = image.geometry
        let size = geometry.size
        boxes = wanted.map { box in [Double](unsafeUninitializedCapacity: box.size.count) { $1 = box.size.count } }
        // The next row of each box to be filled.
        var nextRow = wanted.map { _ in 0 }
        try image.forEachPiece { values, first in
            add(values)
            for (i, box) in wanted.enumerated() {
                boxes[i].withUnsafeMutableBufferPointer { kept in
                    nextRow[i] = copyRows(box, of: size, from: values, first, from: nextRow[i], into: kept)
                }
            }
        }
    }

    /// Hands over the values of a box; they are gone afterwards, so that their memory can be used again.
    mutating func takeBox(_ i: Int) -> [Double] {
        var values: [Double] = []
        swap(&values, &boxes[i])
        return values
    }

    var mean: Double { sum / Double(geometry.size.count) }

    /// Sample standard deviation (divided by n − 1), in ITK's order of arithmetic.
    var standardDeviation: Double {
        let n = Double(geometry.size.count)
        return ((squares - sum * sum / n) / (n - 1)).squareRoot()
    }

    private mutating func add(_ values: UnsafeBufferPointer<Double>) {
        typealias Lanes = SIMD8<Double>
        guard let start = values.baseAddress else { return }
        var (low, high) = (Lanes(repeating: minimum), Lanes(repeating: maximum))
        var (sums, squareSums) = (Lanes.zero, Lanes.zero)
        let whole = values.count / 8 * 8
        for i in stride(from: 0, to: whole, by: 8) {
            let x = UnsafeRawPointer(start + i).loadUnaligned(as: Lanes.self)
            low.replace(with: x, where: x .< low)
            high.replace(with: x, where: x .> high)
            sums += x
            squareSums += x * x
        }
        for x in values[whole...] {
            low[0] = min(low[0], x)
            high[0] = max(high[0], x)
            sums[0] += x
            squareSums[0] += x * x
        }
        (minimum, maximum) = (low.min(), high.max())
        sum += sums.sum()
        squares += squareSums.sum()
    }
}

/// Copies what a piece of the image holds of a box. Returns the first row of the box that is not complete.
private func copyRows(
    _ box: IndexBox, of size: Index3, from values: UnsafeBufferPointer<Double>, _ first: Int, from row: Int,
    into kept: UnsafeMutableBufferPointer<Double>
) -> Int {
    let end = first + values.count
    var row = row
    while row < box.size.y * box.size.z {
        let (y, z) = (box.lower.y + row % box.size.y, box.lower.z + row / box.size.y)
        let rowStart = (z * size.y + y) * size.x + box.lower.x
        let (from, to) = (max(rowStart, first), min(rowStart + box.size.x, end))
        for i in from..<max(from, to) { kept[row * box.size.x + i - rowStart] = values[i - first] }
        guard rowStart + box.size.x <= end else { return row }
        row += 1
    }
    return row
}
