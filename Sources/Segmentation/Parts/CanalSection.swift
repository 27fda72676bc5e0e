// The vertebral foramen as it is seen along the vertebra: the hole between body and arch.
import Imaging

/// A hole in the vertebra's projection along its own long axis, in the plane of its frame.
struct CanalSection {
    /// Frame x and y of the hole's extremes, mm.
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    private let columns: Int
    private let rows: Int
    private let lower: SIMD2<Double>
    private let isHole: [Bool]

    private static let pitchMM = 0.7
    private static let reachMM: SIMD2<Double> = [40, 70]
    /// The hole is sought beside the midline and behind the body's centre.
    private static let midlineMM = 12.0
    /// A canal is larger, mm².
    private static let leastAreaMM2 = 60.0

    /// nil where the arch does not close around a canal, so that there is no hole.
    init?(_ vertebra: Vertebra) {
        let pitch = Self.pitchMM
        lower = [-Self.reachMM.x, -Self.reachMM.y]
        columns = Int(2 * Self.reachMM.x / pitch)
        rows = Int((Self.reachMM.y + 20) / pitch)
        var isBone = [Bool](repeating: false, count: columns * rows)
        let steps = FrameSteps(vertebra.parts.geometry, vertebra.frame)
        let size = steps.size
        // Each voxel covers the cells under it.
        let spacing = vertebra.parts.geometry.spacingMM
        let reach = Int((0.5 * max(spacing.x, spacing.y) / pitch).rounded(.up))
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x where vertebra.parts[x, y, z] != 0 {
                    let local = steps.first + steps.x * Double(x) + steps.y * Double(y) + steps.z * Double(z)
                    let column = Int(((local.x - lower.x) / pitch).rounded(.down))
                    let row = Int(((local.y - lower.y) / pitch).rounded(.down))
                    guard row + reach >= 0, row - reach < rows, column + reach >= 0, column - reach < columns else {
                        continue
                    }
                    for b in max(row - reach, 0)...min(row + reach, rows - 1) {
                        for a in max(column - reach, 0)...min(column + reach, columns - 1) {
                            isBone[b * columns + a] = true
                        }
                    }
                }
            }
        }
        let plane = Geometry(
            size: Index3(x: columns, y: rows, z: 1), spacingMM: [pitch, pitch, 1], originMM: [lower.x, lower.y, 0])
        let free = VoxelMask(geometry: plane, voxels: isBone.map { !$0 }).components(.six)
        var isOpen = [Bool](repeating: false, count: free.sizes.count + 1)
        var sums = [SIMD2<Double>](repeating: .zero, count: free.sizes.count + 1)
        for i in free.numbers.indices {
            let (column, row) = (i % columns, i / columns)
            let number = Int(free.numbers[i])
            if column == 0 || row == 0 || column == columns - 1 || row == rows - 1 { isOpen[number] = true }
            sums[number] += lower + pitch * SIMD2(Double(column) + 0.5, Double(row) + 0.5)
        }
        let canals = free.sizes.indices.filter { index in
            let centre = sums[index + 1] / Double(free.sizes[index])
            return !isOpen[index + 1] && Double(free.sizes[index]) * pitch * pitch >= Self.leastAreaMM2
                && abs(centre.x) < Self.midlineMM && centre.y < 0
        }
        let best = canals.max { free.sizes[$0] < free.sizes[$1] }
        guard let best else { return nil }
        isHole = free.numbers.map { Int($0) == best + 1 }
        var (low, high) = (SIMD2<Double>(repeating: .infinity), SIMD2<Double>(repeating: -.infinity))
        for i in isHole.indices where isHole[i] {
            let point = lower + pitch * SIMD2(Double(i % columns) + 0.5, Double(i / columns) + 0.5)
            low = pointwiseMin(low, point)
            high = pointwiseMax(high, point)
        }
        x = low.x...high.x
        y = low.y...high.y
    }

    /// Whether a point of the plane lies in the hole.
    func holds(_ x: Double, _ y: Double) -> Bool {
        let column = Int(((x - lower.x) / Self.pitchMM).rounded(.down))
        let row = Int(((y - lower.y) / Self.pitchMM).rounded(.down))
        return column >= 0 && column < columns && row >= 0 && row < rows && isHole[row * columns + column]
    }
}
