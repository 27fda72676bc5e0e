// A grid seen from a vertebra's frame: positions of voxels, and steps along directions as voxel offsets.
import Imaging

/// Linear maps between the scan's voxels and a frame.
struct FrameSteps {
    let size: Index3
    /// Frame position of voxel (0, 0, 0), and what one step along each index adds, mm.
    let first: SIMD3<Double>
    let x: SIMD3<Double>
    let y: SIMD3<Double>
    let z: SIMD3<Double>
    private let geometry: Geometry

    init(_ geometry: Geometry, _ frame: VertebralFrame) {
        func turned(_ axis: SIMD3<Double>, _ length: Double) -> SIMD3<Double> {
            [dot(axis, frame.x), dot(axis, frame.y), dot(axis, frame.z)] * length
        }
        self.geometry = geometry
        size = geometry.size
        first = frame.local(geometry.originMM)
        x = turned(geometry.xAxis, geometry.spacingMM.x)
        y = turned(geometry.yAxis, geometry.spacingMM.y)
        z = turned(geometry.zAxis, geometry.spacingMM.z)
    }

    /// Offsets into the voxels of the scan of all steps along a direction of LPS, up to a length; each once, nearest first.
    func offsets(along direction: SIMD3<Double>, upToMM length: Double) -> [Int] {
        let spacing = geometry.spacingMM
        let unit: SIMD3<Double> = [
            dot(direction, geometry.xAxis) / spacing.x, dot(direction, geometry.yAxis) / spacing.y,
            dot(direction, geometry.zAxis) / spacing.z,
        ]
        let steps = Int((length / Self.stepMM).rounded())
        var offsets: [Int] = []
        for step in 1...max(steps, 1) {
            let moved = (unit * (Double(step) * Self.stepMM)).rounded(.toNearestOrAwayFromZero)
            let offset = (Int(moved.z) * size.y + Int(moved.y)) * size.x + Int(moved.x)
            if offset != 0, offsets.last != offset { offsets.append(offset) }
        }
        return offsets
    }

    private static let stepMM = 0.25

    /// The size of a voxel along a direction of LPS: that of the axis nearest to it, mm.
    func voxelMM(along direction: SIMD3<Double>) -> Double {
        let shares = [geometry.xAxis, geometry.yAxis, geometry.zAxis].map { abs(dot($0, direction)) }
        let nearest = shares.indices.max { shares[$0] < shares[$1] } ?? 0
        return geometry.spacingMM[nearest]
    }

    /// A box of voxels with room for `marginMM` around it, inside the scan.
    func box(_ tight: IndexBox, marginMM: Double) -> IndexBox {
        tight.expanded(by: IndexBox.margin(mm: marginMM, in: geometry), within: size)
    }

    /// The grid of a box.
    func grid(of box: IndexBox) -> Geometry { geometry.cropped(from: box.lower, size: box.size) }
}
