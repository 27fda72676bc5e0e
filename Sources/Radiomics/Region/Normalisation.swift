// Z-scores over the whole image, clipped and scaled.

/// PyRadiomics' `normalize`: y = (x − μ)·(1/σ), clipped to ± `removeOutliers`, times `normalizeScale`; μ and σ over all voxels
/// of the image, σ divided by n − 1.
struct Normalisation: Sendable {
    let mean: Double
    let reciprocalDeviation: Double
    let limit: Double
    let scale: Double

    /// Nil when the settings do not ask for it.
    /// - Throws: `RadiomicsError.imageFlat`, `.voxelNotFinite`.
    init?(_ image: ImageSurvey, _ settings: RadiomicsSettings) throws(RadiomicsError) {
        guard settings.normalize else { return nil }
        let deviation = image.standardDeviation
        guard deviation.isFinite else { throw .voxelNotFinite }
        guard deviation > 0 else { throw .imageFlat }
        mean = image.mean
        reciprocalDeviation = 1 / deviation
        limit = settings.removeOutliers ?? .infinity
        scale = settings.normalizeScale
    }

    func apply(to values: inout [Double]) {
        let (mean, reciprocal, limit, scale) = (mean, reciprocalDeviation, limit, scale)
        values.withUnsafeMutableBufferPointer { values in
            for i in 0..<values.count {
                let z = (values[i] - mean) * reciprocal
                let low = z < -limit ? -limit : z
                values[i] = (low > limit ? limit : low) * scale
            }
        }
    }
}
