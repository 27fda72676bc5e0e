// What can be chosen about a radiomics extraction.

/// The settings of an extraction, with PyRadiomics' meaning, order and defaults (3.0.1, "Customizing the Extraction"). The
/// key of each in a PyRadiomics parameter file stands in its comment.
package struct RadiomicsSettings: Sendable, Hashable {
    /// `featureClass`: which features, in the order in which they are returned; shape always comes first.
    package var features: [FeatureSelection]
    /// `imageType`: the images that features are computed on, in order, each with its own settings.
    package var images: [ImageSettings]

    /// `normalize`: z-scores over the whole image before anything else.
    package var normalize = false
    /// `normalizeScale`: z-scores are multiplied by this; > 0.
    package var normalizeScale = 1.0
    /// `removeOutliers`: z-scores beyond ± this are clipped to it; > 0. Used only when normalising.
    package var removeOutliers: Double?
    /// `resampledPixelSpacing` along x, y, z, millimetres; nil keeps the grid, 0 keeps one axis.
    package var resampledSpacingMM: SIMD3<Double>?
    /// `interpolator` of the image; nil is `null`: no resampling. Masks are always resampled by nearest neighbour.
    package var interpolator: Interpolator? = .bSpline
    /// `padDistance`: voxels kept around the region when resampling or cropping before filters; ≥ 0.
    package var padDistance = 5
    /// `preCrop`: cut the image to the region and `padDistance` before filters run, also without resampling.
    package var preCrop = false
    /// `correctMask`: resample a mask on another grid to the image's, instead of refusing it.
    package var correctMask = false
    /// `geometryTolerance`: largest difference of mask and image grid, in parts of a voxel (origin, spacing) and as
    /// direction cosines; > 0. nil: ITK's own 1e-6.
    package var geometryTolerance: Double?
    /// `minimumROIDimensions`: along how many axes a region must extend; 1…3.
    package var minimumROIDimensions = 2
    /// `minimumROISize`: a region must have more voxels than this; > 0.
    package var minimumROISize: Int?
    /// `resegmentRange`: only voxels at or above the first and at or below the second threshold count; one or two numbers.
    package var resegmentRange: [Double]?
    /// `resegmentMode`: what the thresholds are measured in.
    package var resegmentMode = ResegmentMode.absolute
    /// `resegmentShape`: shape too is computed on the resegmented region.
    package var resegmentShape = false
    /// `force2Ddimension` as it holds for `shape2D`: the axis across the region's one slice, 0 for z, 1 for y, 2 for x.
    package var shape2DDimension = 0
    /// `label`: the value of the region's voxels in the mask; > 0.
    package var label = 1
    /// `additionalInfo`: hand out what describes the images (`diagnostics_…`).
    package var additionalInfo = true

    package init(
        features: [FeatureSelection] = FeatureClass.standard.map { FeatureSelection($0) },
        images: [ImageSettings] = [ImageSettings(.original)]
    ) {
        self.features = features
        self.images = images
    }

    /// Every feature of the image as it is.
    package init(binWidth: Double, resampledSpacingMM: SIMD3<Double>? = nil) {
        var original = ImageSettings(.original)
        original.texture.binWidth = binWidth
        self.init(images: [original])
        self.resampledSpacingMM = resampledSpacingMM
    }
}

extension RadiomicsSettings {
    /// How grey values between voxels are found; the raw value is SimpleITK's name.
    package enum Interpolator: String, Sendable, CaseIterable {
        case nearestNeighbor = "sitkNearestNeighbor"
        case linear = "sitkLinear"
        case bSpline = "sitkBSpline"
    }

    /// What the thresholds of a resegmentation are measured in.
    package enum ResegmentMode: String, Sendable, CaseIterable {
        /// Grey values.
        case absolute
        /// Parts of the largest grey value of the region.
        case relative
        /// Standard deviations from the mean of the region.
        case sigma
    }
}

/// A class of features and which of them to compute.
package struct FeatureSelection: Sendable, Hashable {
    package var featureClass: FeatureClass
    /// The features by name (`Contrast`), in the order wanted; nil or none computes all.
    package var names: [String]?

    package init(_ featureClass: FeatureClass, names: [String]? = nil) {
        self.featureClass = featureClass
        self.names = names
    }
}
