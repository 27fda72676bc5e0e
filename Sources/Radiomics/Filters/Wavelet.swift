// The image types `wavelet-…`: bands of an undecimated wavelet transform.
import Imaging

/// The undecimated separable wavelet transform of PyRadiomics (`pywt.swtn`, one level at a time): along each axis the image is
/// split into a low-pass and a high-pass part, not normalised, the image repeating itself beyond its edges.
///
/// Letters of a band follow the axes: `LLH` is low along x, low along y, high along z. An odd side is lengthened by one voxel taken
/// from its opposite end, and cut again. Sums run in PyWavelets' order, so that results equal its own to the last bit.
struct Wavelet {
    private let bank: WaveletBank
    /// Levels of smoothing before the first band is taken (PyRadiomics' `start_level`).
    private let startLevel: Int
    /// Levels of which bands are taken (`level`).
    private let levels: Int
    /// The axes to split: 0 x, 1 y, 2 z. Fewer than three for extraction in a plane (`force2D`).
    private let axes: [Int]
    private let isSingle: Bool

    /// - Parameters:
    ///   - startLevel: ≥ 0.
    ///   - level: ≥ 1.
    ///   - isSingle: whether to compute in single precision, as PyWavelets does for an image stored so.
    /// - Returns: nil where the bank has no such wavelet.
    init?(name: String = "coif1", startLevel: Int = 0, level: Int = 1, axes: [Int] = [0, 1, 2], isSingle: Bool = false)
    {
        guard let bank = WaveletBank(name) else { return nil }
        self.bank = isSingle ? bank.inSinglePrecision() : bank
        self.startLevel = startLevel
        self.levels = level
        self.axes = axes
        self.isSingle = isSingle
    }

    /// Voxels along each axis that a voxel's value depends on. Where the image is cut this far away, both the cut's beginning and
    /// its length must keep the parity of the whole for odd sides to be lengthened alike.
    var reachVoxels: Index3 {
        let reach = (startLevel + levels) * bank.length / 2 + 1
        return Index3(
            x: axes.contains(0) ? reach : 0, y: axes.contains(1) ? reach : 0, z: axes.contains(2) ? reach : 0)
    }

    /// The bands by PyRadiomics' names and in its order: `wavelet-LLH`…`wavelet-HHH`, for a second level `wavelet2-LLH`…, last
    /// what remains smooth.
    func filtered(_ image: GreyImage) -> [(band: String, image: GreyImage)] {
        let padded = EvenSize(image.size)
        var smooth = padded.lengthened(image.values)
        for _ in 0..<startLevel { smooth = split(smooth, padded.size, keepsAll: false)[0] }
        var bands: [(band: String, image: GreyImage)] = []
        for level in 1...max(levels, 1) {
            let prefix = level == 1 ? "wavelet-" : "wavelet\(level)-"
            let parts = split(smooth, padded.size, keepsAll: true)
            smooth = parts[0]
            let last = level == levels ? [0] : []
            for part in Array(1..<parts.count) + last {
                bands.append((prefix + letters(part), padded.image(parts[part], spacingMM: image.spacingMM)))
            }
        }
        return bands
    }

    /// The letters of a band counted in binary: first axis the highest bit, 1 for high.
    private func letters(_ band: Int) -> String {
        String(axes.indices.map { (band >> (axes.count - 1 - $0)) & 1 == 1 ? "H" : "L" })
    }

    /// All bands in binary order, or only the smooth one.
    private func split(_ values: [Double], _ size: Index3, keepsAll: Bool) -> [[Double]] {
        var parts = [values]
        for axis in axes {
            let pass = WaveletPass(bank, size, along: axis, isSingle: isSingle)
            parts = parts.flatMap { part in
                let (low, high) = pass.split(part)
                return keepsAll ? [low, high] : [low]
            }
        }
        return parts
    }
}

/// A size whose sides are even, with or without one voxel more than the image's.
private struct EvenSize {
    private let original: Index3
    let size: Index3

    init(_ original: Index3) {
        self.original = original
        func even(_ side: Int) -> Int { side + side % 2 }
        size = Index3(x: even(original.x), y: even(original.y), z: even(original.z))
    }

    func lengthened(_ values: [Double]) -> [Double] {
        guard size != original else { return values }
        var longer: [Double] = []
        longer.reserveCapacity(size.count)
        for z in 0..<size.z {
            for y in 0..<size.y {
                let row = (z % original.z * original.y + y % original.y) * original.x
                longer += values[row..<row + original.x]
                if size.x > original.x { longer.append(values[row]) }
            }
        }
        return longer
    }

    func image(_ values: [Double], spacingMM: SIMD3<Double>) -> GreyImage {
        guard size != original else { return GreyImage(size: size, spacingMM: spacingMM, values: values) }
        var cut: [Double] = []
        cut.reserveCapacity(original.count)
        for z in 0..<original.z {
            for y in 0..<original.y {
                let row = (z * size.y + y) * size.x
                cut += values[row..<row + original.x]
            }
        }
        return GreyImage(size: original, spacingMM: spacingMM, values: cut)
    }
}
