// What can be chosen about a radiomics extraction.

/// The settings of an extraction. The defaults are PyRadiomics' own.
package struct RadiomicsSettings: Sendable, Hashable {
    /// How resampled grey values are stored.
    package enum PixelType: String, Sendable {
        /// Cut to whole numbers towards zero, as PyRadiomics does with a scan stored as 16-bit integers.
        case int16
        /// Kept as they are.
        case float64
    }

    /// Width of a grey-level bin, in the image's units (HU), > 0; bins start at multiples of it.
    package var binWidth: Double
    /// The voxel spacing to resample to along x, y, z, millimetres; nil keeps the grid. 0 keeps one axis.
    package var resampledSpacingMM: SIMD3<Double>?
    /// Used only when the image is resampled.
    package var resampledPixelType: PixelType
    /// Which features to compute.
    package var classes: [FeatureClass]

    package init(
        binWidth: Double = 25, resampledSpacingMM: SIMD3<Double>? = nil, resampledPixelType: PixelType = .int16,
        classes: [FeatureClass] = FeatureClass.allCases
    ) {
        self.binWidth = binWidth
        self.resampledSpacingMM = resampledSpacingMM
        self.resampledPixelType = resampledPixelType
        self.classes = classes
    }
}
