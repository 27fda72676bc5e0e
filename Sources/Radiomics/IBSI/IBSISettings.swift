// What can be chosen about an extraction after the reference manual of the Image Biomarker Standardisation Initiative.

/// The settings of an extraction in the `ibsi` mode.
///
/// Source: IBSI reference manual (Zwanenburg 2016, arXiv:1612.07003v11), chapter 2, "Image processing". The defaults
/// process nothing: the image as it is, its values taken as grey levels.
package struct IBSISettings: Sendable, Hashable {
    /// Whether slices are processed each for itself.
    package enum Dimension: String, Sendable, CaseIterable {
        /// In-plane resampling; textures by slice (the manual's 2D and 2.5D).
        case slices = "2D"
        /// Resampling along all axes; textures in the volume.
        case volume = "3D"
    }

    /// How grey values between voxels are found. Masks are always interpolated linearly.
    package enum Interpolation: String, Sendable, CaseIterable {
        /// Bilinear or trilinear.
        case linear
        /// Cubic B-spline through the voxels.
        case cubicSpline
    }

    /// How grey values become grey levels.
    package enum Discretisation: Sendable, Hashable {
        /// The values, which are whole numbers, are the levels.
        case none
        /// Bins of this width, in the image's units, from the lower end of the resegmentation range, else from the
        /// region's minimum (the manual's "fixed bin size", Q3RU).
        case binWidth(Double)
        /// This many bins of equal width between the region's minimum and maximum ("fixed bin number", K15C).
        case binCount(Int)
    }

    /// The value of the region's voxels in the mask, > 0.
    package var label = 1
    package var dimension: Dimension
    /// Voxel spacing to resample to along x, y, z, millimetres; nil keeps the grid. z is ignored in 2D.
    package var spacingMM: SIMD3<Double>?
    package var interpolation: Interpolation
    /// A resampled voxel belongs to the mask from this share on, 0 < share ≤ 1.
    package var maskThreshold: Double
    /// Round grey values to whole numbers after resampling, as the manual asks for CT.
    package var roundsIntensities: Bool
    /// Grey values, in the image's units, that stay in the intensity mask, both ends included.
    package var intensityRange: ClosedRange<Double>?
    /// Keep in the intensity mask only values within this many standard deviations of the region's mean (7ACA); nil keeps all.
    package var outlierSigma: Double?
    /// Makes a response map of the whole resampled image (IBSI 2); the features are then those of the map, on the voxels that
    /// were chosen by the image's own grey values.
    package var filter: IBSIFilter?
    /// For the intensity histogram and the textures.
    package var discretisation: Discretisation
    /// For the intensity-volume histogram.
    package var volumeHistogramDiscretisation: Discretisation
    /// Which families of features to compute, in the order of the result.
    package var families: [IBSIFamily]
    /// How texture matrices of slices and directions are combined, in the order of the result.
    package var aggregations: [IBSIAggregation]

    package init(
        dimension: Dimension = .volume, spacingMM: SIMD3<Double>? = nil, interpolation: Interpolation = .linear,
        maskThreshold: Double = 0.5, roundsIntensities: Bool = false, intensityRange: ClosedRange<Double>? = nil,
        outlierSigma: Double? = nil, filter: IBSIFilter? = nil, discretisation: Discretisation = .none,
        volumeHistogramDiscretisation: Discretisation = .none, families: [IBSIFamily] = IBSIFamily.allCases,
        aggregations: [IBSIAggregation]? = nil
    ) {
        self.dimension = dimension
        self.spacingMM = spacingMM
        self.interpolation = interpolation
        self.maskThreshold = maskThreshold
        self.roundsIntensities = roundsIntensities
        self.intensityRange = intensityRange
        self.outlierSigma = outlierSigma
        self.filter = filter
        self.discretisation = discretisation
        self.volumeHistogramDiscretisation = volumeHistogramDiscretisation
        self.families = families
        self.aggregations = aggregations ?? IBSIAggregation.allCases.filter { $0.dimension == dimension }
    }
}

extension IBSISettings {
    /// The configurations that are built in: those of the manual's chapter 5 for its CT phantom, by name.
    package static let named: [String: IBSISettings] = [
        "ibsi-a": IBSISettings(
            dimension: .slices, roundsIntensities: true, intensityRange: -500...400, discretisation: .binWidth(25)),
        "ibsi-b": IBSISettings(
            dimension: .slices, spacingMM: [2, 2, 2], roundsIntensities: true, intensityRange: -500...400,
            discretisation: .binCount(32)),
        "ibsi-c": IBSISettings(
            spacingMM: [2, 2, 2], roundsIntensities: true, intensityRange: -1000...400, discretisation: .binWidth(25),
            volumeHistogramDiscretisation: .binWidth(2.5)),
        "ibsi-d": IBSISettings(
            spacingMM: [2, 2, 2], roundsIntensities: true, outlierSigma: 3, discretisation: .binCount(32)),
        "ibsi-e": IBSISettings(
            spacingMM: [2, 2, 2], interpolation: .cubicSpline, roundsIntensities: true, intensityRange: -1000...400,
            outlierSigma: 3, discretisation: .binCount(32), volumeHistogramDiscretisation: .binCount(1000)),
    ]
}
