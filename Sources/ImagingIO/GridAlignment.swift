// Whether two grids hold the same voxels, and how the axes of one run along those of the other.
import Domain
import Imaging

/// How to walk a target array in the index order of another grid over the same voxels.
struct GridAlignment {
    /// Position in the target array of the source's voxel (0,0,0).
    let firstOffset: Int
    /// How far one step along each source axis moves in the target array.
    let step: SIMD3<Int>

    /// Two voxel centres count as the same place up to this part of the smallest spacing (our choice; header fields rounded
    /// to float32 or to three decimals stay well below).
    private static let maxShiftInVoxels = 0.05

    /// - Throws: `mask-grid-mismatch`, with both sizes, spacings, origins and directions where they differ.
    init(of source: Geometry, onto target: Geometry) throws {
        let targetAxes = [target.xAxis, target.yAxis, target.zAxis]
        let strides = [1, target.size.x, target.size.x * target.size.y]
        let sizes = [target.size.x, target.size.y, target.size.z]
        var matched: [(axis: Int, isForward: Bool)] = []
        for axis in [source.xAxis, source.yAxis, source.zAxis] {
            let cosines = targetAxes.map { dot($0, axis) }
            let best = cosines.indices.max { abs(cosines[$0]) < abs(cosines[$1]) } ?? 0
            matched.append((best, cosines[best] > 0))
        }
        let sourceSize = [source.size.x, source.size.y, source.size.z]
        let isPermutation = Set(matched.map(\.axis)).count == 3
        let sizesAgree = isPermutation && (0..<3).allSatisfy { sourceSize[$0] == sizes[matched[$0].axis] }
        guard sizesAgree, Self.cornerShift(source, target, matched) <= Self.maxShiftInVoxels * target.spacingMM.min()
        else { throw Self.mismatch(source, target, matched, sizesAgree: sizesAgree) }
        firstOffset = matched.reduce(0) { $0 + ($1.isForward ? 0 : (sizes[$1.axis] - 1) * strides[$1.axis]) }
        let signed = matched.map { $0.isForward ? strides[$0.axis] : -strides[$0.axis] }
        step = SIMD3(signed[0], signed[1], signed[2])
    }

    /// The largest distance between a corner voxel and the one it should coincide with, millimetres.
    private static func cornerShift(
        _ source: Geometry, _ target: Geometry, _ matched: [(axis: Int, isForward: Bool)]
    ) -> Double {
        let last = [Double(source.size.x - 1), Double(source.size.y - 1), Double(source.size.z - 1)]
        return (0..<8).map { corner -> Double in
            var (from, to) = (SIMD3<Double>.zero, SIMD3<Double>.zero)
            for i in 0..<3 {
                from[i] = corner >> i & 1 == 1 ? last[i] : 0
                to[matched[i].axis] = matched[i].isForward ? from[i] : last[i] - from[i]
            }
            return length(source.point(at: from) - target.point(at: to))
        }.max() ?? 0
    }

    private static func mismatch(
        _ source: Geometry, _ target: Geometry, _ matched: [(axis: Int, isForward: Bool)], sizesAgree: Bool
    ) -> ImagingIOError {
        var differences: [MaskFlaw.GridDifference] = []
        if !sizesAgree { differences.append(.size(source.size, image: target.size)) }
        let spacing = matched.map { target.spacingMM[$0.axis] }
        if zip(0..<3, spacing).contains(where: { abs(source.spacingMM[$0] - $1) > 1e-3 * $1 }) {
            differences.append(.spacingMM(source.spacingMM, image: target.spacingMM))
        }
        let axes = [target.xAxis, target.yAxis, target.zAxis]
        let angles = zip([source.xAxis, source.yAxis, source.zAxis], matched).map { axis, match in
            Double.degrees(
                ofTangent: length(cross(axis, axes[match.axis])) / max(abs(dot(axis, axes[match.axis])), 1e-9))
        }
        if let worst = angles.max(), worst > 0.01 { differences.append(.direction(degrees: worst)) }
        if sizesAgree {
            let shift = cornerShift(source, target, matched)
            let corner = SIMD3(
                (0..<3).map {
                    matched[$0].isForward ? 0 : Double([source.size.x, source.size.y, source.size.z][$0] - 1)
                })
            let origin = length(source.point(at: corner) - target.originMM)
            differences.append(.corners(firstMM: origin, farthestMM: shift))
        } else {
            differences.append(.firstVoxel(mm: length(source.originMM - target.originMM)))
        }
        return .mask(.otherGrid(differences))
    }
}
