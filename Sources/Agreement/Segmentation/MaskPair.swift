// Two masks on one grid: a reference and what is judged against it.

/// A reference mask and a candidate on the same voxels.
package struct MaskPair: Sendable {
    /// Voxels along x, y, z; x runs fastest.
    package let size: SIMD3<Int>
    package let spacingMM: SIMD3<Double>
    package let reference: [Bool]
    package let candidate: [Bool]

    /// - Throws: `lengthsDiffer` where a mask does not fill the grid, `parameterInvalid` for a spacing that is not above 0.
    package init(
        size: SIMD3<Int>, spacingMM: SIMD3<Double>, reference: [Bool], candidate: [Bool]
    ) throws(AgreementError) {
        for axis in 0..<3 where !(spacingMM[axis] > 0 && spacingMM[axis].isFinite) {
            throw .parameterInvalid(name: "spacing", value: spacingMM[axis], allowed: "above 0 mm")
        }
        for axis in 0..<3 where size[axis] < 1 {
            throw .parameterInvalid(name: "size", value: Double(size[axis]), allowed: "at least 1 voxel")
        }
        let voxels = size.x * size.y * size.z
        for (name, mask) in [("reference mask", reference), ("candidate mask", candidate)] where mask.count != voxels {
            throw .lengthsDiffer(first: name, firstCount: mask.count, second: "grid", secondCount: voxels)
        }
        self.size = size
        self.spacingMM = spacingMM
        self.reference = reference
        self.candidate = candidate
    }

    /// The volume of one voxel, mm³.
    package var voxelVolumeMM3: Double { spacingMM.x * spacingMM.y * spacingMM.z }
}
