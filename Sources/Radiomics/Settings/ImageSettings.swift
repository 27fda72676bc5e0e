// One image that features are computed on: what is filtered how, and how its texture is read.

/// What is made of the scan; the raw value is the key under `imageType` in a PyRadiomics parameter file.
package enum ImageType: String, Sendable, CaseIterable {
    case original = "Original"
    case laplacianOfGaussian = "LoG"
    case wavelet = "Wavelet"
    case square = "Square"
    case squareRoot = "SquareRoot"
    case logarithm = "Logarithm"
    case exponential = "Exponential"
    case gradient = "Gradient"
    case localBinaryPattern2D = "LBP2D"
    case localBinaryPattern3D = "LBP3D"
}

/// An image type with its settings. A parameter file may give each setting for all images (`setting`) or for one
/// (`imageType`); what holds for this image is here.
package struct ImageSettings: Sendable, Hashable {
    package var type: ImageType
    package var filter = FilterSettings()
    package var texture = TextureSettings()

    package init(_ type: ImageType) { self.type = type }
}

/// The settings of the filters. Each filter reads its own.
package struct FilterSettings: Sendable, Hashable {
    /// How the comparisons of a pattern within a slice become a number; the raw value is the word of a parameter file.
    package enum PatternMethod: String, Sendable, CaseIterable {
        /// Each sample is a bit.
        case bits = "default"
        /// The least number that the bits give when turned round.
        case rotated = "ror"
        /// How many samples are as large as the centre or larger where at most two neighbours differ; else one more than
        /// there are samples.
        case uniform
        /// The variance of the samples.
        case variance = "var"
    }

    /// `sigma`: widths of the Laplacian of Gaussian, millimetres, > 0. One image each; none gives none.
    package var sigmaMM: [Double] = []
    /// Those of `sigmaMM` that are written without a decimal point, which PyRadiomics' names of images keep.
    package var wholeSigmaMM: Set<Double> = []
    /// `wavelet`: the name of the wavelet as PyWavelets writes it.
    package var wavelet = "coif1"
    /// `start_level`: the first level of decomposition that is returned, from 0.
    package var waveletStartLevel = 0
    /// `level`: how many levels are returned; > 0.
    package var waveletLevels = 1
    /// `gradientUseSpacing`: gradients per millimetre, not per voxel.
    package var gradientUsesSpacing = true
    /// `lbp2DRadius`: the radius in which neighbours are sampled within slices, voxels, > 0.
    package var lbp2DRadius = 1.0
    /// `lbp2DSamples`: how many; 1…31.
    package var lbp2DSamples = 8
    /// `lbp2DMethod`
    package var lbp2DMethod = PatternMethod.uniform
    /// `lbp3DLevels`: levels of spherical harmonics; > 0.
    package var lbp3DLevels = 2
    /// `lbp3DIcosphereRadius`: the radius in which neighbours are sampled, voxels, > 0.
    package var lbp3DIcosphereRadius = 1.0
    /// `lbp3DIcosphereSubdivision`: how often the icosahedron is subdivided; ≥ 0.
    package var lbp3DIcosphereSubdivision = 1

    package init() {}
}

/// How grey values are binned and textures counted.
package struct TextureSettings: Sendable, Hashable {
    /// How much a pair of neighbours counts by its distance; the raw value is the word of a parameter file.
    package enum WeightingNorm: String, Sendable, CaseIterable {
        case euclidean, manhattan, infinity
        case none = "no_weighting"
    }

    /// `binWidth`: width of a grey-level bin in the image's units, > 0; bins start at multiples of it.
    package var binWidth = 25.0
    /// `binCount`: this many bins between the smallest and the largest value instead of a width; > 0.
    package var binCount: Int?
    /// `voxelArrayShift`: added to grey values in Energy, TotalEnergy and RootMeanSquared.
    package var voxelArrayShift = 0
    /// `distances`: how far apart neighbours lie, voxels (Chebyshev), > 0.
    package var distances = [1]
    /// `symmetricalGLCM`: pairs count in both orders.
    package var symmetricalGLCM = true
    /// `weightingNorm`: nil computes a feature per direction and takes the mean; a norm sums the weighted matrices first.
    package var weightingNorm: WeightingNorm?
    /// `gldm_a`: largest difference of level of a dependent neighbour; ≥ 0.
    package var gldmA = 0
    /// `force2D`: neighbours only within slices.
    package var force2D = false
    /// `force2Ddimension`: the axis across those slices, 0 for z, 1 for y, 2 for x.
    package var force2DDimension = 0

    package init() {}
}
