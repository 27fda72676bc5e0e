// The parts of a vertebra as the report counts them.

/// One part that has voxels in `parts.nii.gz`.
package struct PartSection: Codable, Hashable, Sendable {
    package var name: String
    /// Its value in `parts.nii.gz`.
    package var labelValue: Int
    package var volumeML: Double

    package init(name: String, labelValue: Int, volumeML: Double) {
        self.name = name
        self.labelValue = labelValue
        self.volumeML = volumeML
    }
}
