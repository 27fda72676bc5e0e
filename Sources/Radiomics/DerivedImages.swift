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
        case .wavelet: return wavelet(isSingle: false)?.reachVoxels ?? Index3(x: 0, y: 0, z: 0)
        case .localBinaryPattern2D: return localBinaryPatternInSlices.reachVoxels
        case .localBinaryPattern3D: return localBinaryPattern.reachVoxels
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
        case .original: return [derive("original", image, region.storedType == .float32)]
        case .laplacianOfGaussian:
            return filter.sigmaMM.compactMap { sigma in
                let isWhole = filter.wholeSigmaMM.contains(sigma)
                let filter = LaplacianOfGaussian(sigmaMM: sigma, isWrittenWhole: isWhole)
                return filter.filtered(image).map { derive(filter.name, $0, true) }
            }
        case .wavelet:
            let isSingle = region.storedType == .float32
            guard let wavelet = wavelet(isSingle: isSingle) else { throw .waveletUnknown(filter.wavelet) }
            return wavelet.filtered(image).map { derive($0.band, $0.image, isSingle) }
        case .gradient:
            let filter = GradientMagnitude(usesSpacing: filter.gradientUsesSpacing)
            return [derive(filter.name, filter.filtered(image), true)]
        case .localBinaryPattern2D:
            let filter = localBinaryPatternInSlices
            let patterns = filter.filtered(image, voxels: region.voxels, storedAs: region.storedType)
            return [derive(filter.name, patterns, region.storedType == .float32)]
        case .localBinaryPattern3D:
            return localBinaryPattern.filtered(image, voxels: region.voxels, storedAs: region.storedType)
                .map { derive($0.name, $0.image, false) }
        case .square: return pointwise(.square, region)
        case .squareRoot: return pointwise(.squareroot, region)
        case .logarithm: return pointwise(.logarithm, region)
        case .exponential: return pointwise(.exponential, region)
        }
    }

    private func wavelet(isSingle: Bool) -> Wavelet? {
        // PyRadiomics counts axes from z; a slice-wise extraction does not filter across slices.
        let axes = [0, 1, 2].filter { !texture.force2D || $0 != 2 - texture.force2DDimension }
        return Wavelet(
            name: filter.wavelet, startLevel: filter.waveletStartLevel, level: filter.waveletLevels, axes: axes,
            isSingle: isSingle)
    }

    private var localBinaryPatternInSlices: LocalBinaryPattern2D {
        LocalBinaryPattern2D(
            radius: filter.lbp2DRadius, samples: filter.lbp2DSamples, method: filter.lbp2DMethod,
            axis: 2 - texture.force2DDimension)
    }

    private var localBinaryPattern: LocalBinaryPattern3D {
        LocalBinaryPattern3D(
            levels: filter.lbp3DLevels, radius: filter.lbp3DIcosphereRadius,
            subdivisions: filter.lbp3DIcosphereSubdivision)
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

extension PreparedRegion {
    /// Offsets of the region's voxels on its grid.
    fileprivate var voxels: [Int] { resegmented.indices.filter { resegmented[$0] } }
}
