// The images that features are computed on: which filter makes which.
import Imaging

/// A filtered image and PyRadiomics' name for it.
struct DerivedImage: Sendable {
    let name: String
    let image: GreyImage
    let texture: TextureSettings
    /// The filter works in single precision.
    let isSinglePrecision: Bool
}

extension ImageSettings {
    /// How far along each axis a filter sees, voxels.
    func reachVoxels(spacingMM: SIMD3<Double>) -> Index3 {
        switch type {
        case .original, .square, .squareRoot, .logarithm, .exponential: return Index3(x: 0, y: 0, z: 0)
        case .gradient: return GradientMagnitude.reachVoxels
        case .wavelet: return wavelet?.reachVoxels ?? Index3(x: 0, y: 0, z: 0)
        case .laplacianOfGaussian:
            let reach = filter.sigmaMM.map { LaplacianOfGaussian(sigmaMM: $0).reachVoxels(spacingMM: spacingMM) }
            return Index3(
                x: reach.map(\.x).max() ?? 0, y: reach.map(\.y).max() ?? 0, z: reach.map(\.z).max() ?? 0)
        }
    }

    /// Every image of this type, in PyRadiomics' order.
    ///
    /// - Throws: `RadiomicsError.waveletUnknown`.
    func derived(from region: PreparedRegion) throws(RadiomicsError) -> [DerivedImage] {
        let image = region.image
        switch type {
        case .original: return [derive("original", image, region.isSinglePrecision)]
        case .laplacianOfGaussian:
            return filter.sigmaMM.compactMap { sigma in
                let filter = LaplacianOfGaussian(sigmaMM: sigma)
                return filter.filtered(image).map { derive(filter.name, $0, true) }
            }
        case .wavelet:
            guard let wavelet else { throw .waveletUnknown(filter.wavelet) }
            return wavelet.filtered(image).map { derive($0.band, $0.image, false) }
        case .gradient:
            let filter = GradientMagnitude(usesSpacing: filter.gradientUsesSpacing)
            return [derive(filter.name, filter.filtered(image), true)]
        case .square: return pointwise(.square, region)
        case .squareRoot: return pointwise(.squareroot, region)
        case .logarithm: return pointwise(.logarithm, region)
        case .exponential: return pointwise(.exponential, region)
        }
    }

    private var wavelet: Wavelet? {
        // PyRadiomics counts axes from z; a slice-wise extraction does not filter across slices.
        let axes = [0, 1, 2].filter { !texture.force2D || $0 != 2 - texture.force2DDimension }
        return Wavelet(
            name: filter.wavelet, startLevel: filter.waveletStartLevel, level: filter.waveletLevels, axes: axes)
    }

    private func pointwise(_ filter: PointwiseFilter, _ region: PreparedRegion) -> [DerivedImage] {
        filter.filtered(region.image, maximumMagnitude: region.maximumMagnitude).map {
            [derive(filter.name, $0, false)]
        }
            ?? []
    }

    private func derive(_ name: String, _ image: GreyImage, _ isSinglePrecision: Bool) -> DerivedImage {
        DerivedImage(name: name, image: image, texture: texture, isSinglePrecision: isSinglePrecision)
    }
}
