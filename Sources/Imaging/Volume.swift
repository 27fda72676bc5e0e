// A scan: grey values on a grid.

/// A scalar image. CT volumes hold Hounsfield units.
package struct Volume: Sendable {
    package var geometry: Geometry
    /// `geometry.size.count` values, x fastest, then y, then z.
    package var voxels: [Float]

    /// - Precondition: `voxels.count == geometry.size.count`; readers check this before they build a volume.
    package init(geometry: Geometry, voxels: [Float]) {
        precondition(voxels.count == geometry.size.count)
        self.geometry = geometry
        self.voxels = voxels
    }

    package init(geometry: Geometry, filledWith value: Float) {
        self.init(geometry: geometry, voxels: [Float](repeating: value, count: geometry.size.count))
    }

    @inlinable package subscript(x: Int, y: Int, z: Int) -> Float {
        get { voxels[geometry.offset(x: x, y: y, z: z)] }
        set { voxels[geometry.offset(x: x, y: y, z: z)] = newValue }
    }

    /// The value at a patient point by trilinear interpolation; points outside take the nearest edge value.
    package func value(at point: PointMM) -> Float { value(atIndex: geometry.index(of: point)) }

    /// The value at a continuous voxel index by trilinear interpolation; indices outside take the nearest edge value.
    package func value(atIndex index: SIMD3<Double>) -> Float {
        let size = geometry.size
        let x = min(max(index.x, 0), Double(size.x - 1))
        let y = min(max(index.y, 0), Double(size.y - 1))
        let z = min(max(index.z, 0), Double(size.z - 1))
        let x0 = min(Int(x), max(size.x - 2, 0))
        let y0 = min(Int(y), max(size.y - 2, 0))
        let z0 = min(Int(z), max(size.z - 2, 0))
        let fx = Float(x - Double(x0))
        let fy = Float(y - Double(y0))
        let fz = Float(z - Double(z0))
        let dx = size.x > 1 ? 1 : 0
        let dy = size.y > 1 ? size.x : 0
        let dz = size.z > 1 ? size.x * size.y : 0
        let i = geometry.offset(x: x0, y: y0, z: z0)
        return voxels.withUnsafeBufferPointer { v in
            let a = v[i] + fx * (v[i + dx] - v[i])
            let b = v[i + dy] + fx * (v[i + dy + dx] - v[i + dy])
            let c = v[i + dz] + fx * (v[i + dz + dx] - v[i + dz])
            let d = v[i + dz + dy] + fx * (v[i + dz + dy + dx] - v[i + dz + dy])
            let low = a + fy * (b - a)
            return low + fz * (c + fy * (d - c) - low)
        }
    }

    /// The part of the volume that starts at `lower`; the box must lie inside.
    package func cropped(from lower: Index3, size: Index3) -> Volume {
        Volume(
            geometry: geometry.cropped(from: lower, size: size),
            voxels: crop(voxels, of: geometry.size, from: lower, size: size))
    }
}

/// Which structure each voxel belongs to. 0 is background.
package struct LabelMap: Sendable {
    package var geometry: Geometry
    /// `geometry.size.count` label values, x fastest, then y, then z.
    package var labels: [UInt16]

    /// - Precondition: `labels.count == geometry.size.count`; readers check this before they build a map.
    package init(geometry: Geometry, labels: [UInt16]) {
        precondition(labels.count == geometry.size.count)
        self.geometry = geometry
        self.labels = labels
    }

    package init(geometry: Geometry) {
        self.init(geometry: geometry, labels: [UInt16](repeating: 0, count: geometry.size.count))
    }

    @inlinable package subscript(x: Int, y: Int, z: Int) -> UInt16 {
        get { labels[geometry.offset(x: x, y: y, z: z)] }
        set { labels[geometry.offset(x: x, y: y, z: z)] = newValue }
    }

    /// The part of the map that starts at `lower`; the box must lie inside.
    package func cropped(from lower: Index3, size: Index3) -> LabelMap {
        LabelMap(
            geometry: geometry.cropped(from: lower, size: size),
            labels: crop(labels, of: geometry.size, from: lower, size: size))
    }
}

/// The values of a box inside a grid of `full` voxels; the box must lie inside.
package func crop<Value>(_ values: [Value], of full: Index3, from lower: Index3, size: Index3) -> [Value] {
    var part: [Value] = []
    part.reserveCapacity(size.count)
    for z in lower.z..<lower.z + size.z {
        for y in lower.y..<lower.y + size.y {
            let start = (z * full.y + y) * full.x + lower.x
            part.append(contentsOf: values[start..<start + size.x])
        }
    }
    return part
}
