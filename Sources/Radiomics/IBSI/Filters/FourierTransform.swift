// The discrete Fourier transform of many lines of one length at once.
import Foundation

/// The unscaled forward transform `X[k] = Σ x[j]·exp(−2πi·jk/n)` for any length: the self-sorting mixed-radix algorithm
/// (Stockham; Van Loan, *Computational Frameworks for the FFT*, 1992, §1.7) and, for a large prime factor, Bluestein's chirp.
struct FourierTransform: Sendable {
    let length: Int
    /// Empty where the chirp is used.
    private let radices: [Int]
    /// cos and −sin of 2πk/n.
    private let cosine: [Double]
    private let sine: [Double]
    private let chirp: ChirpTransform?

    init(length: Int) {
        self.length = length
        var rest = length
        var radices: [Int] = []
        // 13: beyond it a butterfly costs more than the chirp (our choice).
        for radix in [4, 2, 3, 5, 7, 11, 13] {
            while rest.isMultiple(of: radix) {
                radices.append(radix)
                rest /= radix
            }
        }
        self.radices = rest == 1 ? radices : []
        cosine = (0..<length).map { cos(2 * .pi * Double($0) / Double(length)) }
        sine = (0..<length).map { -sin(2 * .pi * Double($0) / Double(length)) }
        chirp = rest == 1 ? nil : ChirpTransform(length: length)
    }

    /// The smallest length that is at least `length` and has no prime factor above 5: it is fast.
    static func fastLength(atLeast length: Int) -> Int {
        var candidate = max(length, 1)
        while true {
            var rest = candidate
            for prime in [2, 3, 5] { while rest.isMultiple(of: prime) { rest /= prime } }
            if rest == 1 { return candidate }
            candidate += 1
        }
    }

    /// Transforms `lines` lines in place. Element *k* of line *l* is at `k * lines + l` of both arrays.
    ///
    /// The inverse transform (unscaled) is this one with `real` and `imaginary` exchanged.
    func forward(_ real: inout [Double], _ imaginary: inout [Double], lines: Int) {
        if let chirp {
            chirp.forward(&real, &imaginary, lines: lines)
            return
        }
        var otherReal = [Double](repeating: 0, count: real.count)
        var otherImaginary = otherReal
        var remaining = length
        var stride = lines
        for radix in radices {
            let stage = Stage(
                radix: radix, parts: remaining / radix, stride: stride, length: length, remaining: remaining,
                cosine: cosine, sine: sine)
            stage.run(real, imaginary, &otherReal, &otherImaginary)
            swap(&real, &otherReal)
            swap(&imaginary, &otherImaginary)
            remaining /= radix
            stride *= radix
        }
    }
}

/// One pass over the data: butterflies of one radix.
private struct Stage {
    let radix: Int
    let parts: Int
    let stride: Int
    let length: Int
    let remaining: Int
    let cosine: [Double]
    let sine: [Double]

    func run(_ real: [Double], _ imaginary: [Double], _ outReal: inout [Double], _ outImaginary: inout [Double]) {
        real.withUnsafeBufferPointer { real in
            imaginary.withUnsafeBufferPointer { imaginary in
                outReal.withUnsafeMutableBufferPointer { outReal in
                    outImaginary.withUnsafeMutableBufferPointer { outImaginary in
                        for part in 0..<parts {
                            for output in 0..<radix {
                                butterfly(part, output, real, imaginary, outReal, outImaginary)
                            }
                        }
                    }
                }
            }
        }
    }

    /// `out = w(part·output) · Σ_j in_j · w_radix(j·output)`: the twiddle is folded into the small transform's weights.
    private func butterfly(
        _ part: Int, _ output: Int, _ real: UnsafeBufferPointer<Double>, _ imaginary: UnsafeBufferPointer<Double>,
        _ outReal: UnsafeMutableBufferPointer<Double>, _ outImaginary: UnsafeMutableBufferPointer<Double>
    ) {
        let to = (radix * part + output) * stride
        for q in to..<to + stride {
            outReal[q] = 0
            outImaginary[q] = 0
        }
        for input in 0..<radix {
            let turn = (length / remaining * part * output + length / radix * input * output) % length
            let (c, s) = (cosine[turn], sine[turn])
            let from = (part + parts * input) * stride
            for q in 0..<stride {
                outReal[to + q] += c * real[from + q] - s * imaginary[from + q]
                outImaginary[to + q] += c * imaginary[from + q] + s * real[from + q]
            }
        }
    }
}

/// Bluestein's algorithm: a transform of any length as a convolution with a chirp (IEEE Trans. Audio Electroacoust. 18:451, 1970).
private final class ChirpTransform: Sendable {
    private let length: Int
    private let inner: FourierTransform
    /// exp(−πi·k²/n).
    private let chirpReal: [Double]
    private let chirpImaginary: [Double]
    /// The transform of the conjugate chirp, wrapped around and divided by the inner length.
    private let kernelReal: [Double]
    private let kernelImaginary: [Double]

    init(length: Int) {
        self.length = length
        let inner = FourierTransform(length: FourierTransform.fastLength(atLeast: 2 * length - 1))
        // k² modulo 2n keeps the angle small and exact.
        let angles = (0..<length).map { Double.pi * Double($0 * $0 % (2 * length)) / Double(length) }
        chirpReal = angles.map { cos($0) }
        chirpImaginary = angles.map { -sin($0) }
        var real = [Double](repeating: 0, count: inner.length)
        var imaginary = real
        for k in 0..<length {
            for place in Set([k, (inner.length - k) % inner.length]) {
                real[place] = cos(angles[k]) / Double(inner.length)
                imaginary[place] = sin(angles[k]) / Double(inner.length)
            }
        }
        inner.forward(&real, &imaginary, lines: 1)
        kernelReal = real
        kernelImaginary = imaginary
        self.inner = inner
    }

    func forward(_ real: inout [Double], _ imaginary: inout [Double], lines: Int) {
        var a = [Double](repeating: 0, count: inner.length * lines)
        var b = a
        for k in 0..<length {
            let (c, s) = (chirpReal[k], chirpImaginary[k])
            for q in k * lines..<(k + 1) * lines {
                a[q] = c * real[q] - s * imaginary[q]
                b[q] = c * imaginary[q] + s * real[q]
            }
        }
        inner.forward(&a, &b, lines: lines)
        for k in 0..<inner.length {
            let (c, s) = (kernelReal[k], kernelImaginary[k])
            for q in k * lines..<(k + 1) * lines { (a[q], b[q]) = (c * a[q] - s * b[q], c * b[q] + s * a[q]) }
        }
        inner.forward(&b, &a, lines: lines)
        for k in 0..<length {
            let (c, s) = (chirpReal[k], chirpImaginary[k])
            for q in k * lines..<(k + 1) * lines {
                real[q] = c * a[q] - s * b[q]
                imaginary[q] = c * b[q] + s * a[q]
            }
        }
    }
}
