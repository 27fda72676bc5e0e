// Configurations that come with Osteon, as the parameter files that they are.

/// A configuration known by name. Each is a PyRadiomics parameter file.
package enum BuiltInConfiguration: String, Sendable, CaseIterable {
    /// 1223 features: Ge et al. 2025, Int J Med Sci 22(13):3329; z-scores × 100, outliers clipped at 3 SD, 1 mm voxels.
    case ge2025
    /// The same images and features in Hounsfield units.
    case huFull = "hu_full"
    /// 107 features: the original image in Hounsfield units.
    case huOriginal = "hu_original"

    package var summary: String {
        switch self {
        case .ge2025:
            "1223 features as Ge et al. 2025: z-scores x 100 clipped at 3 SD, 1 mm, original, LoG, wavelet, gradient"
        case .huFull: "the same 1223 features in Hounsfield units"
        case .huOriginal: "107 features of the original image in Hounsfield units"
        }
    }

    /// The text of the parameter file.
    package var yaml: String {
        switch self {
        case .ge2025: Self.allImages + Self.allClasses + Self.standardised + Self.common
        case .huFull: Self.allImages + Self.allClasses + "setting:\n" + Self.common
        case .huOriginal: "imageType:\n  Original: {}\n" + Self.allClasses + "setting:\n" + Self.common
        }
    }

    /// - Throws: nothing as long as the texts of this file are right, which the tests hold.
    package func parameters() throws(ParameterFileError) -> ParameterFile {
        try ParameterFile(yaml: yaml, name: rawValue)
    }

    private static let allImages = """
        imageType:
          Original: {}
          LoG:
            sigma: [1.0, 3.0, 5.0]
          Wavelet:
            wavelet: coif1
            start_level: 0
            level: 1
          Gradient: {}

        """

    private static let allClasses = """
        featureClass:
          shape:
          firstorder:
          glcm:
          glrlm:
          glszm:
          gldm:
          ngtdm:

        """

    private static let standardised = """
        setting:
          normalize: true
          normalizeScale: 100
          removeOutliers: 3

        """

    private static let common = """
          resampledPixelSpacing: [1, 1, 1]
          interpolator: sitkBSpline
          binWidth: 25
          label: 1
          additionalInfo: true

        """
}
