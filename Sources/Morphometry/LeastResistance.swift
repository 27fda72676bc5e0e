// The easiest way through marrow from a cleft to everywhere else in the body.
import Imaging

/// Resistance of the least resistant path from a region to each voxel of the body, in millimetres of median marrow.
///
/// A millimetre of voxel costs (HU − 15)/(median HU − 15), within 0.1…3: fluid and gas cost a tenth, median marrow 1. Density ranks how easily
/// cement passes and no more (permeability by density is weak: Baroud 2004, J Biomech 37:189). Dijkstra 1959, Numer Math 1:269, over the 26
/// neighbours; a step costs its length times the mean of its two ends.
struct LeastResistance {
    /// Infinite outside the body.
    let resistanceMM: [Float]

    /// - Parameter source: on the window's grid.
    init(from source: VoxelMask, in window: BodyWindow, marrowHU: Double) {
        let size = window.box.size
        let spacing = window.volume.geometry.spacingMM
        let scale = 1 / Float(max(marrowHU - Self.openHU, Self.leastContrastHU))
        var marrow = window.volume
        let blurred = source.dilated(byMM: Self.borderMM)
        for i in marrow.voxels.indices where blurred.voxels[i] { marrow.voxels[i] = Float(marrowHU) }
        let cost = marrow.smoothed(sigmaMM: Self.smoothingMM).voxels.map {
            min(max(($0 - Float(Self.openHU)) * scale, 0.1), 3)
        }
        var steps: [(dx: Int, dy: Int, dz: Int, step: Int, lengthMM: Float)] = []
        for dz in -1...1 {
            for dy in -1...1 {
                for dx in -1...1 where (dx, dy, dz) != (0, 0, 0) {
                    let offset = SIMD3(Double(dx), Double(dy), Double(dz)) * spacing
                    steps.append((dx, dy, dz, (dz * size.y + dy) * size.x + dx, Float(length(offset))))
                }
            }
        }
        var best = [Float](repeating: .infinity, count: size.count)
        var queue = TravelQueue()
        for i in best.indices where source.voxels[i] {
            best[i] = 0
            queue.push(i, 0)
        }
        let inside = window.body.voxels
        best.withUnsafeMutableBufferPointer { best in
            inside.withUnsafeBufferPointer { inside in
                cost.withUnsafeBufferPointer { cost in
                    while let (i, travelled) = queue.pop() {
                        guard travelled <= best[i] else { continue }
                        let row = i / size.x
                        let (x, y, z) = (i - row * size.x, row % size.y, row / size.y)
                        for (dx, dy, dz, step, lengthMM) in steps {
                            guard x + dx >= 0, x + dx < size.x, y + dy >= 0, y + dy < size.y, z + dz >= 0,
                                z + dz < size.z, inside[i + step]
                            else { continue }
                            let next = travelled + lengthMM * (cost[i] + cost[i + step]) / 2
                            guard next < best[i + step] else { continue }
                            best[i + step] = next
                            queue.push(i + step, next)
                        }
                    }
                }
            }
        }
        resistanceMM = best
    }

    /// HU of the most open marrow (our choice: the fluid of a cleft).
    private static let openHU = 15.0
    /// Marrow as thin as fluid would make every way equal (our choice).
    private static let leastContrastHU = 30.0
    /// The source's own blurred border is no way through marrow: it counts as median marrow (our choice).
    private static let borderMM = 1.5
    /// Takes off noise, so that a path cannot thread through single dark voxels (our choice).
    private static let smoothingMM = 1.0
}

/// Voxels by travel cost, cheapest first: a binary heap.
private struct TravelQueue {
    private var items: [(voxel: Int, cost: Float)] = []

    mutating func push(_ voxel: Int, _ cost: Float) {
        items.append((voxel, cost))
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child].cost < items[parent].cost else { return }
            items.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> (voxel: Int, cost: Float)? {
        guard let first = items.first, let last = items.popLast() else { return nil }
        guard !items.isEmpty else { return first }
        items[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < items.count {
                if items[child].cost < items[least].cost { least = child }
            }
            guard least != parent else { return first }
            items.swapAt(parent, least)
            parent = least
        }
    }
}
