// How much of two masks is shared.

/// Overlap of a candidate with a reference.
package struct MaskOverlap: Sendable, Hashable, Codable {
    package let referenceVoxels: Int
    package let candidateVoxels: Int
    package let sharedVoxels: Int
    package let referenceVolumeML: Double
    package let candidateVolumeML: Double

    /// - Throws: `maskEmpty` where both masks are empty: 0 / 0.
    package init(_ pair: MaskPair) throws(AgreementError) {
        var counts = (reference: 0, candidate: 0, shared: 0)
        pair.reference.withUnsafeBufferPointer { reference in
            pair.candidate.withUnsafeBufferPointer { candidate in
                for voxel in reference.indices {
                    if reference[voxel] { counts.reference += 1 }
                    if candidate[voxel] { counts.candidate += 1 }
                    if reference[voxel] && candidate[voxel] { counts.shared += 1 }
                }
            }
        }
        guard counts.reference + counts.candidate > 0 else { throw .maskEmpty(name: "reference") }
        referenceVoxels = counts.reference
        candidateVoxels = counts.candidate
        sharedVoxels = counts.shared
        referenceVolumeML = Double(counts.reference) * pair.voxelVolumeMM3 / 1000
        candidateVolumeML = Double(counts.candidate) * pair.voxelVolumeMM3 / 1000
    }

    /// 2 · shared / (reference + candidate) (Dice 1945, Ecology 26:297).
    package var dice: Double { 2 * Double(sharedVoxels) / Double(referenceVoxels + candidateVoxels) }
    /// Shared / united (Jaccard 1912, New Phytol 11:37).
    package var jaccard: Double {
        Double(sharedVoxels) / Double(referenceVoxels + candidateVoxels - sharedVoxels)
    }
    /// Candidate less reference, mL.
    package var volumeDifferenceML: Double { candidateVolumeML - referenceVolumeML }
}
