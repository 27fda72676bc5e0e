// Convolution, instance normalisation, rectifier: the brick of nnU-Net.

/// `ConvDropoutNormReLU` of `dynamic-network-architectures`, after training: convolution with bias, instance normalisation with
/// an affine map, LeakyReLU. Isensee et al. 2021, https://doi.org/10.1038/s41592-020-01008-z, "Network architecture".
///
/// Where a batch normalisation was folded into the convolution when the weights were saved, there is no norm.
struct ConvNormRectifier: Sendable {
    private let conv: Convolution
    private let norm: InstanceNorm?
    private let slope: Float

    /// The slope of nnU-Net's LeakyReLU below 0.
    static let leak: Float = 0.01

    /// - Parameters:
    ///   - slope: below 0: `leak`, or 1 for none.
    ///   - isNormalised: false where the weights hold no norm.
    init(
        _ weights: Weights, _ inputs: Int, _ outputs: Int, kernel: [Int], stride: [Int], bias: Bool = true,
        slope: Float = leak, isNormalised: Bool = true
    ) throws {
        let plain = try Convolution(
            weights.under("conv"), inputs, outputs, ConvolutionShape(kernel: kernel, stride: stride), bias: bias)
        conv = isNormalised ? plain : plain.rectified(slope: slope)
        norm = isNormalised ? try InstanceNorm(weights.under("norm"), outputs) : nil
        self.slope = slope
    }

    func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor { try self([image], execution) }

    /// - Parameter images: side by side along the channel axis.
    func callAsFunction(_ images: [Tensor], _ execution: Execution) throws -> Tensor {
        let image = try conv(images, execution)
        guard let norm else { return image }
        return try norm(image, slope: slope, execution)
    }
}
