// The body mask as a smooth field, whose 0.5 level is the body's surface to a part of a voxel.
import Domain
import Imaging

/// Membership of the vertebral body, 1 inside and 0 outside, smoothed so that the staircase of voxels becomes a surface.
struct BodyField {
    private let membership: Volume
    let frame: VertebralFrame
    /// The least and the greatest frame coordinates of body voxels, half a voxel diagonal added, millimetres.
    let lowerMM: SIMD3<Double>
    let upperMM: SIMD3<Double>
    let voxelCount: Int

    /// - Throws: `MorphometryError.bodyEmpty`.
    init(_ vertebra: Vertebra) throws {
        let mask = vertebra.bodyMask()
        let geometry = mask.geometry
        var lower = SIMD3<Double>(repeating: .infinity)
        var upper = SIMD3<Double>(repeating: -.infinity)
        for z in 0..<geometry.size.z {
            for y in 0..<geometry.size.y {
                for x in 0..<geometry.size.x where mask[x, y, z] {
                    let local = vertebra.frame.local(geometry.point(at: Index3(x: x, y: y, z: z)))
                    lower = pointwiseMin(lower, local)
                    upper = pointwiseMax(upper, local)
                }
            }
        }
        voxelCount = mask.count
        guard voxelCount > 0 else { throw MorphometryError.bodyEmpty(level: vertebra.level) }
        membership = Volume(geometry: geometry, voxels: mask.voxels.map { $0 ? 1 : 0 }).smoothed(
            sigmaMM: Self.smoothingMM(geometry.spacingMM))
        frame = vertebra.frame
        let half = SIMD3<Double>(repeating: length(geometry.spacingMM) / 2)
        lowerMM = lower - half
        upperMM = upper + half
    }

    /// True when a frame point lies inside the body.
    func holds(_ local: SIMD3<Double>) -> Bool { membership.value(at: frame.point(local)) >= 0.5 }

    /// How far from `start` along `direction` the body ends for the last time, millimetres; nil when the ray misses it.
    ///
    /// `start` and `direction` (unit length) are in the frame; the ray is searched from `reachMM` inwards, so that a hole
    /// inside the body does not count as its end.
    func lastExit(from start: SIMD3<Double>, along direction: SIMD3<Double>, reachMM: Double) -> Double? {
        let origin = frame.point(start)
        let step = frame.point(start + direction) - origin
        var outer = membership.value(at: origin + step * reachMM)
        var distance = reachMM
        while distance > 0 {
            let next = max(distance - Self.stepMM, 0)
            let inner = membership.value(at: origin + step * next)
            if inner >= 0.5, outer < 0.5 {
                return next + (distance - next) * Double((inner - 0.5) / (inner - outer))
            }
            outer = inner
            distance = next
        }
        return nil
    }

    /// Our choice: a third of a 1.5 mm endplate; the crossing is interpolated inside the step.
    private static let stepMM = 0.5

    /// 0.8 mm along each axis (our choice: takes off the staircase of voxels, moves a wall of 16 mm radius by 0.02 mm), but
    /// none across voxels above 1.5 mm, where it would wear off the rim.
    private static func smoothingMM(_ spacingMM: SIMD3<Double>) -> SIMD3<Double> {
        SIMD3(repeating: 0.8).replacing(with: 0, where: spacingMM .> 1.5)
    }
}

extension Vertebra {
    /// The body on the vertebra's grid with a margin of two voxels, so that it never touches the border.
    func bodyMask() -> VoxelMask {
        let margin = 2
        let inner = parts.geometry.size
        let size = Index3(x: inner.x + 2 * margin, y: inner.y + 2 * margin, z: inner.z + 2 * margin)
        let geometry = parts.geometry.cropped(from: Index3(x: -margin, y: -margin, z: -margin), size: size)
        let box = IndexBox(lower: Index3(x: margin, y: margin, z: margin), size: inner)
        return VoxelMask(geometry: geometry).replacing(box, with: parts.mask(of: Part.body.rawValue))
    }
}
