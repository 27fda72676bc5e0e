// The weights of a convolution, transformed along the width.
import CKernels

/// Kernels three wide as six parts, of which each row element of four neighbouring outputs needs one product instead of two.
///
/// Winograd's F(4, 3) along the rows only: Lavin and Gray 2016, "Fast algorithms for convolutional neural networks",
/// https://arxiv.org/abs/1509.09308, section 4. The points 0, 1, -1, 1/2, -2 and infinity round less than those of the paper
/// (Barabasz et al. 2020, "Error analysis and improving the accuracy of Winograd convolution", https://arxiv.org/abs/1803.10986).
struct WinogradKernel: Sendable {
    /// One per transformed input of a row.
    let parts: [PackedKernel]

    /// Rounding grows with the length of the sums: no more input channels than these (our choice).
    private static let mostInputs = 256
    /// Inputs are transformed once for all outputs: no fewer output channels than these (our choice).
    private static let fewestOutputs = 8

    /// Six rows: what a part takes of the three weights of a row.
    private static let transform: [[Double]] = [
        [1, 0, 0],
        [1.0 / 3, 1.0 / 3, 1.0 / 3],
        [-1.0 / 3, 1.0 / 3, -1.0 / 3],
        [-16.0 / 15, -8.0 / 15, -4.0 / 15],
        [1.0 / 15, -2.0 / 15, 4.0 / 15],
        [0, 0, 1],
    ]

    /// - Parameter weights: [outputs, inputs / groups, depth, height, width].
    /// - Returns: nil where the shape does not suit: kernels three wide of stride and dilation one, with enough outputs.
    init?(_ weights: [Float], _ shape: ConvolutionShape, inputs: Int, outputs: Int) {
        let (inputsPerGroup, outputsPerGroup) = (inputs / shape.groups, outputs / shape.groups)
        guard shape.kernel[2] == 3, shape.stride == [1, 1, 1], shape.dilation == [1, 1, 1],
            inputsPerGroup <= Self.mostInputs, outputsPerGroup >= Self.fewestOutputs
        else { return nil }
        var transformed: [Float] = []
        transformed.reserveCapacity(weights.count * 2)
        for row in stride(from: 0, to: weights.count, by: 3) {
            for part in Self.transform {
                transformed.append(Float((0..<3).reduce(0) { $0 + part[$1] * Double(weights[row + $1]) }))
            }
        }
        let (depth, height) = (shape.kernel[0], shape.kernel[1])
        parts = Self.transform.indices.map { part in
            PackedKernel(
                transformed, kernel: [depth, height, Self.transform.count], inputsPerGroup: inputsPerGroup,
                outputsPerGroup: outputsPerGroup, groups: shape.groups, transposed: false,
                elements: [Array(0..<depth), Array(0..<height), [part]])
        }
    }
}
