// One axis of a convolution: which inputs an output sums, and where outputs lie.

/// The kernel along one axis: output number j, at `outputStart + j · outputStep`, sums the inputs at
/// `j · inputStep + offsets[t]`, one for each element of the kernel that takes part. Inputs outside the image are 0.
///
/// A convolution has one such axis each way; a transposed one has one for each place between inputs (its "phases").
struct AxisTaps: Sendable {
    var offsets: [Int]
    var inputStep = 1
    var outputStart = 0
    var outputStep = 1
    /// Number of outputs.
    var count: Int

    /// The smallest offset, from which inputs are packed.
    var first: Int { offsets.min() ?? 0 }
    /// Inputs that `outputs` neighbouring outputs reach over.
    func reach(_ outputs: Int) -> Int { (outputs - 1) * inputStep + (offsets.max() ?? 0) - first + 1 }

    /// The axis of a convolution; `count` is 0 or less where the kernel is wider than the padded input.
    static func convolution(input: Int, kernel: Int, stride: Int, padding: Int, dilation: Int) -> AxisTaps {
        let span = input + 2 * padding - dilation * (kernel - 1) - 1
        return AxisTaps(
            offsets: (0..<kernel).map { $0 * dilation - padding }, inputStep: stride,
            count: span < 0 ? 0 : span / stride + 1)
    }

    /// The elements of a transposed kernel that reach the outputs start, start + stride, …
    static func elements(reaching start: Int, kernel: Int, stride: Int, padding: Int, dilation: Int) -> [Int] {
        (0..<kernel).filter { (start + padding - $0 * dilation) % stride == 0 }
    }

    /// The phases of a transposed convolution: output o sums input i with element k where o = i · stride - padding + k · dilation.
    static func transposed(
        input: Int, kernel: Int, stride: Int, padding: Int, dilation: Int, outputPadding: Int
    ) -> [AxisTaps] {
        let output = (input - 1) * stride - 2 * padding + dilation * (kernel - 1) + outputPadding + 1
        return (0..<stride).compactMap { start in
            guard start < output else { return nil }
            let elements = elements(
                reaching: start, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
            return AxisTaps(
                offsets: elements.map { (start + padding - $0 * dilation) / stride },
                outputStart: start, outputStep: stride, count: (output - start + stride - 1) / stride)
        }
    }
}
