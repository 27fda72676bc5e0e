// The image type `gradient`: how steeply grey values change.
import Imaging

/// The magnitude of the gradient by central differences, edges replicated, as ITK's `GradientMagnitudeImageFilter`: computed in
/// double precision, stored in single.
struct GradientMagnitude {
    /// Whether differences are per millimetre (PyRadiomics' `gradientUseSpacing`); otherwise per voxel.
    var usesSpacing = true

    let name = "gradient"

    /// Voxels along each axis that a voxel's value depends on.
    static let reachVoxels = Index3(x: 1, y: 1, z: 1)

    func filtered(_ image: GreyImage) -> GreyImage {
        let (nx, ny, nz) = (image.size.x, image.size.y, image.size.z)
        let spacing = usesSpacing ? image.spacingMM : SIMD3(repeating: 1)
        let (wx, wy, wz) = (0.5 / spacing.x, 0.5 / spacing.y, 0.5 / spacing.z)
        let values = [Double](unsafeUninitializedCapacity: image.values.count) { output, count in
            image.values.withUnsafeBufferPointer { input in
                for z in 0..<nz {
                    let (below, above) = ((max(z - 1, 0) - z) * ny * nx, (min(z + 1, nz - 1) - z) * ny * nx)
                    for y in 0..<ny {
                        let row = (z * ny + y) * nx
                        let (before, after) = ((max(y - 1, 0) - y) * nx, (min(y + 1, ny - 1) - y) * nx)
                        for x in 0..<nx {
                            let i = row + x
                            let (left, right) = (x > 0 ? i - 1 : i, x < nx - 1 ? i + 1 : i)
                            let gx = wx * input[right] - wx * input[left]
                            let gy = wy * input[i + after] - wy * input[i + before]
                            let gz = wz * input[i + above] - wz * input[i + below]
                            let squares = gx * gx + gy * gy + gz * gz
                            output[i] = Double(Float(squares.squareRoot()))
                        }
                    }
                }
            }
            count = image.values.count
        }
        return GreyImage(size: image.size, spacingMM: image.spacingMM, values: values)
    }
}
