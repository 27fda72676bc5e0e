// The surface of a region as triangles: its area and the volume it encloses.
import Imaging

/// Surface area and enclosed volume of the marching-cubes surface at 0.5 of a region's mask.
struct ShapeMesh {
    let areaMM2: Double
    let volumeMM3: Double

    /// Cubes reach one voxel beyond the box on every side. Coordinates count from that border: the surface can have cracks
    /// (`MarchingCubes`), so that the volume depends on the origin, and this one is PyRadiomics'.
    init(_ region: RegionOfInterest) {
        let size = region.size
        let spacing = region.spacingMM
        let triangles = MarchingCubes.triangles.map { corners in corners.map { $0 * spacing } }
        let (nx, ny) = (size.x + 2, size.y + 2)
        let padded = Self.padded(region)
        let corners = [0, 1, 1 + nx, nx, nx * ny, 1 + nx * ny, 1 + nx + nx * ny, nx + nx * ny]
        var (area, volume) = (0.0, 0.0)
        padded.withUnsafeBufferPointer { padded in
            for z in 0...size.z {
                for y in 0...size.y {
                    for x in 0...size.x {
                        let first = (z * ny + y) * nx + x
                        var cubeCase = 0
                        for c in 0..<8 where padded[first + corners[c]] { cubeCase |= 1 << c }
                        guard cubeCase != 0, cubeCase != 255 else { continue }
                        let origin = SIMD3(Double(x), Double(y), Double(z)) * spacing
                        let part = measure(triangles[cubeCase], at: origin)
                        area += part.area
                        volume += part.volume
                    }
                }
            }
        }
        areaMM2 = area
        volumeMM3 = volume
    }

    /// The mask with a border of one voxel outside.
    static func padded(_ region: RegionOfInterest) -> [Bool] {
        let size = region.size
        let (nx, ny) = (size.x + 2, size.y + 2)
        var padded = [Bool](repeating: false, count: nx * ny * (size.z + 2))
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x {
                    padded[((z + 1) * ny + y + 1) * nx + x + 1] = region.inside[(z * size.y + y) * size.x + x]
                }
            }
        }
        return padded
    }
}

/// Area of triangles moved to `origin`, and the signed volume between them and the coordinate origin, positive outwards.
private func measure(_ corners: [SIMD3<Double>], at origin: SIMD3<Double>) -> (area: Double, volume: Double) {
    var (area, volume) = (0.0, 0.0)
    for i in stride(from: 0, to: corners.count, by: 3) {
        let (a, b, c) = (corners[i] + origin, corners[i + 1] + origin, corners[i + 2] + origin)
        area += length(cross(a - c, b - c)) / 2
        volume += dot(cross(b, a), c) / 6  // the table's triangles run clockwise seen from outside
    }
    return (area, volume)
}
