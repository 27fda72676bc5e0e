// One pass over a mask: where each label lies.
import Imaging

/// A label's voxels as runs along x, and the smallest box around them.
struct LabelRegion {
    let label: Int
    /// Voxels of the label.
    private(set) var count = 0
    /// The first voxel of each run in the mask, and how many follow it in its row.
    private var runs: [(x: Int32, y: Int32, z: Int32, count: Int32)] = []
    private var low = SIMD3(repeating: Int32.max)
    private var high = SIMD3(repeating: Int32.min)

    init(label: Int) { self.label = label }

    /// The smallest box that holds the region; it must not be empty.
    var box: IndexBox {
        IndexBox(
            lower: Index3(x: Int(low.x), y: Int(low.y), z: Int(low.z)),
            size: Index3(x: Int(high.x - low.x) + 1, y: Int(high.y - low.y) + 1, z: Int(high.z - low.z) + 1))
    }

    /// Which voxels of a box that holds the region belong to it, x fastest.
    func inside(_ box: IndexBox) -> [Bool] {
        var inside = [Bool](repeating: false, count: box.size.count)
        for run in runs {
            let row = (Int(run.z) - box.lower.z) * box.size.y + Int(run.y) - box.lower.y
            let start = row * box.size.x + Int(run.x) - box.lower.x
            for i in start..<start + Int(run.count) { inside[i] = true }
        }
        return inside
    }

    fileprivate mutating func add(_ first: Int, _ length: Int, _ size: Index3) {
        count += length
        var (first, rest) = (first, length)
        while rest > 0 {
            let row = first / size.x
            let (x, y, z) = (first - row * size.x, row % size.y, row / size.y)
            let n = min(rest, size.x - x)
            let start = SIMD3(Int32(x), Int32(y), Int32(z))
            runs.append((start.x, start.y, start.z, Int32(n)))
            low = pointwiseMin(low, start)
            high = pointwiseMax(high, start &+ SIMD3(Int32(n - 1), 0, 0))
            first += n
            rest -= n
        }
    }
}

/// The regions of several labels, in their order, from one pass over the mask. Values are cut to whole numbers.
///
/// - Throws: `RadiomicsError.labelAbsent`, and what reading the mask throws.
func labelRegions(_ mask: some VoxelSource, _ labels: [Int]) throws -> [LabelRegion] {
    let size = mask.geometry.size
    var regions = labels.map { LabelRegion(label: $0) }
    var present: Set<Int> = []
    try mask.forEachPiece { values, first in
        forEachRun(values) { value, start, length in
            guard let label = Int(exactly: value.rounded(.towardZero)), label != 0 else { return }
            present.insert(label)
            for i in regions.indices where regions[i].label == label { regions[i].add(first + start, length, size) }
        }
    }
    for region in regions where region.count == 0 {
        throw RadiomicsError.labelAbsent(region.label, present: present.sorted())
    }
    return regions
}

/// Calls `use` for each run of equal values that are not 0.
private func forEachRun(
    _ values: UnsafeBufferPointer<Double>, _ use: (_ value: Double, _ start: Int, _ length: Int) -> Void
) {
    var i = 0
    while i < values.count {
        let value = values[i]
        let start = i
        i += 1
        if value == 0 {
            i += leadingZeros(values[i...])
            continue
        }
        while i < values.count, values[i] == value { i += 1 }
        use(value, start, i - start)
    }
}

/// How many values at the beginning are 0, in steps of 16; most of a mask is skipped so.
private func leadingZeros(_ values: Slice<UnsafeBufferPointer<Double>>) -> Int {
    let rest = UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: values))
    let step = 2 * MemoryLayout<SIMD8<UInt64>>.size
    var byte = 0
    while byte + step <= rest.count {
        let bits =
            rest.loadUnaligned(fromByteOffset: byte, as: SIMD8<UInt64>.self)
            | rest.loadUnaligned(fromByteOffset: byte + step / 2, as: SIMD8<UInt64>.self)
        let halves = bits.lowHalf | bits.highHalf
        let quarters = halves.lowHalf | halves.highHalf
        guard quarters.x | quarters.y == 0 else { break }
        byte += step
    }
    return byte / MemoryLayout<Double>.size
}
