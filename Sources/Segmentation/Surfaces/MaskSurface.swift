// The border of a mask as a closed surface, smoothed within the voxels that it divides.
import Imaging
import Meshes

/// The faces between voxels inside and outside a mask, relaxed.
///
/// The net of Gibson ("Constrained elastic surface nets", MICCAI 1998) in its dual form: a vertex for each corner of the voxel grid on the border, which may move half
/// a voxel along each axis and no farther; four vertices for each face. They are relaxed by Taubin's two steps, which do not shrink.
struct MaskSurface {
    /// In steps of the grid from its first corner.
    private var places: [SIMD3<Float>] = []
    /// Four vertices each, counter-clockwise seen from outside where the grid's axes are right-handed.
    private var faces: [SIMD4<UInt32>] = []
    private let geometry: Geometry

    /// λ and μ of Taubin ("A signal processing approach to fair surface design", SIGGRAPH 1995): pass band 0.1 = 1/λ + 1/μ.
    private static let taubin: [Float] = [0.6307, -0.6732]
    /// Our choice: a ball of 15 voxels' radius keeps its volume to 0.5 % and comes within 1 % of its area.
    private static let rounds = 20
    /// Half a voxel: the surface stays between the centres of the voxels that it divides.
    private static let reach: Float = 0.5

    init(_ mask: VoxelMask) {
        geometry = mask.geometry
        let composed = WellComposedMask(mask)
        collect(composed)
        relax()
    }

    /// In LPS millimetres, outwards.
    var mesh: TriangleMesh {
        let corner: SIMD3<Double> = [-0.5, -0.5, -0.5]
        let vertices = places.map { SIMD3<Float>(geometry.point(at: SIMD3<Double>($0) + corner)) }
        let isMirrored = dot(cross(geometry.xAxis, geometry.yAxis), geometry.zAxis) < 0
        var triangles: [SIMD3<UInt32>] = []
        triangles.reserveCapacity(2 * faces.count)
        for face in faces {
            let (a, b, c, d) = (face.x, isMirrored ? face.w : face.y, face.z, isMirrored ? face.y : face.w)
            let first = vertices[Int(a)] - vertices[Int(c)]
            let second = vertices[Int(b)] - vertices[Int(d)]
            // Along the shorter diagonal.
            let isFirst = (first * first).sum() <= (second * second).sum()
            triangles += isFirst ? [[a, b, c], [a, c, d]] : [[a, b, d], [b, c, d]]
        }
        return TriangleMesh(vertices: vertices, triangles: triangles)
    }

    /// Finds the faces. Corner (i, j, k) lies between the rim's voxel i and the next, and so on.
    private mutating func collect(_ mask: WellComposedMask) {
        let size = mask.size
        let strides = [1, size.x, size.x * size.y]
        let none = UInt32.max
        var numbers = [UInt32](repeating: none, count: size.count)
        var places: [SIMD3<Float>] = []
        var faces: [SIMD4<UInt32>] = []
        numbers.withUnsafeMutableBufferPointer { numbers in
            mask.voxels.withUnsafeBufferPointer { voxels in
                func vertex(_ i: Int) -> UInt32 {
                    if numbers[i] == none {
                        numbers[i] = UInt32(places.count)
                        let (plane, rest) = i.quotientAndRemainder(dividingBy: strides[2])
                        let (row, column) = rest.quotientAndRemainder(dividingBy: strides[1])
                        places.append([Float(column), Float(row), Float(plane)])
                    }
                    return numbers[i]
                }
                for axis in 0..<3 {
                    let (step, u, v) = (strides[axis], strides[(axis + 1) % 3], strides[(axis + 2) % 3])
                    // The rim is empty, so that its far side has no faces.
                    for i in 0..<size.count - step where voxels[i] != voxels[i + step] {
                        let (a, b, c, d) = (vertex(i - u - v), vertex(i - v), vertex(i), vertex(i - u))
                        faces.append(voxels[i] == 1 ? [a, b, c, d] : [d, c, b, a])
                    }
                }
            }
        }
        self.places = places
        self.faces = faces
    }

    /// Moves every vertex towards, then away from the mean of those that it shares an edge with.
    private mutating func relax() {
        let start = places
        let faces = faces
        var shares = [Float](repeating: 0, count: start.count)
        for face in faces { for corner in 0..<4 { shares[Int(face[corner])] += 1 } }
        var sums = [SIMD3<Float>](repeating: .zero, count: start.count)
        places.withUnsafeMutableBufferPointer { places in
            sums.withUnsafeMutableBufferPointer { sums in
                for factor in (0..<Self.rounds).flatMap({ _ in Self.taubin }) {
                    for i in sums.indices { sums[i] = .zero }
                    // Each edge belongs to two faces, which run along it in opposite ways: it is met once from each end.
                    for face in faces {
                        let (a, b, c, d) = (Int(face.x), Int(face.y), Int(face.z), Int(face.w))
                        sums[a] += places[b]
                        sums[b] += places[c]
                        sums[c] += places[d]
                        sums[d] += places[a]
                    }
                    for i in sums.indices {
                        let moved = places[i] + factor * (sums[i] / shares[i] - places[i])
                        places[i] = moved.clamped(
                            lowerBound: start[i] - Self.reach, upperBound: start[i] + Self.reach)
                    }
                }
            }
        }
    }
}
