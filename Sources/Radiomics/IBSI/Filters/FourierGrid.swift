// A complex grid and its Fourier transform along the image axes.
import Imaging

/// Complex values on a grid of voxels or of frequencies.
struct FourierGrid: Sendable {
    let size: Index3
    /// x fastest.
    var real: [Double]
    var imaginary: [Double]

    init(size: Index3) {
        self.size = size
        real = [Double](repeating: 0, count: size.count)
        imaginary = real
    }

    init(real values: [Double], size: Index3) {
        self.size = size
        real = values
        imaginary = [Double](repeating: 0, count: values.count)
    }

    /// The forward transform along one axis, unscaled.
    mutating func transform(along axis: Int) {
        let extent = [size.x, size.y, size.z]
        let length = extent[axis]
        guard length > 1 else { return }
        let plan = FourierTransform(length: length)
        let run = extent[..<axis].reduce(1, *)
        let count = size.count / length
        for first in stride(from: 0, to: count, by: lineBatch) {
            let lines = min(lineBatch, count - first)
            // Where each line starts: lines beside each other, then the next plane.
            let starts = (first..<first + lines).map { $0 / run * run * length + $0 % run }
            var (a, b) = gather(starts, length, run)
            plan.forward(&a, &b, lines: lines)
            scatter(a, b, starts, length, run)
        }
    }

    /// The forward transform along several axes, unscaled.
    mutating func transform(along axes: Range<Int>) {
        for axis in axes { transform(along: axis) }
    }

    /// The inverse transform along several axes, with its factor 1/n.
    mutating func inverseTransform(along axes: Range<Int>) {
        swap(&real, &imaginary)
        transform(along: axes)
        swap(&real, &imaginary)
        let scale = 1 / Double(axes.reduce(1) { $0 * [size.x, size.y, size.z][$1] })
        for place in real.indices {
            real[place] *= scale
            imaginary[place] *= scale
        }
    }

    /// Multiplies point by point.
    mutating func multiply(by other: FourierGrid) {
        for place in real.indices {
            let (a, b, c, d) = (real[place], imaginary[place], other.real[place], other.imaginary[place])
            real[place] = a * c - b * d
            imaginary[place] = a * d + b * c
        }
    }

    private func gather(_ starts: [Int], _ length: Int, _ step: Int) -> ([Double], [Double]) {
        let lines = starts.count
        var a = [Double](repeating: 0, count: length * lines)
        var b = a
        for k in 0..<length {
            for line in 0..<lines {
                a[k * lines + line] = real[starts[line] + k * step]
                b[k * lines + line] = imaginary[starts[line] + k * step]
            }
        }
        return (a, b)
    }

    private mutating func scatter(_ a: [Double], _ b: [Double], _ starts: [Int], _ length: Int, _ step: Int) {
        let lines = starts.count
        for k in 0..<length {
            for line in 0..<lines {
                real[starts[line] + k * step] = a[k * lines + line]
                imaginary[starts[line] + k * step] = b[k * lines + line]
            }
        }
    }
}

/// Lines that are transformed together: enough for the vector unit, few enough for the cache (our choice).
private let lineBatch = 16
