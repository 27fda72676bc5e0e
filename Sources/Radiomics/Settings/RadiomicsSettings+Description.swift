// Settings in words, as PyRadiomics' tables state them.
import Imaging

extension RadiomicsSettings {
    /// Every setting of the extraction by its key in a parameter file, in a fixed order; values written as Python does
    /// (`[1, 2]`, `'sigma'`, `None`), as PyRadiomics' tables hold them.
    package var described: [(key: String, value: String)] {
        func text(_ value: Bool) -> String { value ? "True" : "False" }
        func text(_ value: Int?) -> String { value.map(\.description) ?? "None" }
        func text(_ value: Double?) -> String { value.map(\.plain) ?? "None" }
        func text(_ value: [Double]?) -> String {
            value.map { "[\($0.map(\.plain).joined(separator: ", "))]" } ?? "None"
        }
        func text(_ word: String?) -> String { word.map { "'\($0)'" } ?? "None" }
        let texture = images.first?.texture ?? TextureSettings()
        return [
            ("minimumROIDimensions", "\(minimumROIDimensions)"), ("minimumROISize", text(minimumROISize)),
            ("normalize", text(normalize)), ("normalizeScale", normalizeScale.plain),
            ("removeOutliers", text(removeOutliers)),
            ("resampledPixelSpacing", text(resampledSpacingMM.map { [$0.x, $0.y, $0.z] })),
            ("interpolator", text(interpolator?.rawValue)), ("preCrop", text(preCrop)),
            ("padDistance", "\(padDistance)"), ("distances", "\(texture.distances)"),
            ("force2D", text(texture.force2D)), ("force2Ddimension", "\(texture.force2DDimension)"),
            ("resegmentRange", text(resegmentRange)), ("resegmentMode", text(resegmentMode.rawValue)),
            ("resegmentShape", text(resegmentShape)), ("label", "\(label)"), ("additionalInfo", text(additionalInfo)),
            ("binWidth", texture.binWidth.plain), ("binCount", text(texture.binCount)),
            ("correctMask", text(correctMask)), ("geometryTolerance", text(geometryTolerance)),
            ("voxelArrayShift", "\(texture.voxelArrayShift)"), ("symmetricalGLCM", text(texture.symmetricalGLCM)),
            ("weightingNorm", text(texture.weightingNorm?.rawValue)), ("gldm_a", "\(texture.gldmA)"),
        ]
    }

    /// The image types with the settings of their filters.
    package var describedImages: [(key: String, value: String)] {
        images.map { image in
            let filter = image.filter
            let settings: String =
                switch image.type {
                case .laplacianOfGaussian: "'sigma': \(filter.sigmaText)"
                case .wavelet:
                    "'wavelet': '\(filter.wavelet)', 'start_level': \(filter.waveletStartLevel), 'level': \(filter.waveletLevels)"
                case .gradient where !filter.gradientUsesSpacing: "'gradientUseSpacing': False"
                case .localBinaryPattern2D:
                    "'lbp2DRadius': \(filter.lbp2DRadius), 'lbp2DSamples': \(filter.lbp2DSamples), "
                        + "'lbp2DMethod': '\(filter.lbp2DMethod.rawValue)'"
                case .localBinaryPattern3D:
                    "'lbp3DLevels': \(filter.lbp3DLevels), 'lbp3DIcosphereRadius': \(filter.lbp3DIcosphereRadius), "
                        + "'lbp3DIcosphereSubdivision': \(filter.lbp3DIcosphereSubdivision)"
                default: ""
                }
            return (image.type.rawValue, "{\(settings)}")
        }
    }
}

extension FilterSettings {
    /// `sigma` as it was written: `[1, 2.5]`.
    fileprivate var sigmaText: String {
        "[" + sigmaMM.map { wholeSigmaMM.contains($0) ? "\(Int($0))" : "\($0)" }.joined(separator: ", ") + "]"
    }
}
