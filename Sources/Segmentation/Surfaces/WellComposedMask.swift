// A mask whose border is a surface: no two voxels meet in an edge or a corner alone.
import Imaging

/// A mask with a rim of empty voxels around it, filled where its border would touch itself (Latecki, "3D well-composed pictures",
/// Graphical Models and Image Processing 59, 1997: then, and only then, the faces between inside and outside form a 2-manifold).
struct WellComposedMask {
    /// Of the mask and its rim.
    let size: Index3
    /// 1 inside; x fastest, then y, then z.
    private(set) var voxels: [UInt8]

    /// Of every block of 2 × 2 × 2 voxels (bit x + 2y + 4z) the same block filled until it is well-composed.
    private static let filled: [UInt8] = (0..<256).map { code in
        var block = UInt8(code)
        while let gap = gap(in: block) { block |= 1 << gap }
        return block
    }

    init(_ mask: VoxelMask) {
        let inner = mask.geometry.size
        size = Index3(x: inner.x + 2, y: inner.y + 2, z: inner.z + 2)
        voxels = [UInt8](repeating: 0, count: size.count)
        let (width, height) = (size.x, size.y)
        voxels.withUnsafeMutableBufferPointer { voxels in
            mask.voxels.withUnsafeBufferPointer { mask in
                var i = 0
                for z in 1...inner.z {
                    for y in 1...inner.y {
                        let row = (z * height + y) * width
                        for x in 1...inner.x {
                            if mask[i] { voxels[row + x] = 1 }
                            i += 1
                        }
                    }
                }
            }
        }
        // One block's filling can spoil its neighbour's; each pass only adds voxels, so that they end.
        while fill() {}
    }

    /// Fills every block once; whether any was not well-composed.
    private mutating func fill() -> Bool {
        let filled = Self.filled
        let (width, plane) = (size.x, size.x * size.y)
        let steps = (0..<8).map { ($0 & 1) + ($0 >> 1 & 1) * width + ($0 >> 2) * plane }
        var hasChanged = false
        voxels.withUnsafeMutableBufferPointer { v in
            for z in 0..<size.z - 1 {
                for y in 0..<size.y - 1 {
                    let row = z * plane + y * width
                    for i in row..<row + width - 1 {
                        let near = v[i] | v[i + width] << 2 | v[i + plane] << 4 | v[i + plane + width] << 6
                        let far = v[i + 1] << 1 | v[i + width + 1] << 3 | v[i + plane + 1] << 5
                        let code = near | far | v[i + plane + width + 1] << 7
                        let wanted = filled[Int(code)]
                        guard wanted != code else { continue }
                        hasChanged = true
                        for corner in 0..<8 where wanted >> UInt8(corner) & 1 == 1 { v[i + steps[corner]] = 1 }
                    }
                }
            }
        }
        return hasChanged
    }

    /// The bit of a voxel to fill in a block that is not well-composed; nil where it is.
    private static func gap(in block: UInt8) -> UInt8? {
        func has(_ bit: UInt8) -> Bool { block >> bit & 1 == 1 }
        // Two voxels that meet in an edge alone: the diagonal of a face of the block.
        for (u, v) in [(UInt8(1), UInt8(2)), (2, 4), (1, 4)] {
            for base in [0, 7 ^ u ^ v] {
                let (a, b, c, d) = (base, base ^ u, base ^ v, base ^ u ^ v)
                if has(a) == has(d), has(b) == has(c), has(a) != has(b) { return has(a) ? b : a }
            }
        }
        // Two that meet in a corner alone, inside or outside.
        let opposite = [UInt8(0b1000_0001), 0b0100_0010, 0b0010_0100, 0b0001_1000]
        guard opposite.contains(block) || opposite.contains(~block) else { return nil }
        return (0..<8).first { !has($0) }
    }
}
