// Convolution along one image axis: what all separable filters are made of.
import Imaging

/// The convolution of every line along one axis with a kernel of odd length whose centre is its middle weight.
///
/// `out[i] = Σ kernel[k] · in[i + centre − k]` (IBSI 2, eq. of the discrete convolution: the kernel is flipped).
struct AxisConvolution: Sendable {
    /// 0, 1, 2 for x, y, z.
    let axis: Int
    /// Odd number of weights.
    let kernel: [Double]
    let boundary: BoundaryCondition

    /// A kernel of even length gets a zero behind it, so that its centre lies at half its length.
    init(axis: Int, kernel: [Double], boundary: BoundaryCondition) {
        self.axis = axis
        self.kernel = kernel.count.isMultiple(of: 2) ? kernel + [0] : kernel
        self.boundary = boundary
    }

    /// The image convolved.
    func callAsFunction(_ image: GreyImage) -> GreyImage {
        let extent = [image.size.x, image.size.y, image.size.z]
        let length = extent[axis]
        // Voxels that lie beside each other in memory and share their place along the axis.
        let run = extent[..<axis].reduce(1, *)
        let reach = kernel.count / 2
        let sources = boundary.sources(length: length, reach: reach)
        let taps = kernel.indices.filter { kernel[$0] != 0 }.map { (weight: kernel[$0], offset: 2 * reach - $0) }
        var output = image
        for outer in 0..<image.size.count / (length * run) {
            let start = outer * length * run
            if run == 1 {
                convolveLine(image.values, &output.values, start, length, sources, taps)
            } else {
                convolveRuns(image.values, &output.values, start, length, run, sources, taps)
            }
        }
        return output
    }
}

private typealias Tap = (weight: Double, offset: Int)

/// One line whose voxels follow each other in memory.
private func convolveLine(
    _ input: [Double], _ output: inout [Double], _ start: Int, _ length: Int, _ sources: [Int], _ taps: [Tap]
) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: sources.count) { padded in
        for (place, source) in sources.enumerated() { padded[place] = source < 0 ? 0 : input[start + source] }
        output.withUnsafeMutableBufferPointer { output in
            let line = UnsafeMutableBufferPointer(rebasing: output[start..<start + length])
            line.update(repeating: 0)
            for (weight, offset) in taps {
                for i in 0..<length { line[i] += weight * padded[i + offset] }
            }
        }
    }
}

/// All lines that start beside each other: rows (or planes) are added up as a whole.
private func convolveRuns(
    _ input: [Double], _ output: inout [Double], _ start: Int, _ length: Int, _ run: Int, _ sources: [Int],
    _ taps: [Tap]
) {
    input.withUnsafeBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            for i in 0..<length {
                let line = UnsafeMutableBufferPointer(rebasing: output[start + i * run..<start + (i + 1) * run])
                line.update(repeating: 0)
                for (weight, offset) in taps where sources[i + offset] >= 0 {
                    let source = start + sources[i + offset] * run
                    for q in 0..<run { line[q] += weight * input[source + q] }
                }
            }
        }
    }
}
