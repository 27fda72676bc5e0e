// The scanner: in-plane blur, slice profile, noise, whole HU.
import Foundation
import Imaging

/// Weights that blur fine samples and pick them at the centres of coarse pixels, along one axis.
struct BlurKernel {
    /// Weights of consecutive samples; they sum to 1.
    let weights: [Float]
    /// Samples per pixel.
    let subdivision: Int

    /// Samples to be added before the first and after the last pixel.
    var padding: Int { weights.count / 2 + 1 }

    /// - Parameters:
    ///   - sampleMM: size of a sample, which blurs like a box and is taken off the Gaussian's variance.
    init(fwhmMM: Double, sampleMM: Double, subdivision: Int) {
        self.subdivision = subdivision
        let gaussian = fwhmMM / (2 * (2 * log(2.0)).squareRoot())
        let variance = max(gaussian * gaussian - sampleMM * sampleMM / 12, 0.01 * sampleMM * sampleMM)
        // An even number of samples per pixel has the pixel's centre between two samples.
        let reach = Int((3.5 * variance.squareRoot() / sampleMM).rounded(.up))
        let offsets =
            subdivision % 2 == 0
            ? (-reach..<reach).map { Double($0) + 0.5 } : (-reach...reach).map { Double($0) }
        let raw = offsets.map { exp(-0.5 * $0 * $0 * sampleMM * sampleMM / variance) }
        let sum = raw.reduce(0, +)
        weights = raw.map { Float($0 / sum) }
    }

    /// The first sample that pixel `i` takes, in an axis that starts with `padding` samples.
    @inline(__always)
    func start(ofPixel i: Int) -> Int { padding + i * subdivision + subdivision / 2 - weights.count / 2 }
}

/// Turns planes of fine samples into pixels.
struct PlaneBlur {
    let across: BlurKernel
    let down: BlurKernel
    let pixels: (width: Int, height: Int)
    let samples: (width: Int, height: Int)
    private var rows: [Float]

    init(across: BlurKernel, down: BlurKernel, width: Int, height: Int) {
        self.across = across
        self.down = down
        pixels = (width, height)
        samples = (
            width * across.subdivision + 2 * across.padding, height * down.subdivision + 2 * down.padding
        )
        rows = [Float](repeating: 0, count: samples.width)
    }

    /// Adds `weight` times the blurred plane to a slice. Only sample rows in `touched` differ from zero.
    mutating func add(
        _ plane: UnsafeBufferPointer<Float>, touched: Range<Int>, weight: Float,
        to slice: UnsafeMutableBufferPointer<Float>
    ) {
        let width = samples.width
        rows.withUnsafeMutableBufferPointer { row in
            for y in 0..<pixels.height {
                let first = down.start(ofPixel: y)
                let taken = (first..<first + down.weights.count).clamped(to: touched)
                guard !taken.isEmpty else { continue }
                row.update(repeating: 0)
                for source in taken {
                    let w = down.weights[source - first] * weight
                    let start = source * width
                    for x in 0..<width { row[x] += w * plane[start + x] }
                }
                across.weights.withUnsafeBufferPointer { weights in
                    for x in 0..<pixels.width {
                        let start = across.start(ofPixel: x)
                        var sum: Float = 0
                        for k in 0..<weights.count { sum += weights[k] * row[start + k] }
                        slice[y * pixels.width + x] += sum
                    }
                }
            }
        }
    }
}

/// Quantum noise: normal, correlated within a slice, independent between slices.
struct ScannerNoise {
    private let sdHU: Float
    private let seed: UInt64
    private let weights: [Float]

    init(_ recipe: PhantomRecipe) {
        sdHU = Float(recipe.noiseSDHU)
        seed = recipe.seed
        let sigma = recipe.noiseGrainPixels
        let reach = Int((3 * sigma).rounded(.up))
        let raw = (-reach...reach).map { sigma > 0 ? exp(-0.5 * Double($0 * $0) / (sigma * sigma)) : 1 }
        // Unit variance after filtering.
        let norm = raw.reduce(0) { $0 + $1 * $1 }.squareRoot()
        weights = raw.map { Float($0 / norm) }
    }

    /// Adds noise to slice number `z` and rounds it to whole HU from −1024.
    func apply(to slice: UnsafeMutableBufferPointer<Float>, width: Int, height: Int, z: Int) {
        guard sdHU > 0 else {
            for i in slice.indices { slice[i] = max(slice[i].rounded(), -1024) }
            return
        }
        let reach = weights.count / 2
        let paddedWidth = width + 2 * reach
        let paddedHeight = height + 2 * reach
        var random = RandomSource(seed: seed, stream: 1_000_000 + UInt64(z))
        let white = (0..<paddedWidth * paddedHeight).map { _ in random.quickNormal() * sdHU }
        var filtered = [Float](repeating: 0, count: width * paddedHeight)
        white.withUnsafeBufferPointer { white in
            filtered.withUnsafeMutableBufferPointer { filtered in
                for y in 0..<paddedHeight {
                    for (k, w) in weights.enumerated() {
                        let source = y * paddedWidth + k
                        for x in 0..<width { filtered[y * width + x] += w * white[source + x] }
                    }
                }
                for y in 0..<height {
                    for (k, w) in weights.enumerated() {
                        for x in 0..<width { slice[y * width + x] += w * filtered[(y + k) * width + x] }
                    }
                }
            }
        }
        for i in slice.indices { slice[i] = max(slice[i].rounded(), -1024) }
    }
}
