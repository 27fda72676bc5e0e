// The image that features are computed on: the scan cut to a box, or what a filter made of it.
import Imaging

/// Grey values on a box of voxels.
struct GreyImage: Sendable {
    /// Voxels along x, y, z.
    let size: Index3
    /// Distance between voxel centres along x, y, z, millimetres.
    let spacingMM: SIMD3<Double>
    /// One value per voxel, x fastest. A filter that works in single precision leaves values that a `Float` can hold.
    var values: [Double]
}
