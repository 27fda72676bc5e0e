// The surface of a vertebral body as a radius for each direction from its centre.
import Foundation
import Imaging

/// A star-shaped surface about the origin of a vertebral frame.
struct BodySurface: Sendable {
    var frame: VertebralFrame
    let directions: RayDirections
    /// Distance from the frame's origin for each direction, millimetres.
    var radiiMM: [Double]

    var volumeMM3: Double {
        radiiMM.reduce(0) { $0 + $1 * $1 * $1 } * 4 * .pi / 3 / Double(radiiMM.count)
    }

    /// The centre of mass in the frame's coordinates, millimetres.
    var centroidMM: SIMD3<Double> {
        var moment = SIMD3<Double>.zero
        var mass = 0.0
        for (radius, direction) in zip(radiiMM, directions.vectors) {
            let cube = radius * radius * radius
            moment += direction * (0.75 * cube * radius)
            mass += cube
        }
        return mass > 0 ? moment / mass : .zero
    }

    /// Median radius of the directions within about 25° of an axis of the frame, times the cosine: the half extent there.
    func halfExtentMM(along axis: SIMD3<Double>) -> Double {
        var extents: [Double] = []
        for (radius, direction) in zip(radiiMM, directions.vectors) {
            let cosine = dot(direction, axis)
            if cosine > 0.9 { extents.append(radius * cosine) }
        }
        return median(&extents)
    }

    /// How far the posterior wall reaches behind the centre: the 90th percentile over the middle half of the body's width,
    /// between the pedicles, rims included.
    var posteriorReachMM: Double {
        let side = 0.5 * min(halfExtentMM(along: [1, 0, 0]), halfExtentMM(along: [-1, 0, 0]))
        var reaches: [Double] = []
        for (radius, direction) in zip(radiiMM, directions.vectors) where direction.y < -0.4 {
            let p = direction * radius
            if abs(p.x) < side { reaches.append(-p.y) }
        }
        guard !reaches.isEmpty else { return .infinity }
        reaches.sort()
        return reaches[reaches.count * 9 / 10]
    }

    /// The normal of the plane through the middle of an endplate, pointing to the head, in the frame's coordinates.
    ///
    /// A least-squares fit of z over x and y to the surface within 70 % of the half extents of the body; the rim is left out.
    func endplateNormal(cranial: Bool) -> SIMD3<Double> {
        let width = 0.7 * (halfExtentMM(along: [1, 0, 0]) + halfExtentMM(along: [-1, 0, 0])) / 2
        let depth = 0.7 * (halfExtentMM(along: [0, 1, 0]) + halfExtentMM(along: [0, -1, 0])) / 2
        var n = 0.0
        var (sx, sy, sz, sxx, sxy, syy, sxz, syz) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        for (radius, direction) in zip(radiiMM, directions.vectors) where (direction.z > 0) == cranial {
            let p = direction * radius
            guard (p.x * p.x) / (width * width) + (p.y * p.y) / (depth * depth) < 1 else { continue }
            n += 1
            sx += p.x
            sy += p.y
            sz += p.z
            sxx += p.x * p.x
            sxy += p.x * p.y
            syy += p.y * p.y
            sxz += p.x * p.z
            syz += p.y * p.z
        }
        guard n >= 12 else { return [0, 0, 1] }
        let (cxx, cxy, cyy) = (sxx - sx * sx / n, sxy - sx * sy / n, syy - sy * sy / n)
        let (cxz, cyz) = (sxz - sx * sz / n, syz - sy * sz / n)
        let determinant = cxx * cyy - cxy * cxy
        guard determinant > 1e-9 else { return [0, 0, 1] }
        let slopeX = (cxz * cyy - cyz * cxy) / determinant
        let slopeY = (cyz * cxx - cxz * cxy) / determinant
        return normalised([-slopeX, -slopeY, 1])
    }

    /// The voxels of a grid whose centre lies inside the surface (the voxel-centre rule).
    func mask(on geometry: Geometry) -> VoxelMask {
        let table = RadiusTable(self)
        let size = geometry.size
        let reach = radiiMM.max() ?? 0
        var inside = VoxelMask(geometry: geometry)
        let origin = frame.local(geometry.originMM)
        let stepX = turned(geometry.xAxis * geometry.spacingMM.x)
        let stepY = turned(geometry.yAxis * geometry.spacingMM.y)
        let stepZ = turned(geometry.zAxis * geometry.spacingMM.z)
        for z in 0..<size.z {
            for y in 0..<size.y {
                let row = origin + stepY * Double(y) + stepZ * Double(z)
                for x in 0..<size.x {
                    let p = row + stepX * Double(x)
                    let r = length(p)
                    guard r <= reach else { continue }
                    inside[x, y, z] = r < 1e-6 || r <= table.radius(p / r)
                }
            }
        }
        return inside
    }

    private func turned(_ v: SIMD3<Double>) -> SIMD3<Double> { [dot(v, frame.x), dot(v, frame.y), dot(v, frame.z)] }
}

/// The median; sorts its argument. NaN of nothing.
func median(_ values: inout [Double]) -> Double {
    guard !values.isEmpty else { return .nan }
    values.sort()
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
}
