// Convolution, instance normalisation, rectifier: the brick of nnU-Net.

/// `ConvDropoutNormReLU` of `dynamic-network-architectures`, after training: convolution with bias, instance normalisation with
/// an affine map, LeakyReLU. Isensee et al. 2021, https://doi.org/10.1038/s41592-020-01008-z, "Network architecture".
struct ConvNormRectifier: Sendable {
    private let conv: Convolution
    private let norm: InstanceNorm
    private let slope: Float

    /// The slope of nnU-Net's LeakyReLU below 0.
    static let leak: Float = 0.01

    /// - Parameter slope: below 0: `leak`, or 1 for none.
    init(
        _ weights: Weights, _ inputs: Int, _ outputs: Int, kernel: [Int], stride: [Int], bias: Bool = true,
        slope: Float = leak
    ) throws {
        conv = try Convolution(
            weights.under("conv"), inputs, outputs, ConvolutionShape(kernel: kernel, stride: stride), bias: bias)
        norm = try InstanceNorm(weights.under("norm"), outputs)
        self.slope = slope
    }

    func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor { try self([image], execution) }

    /// - Parameter images: side by side along the channel axis.
    func callAsFunction(_ images: [Tensor], _ execution: Execution) throws -> Tensor {
        try norm(try conv(images, execution), slope: slope, execution)
    }
}
