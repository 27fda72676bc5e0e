// nnU-Net's plain U-Net.

/// `PlainConvUNet` of `dynamic-network-architectures`, in two or three dimensions, as nnU-Net configures it: strided
/// convolutions on the way down, instance normalisation, LeakyReLU.
/// Isensee et al. 2021, https://doi.org/10.1038/s41592-020-01008-z.
package struct PlainConvUNet: Sendable {
    package let plan: UNetPlan
    private let encoder: [[ConvNormRectifier]]
    private let decoder: UNetDecoder

    /// - Parameter weights: named as PyTorch saves the network; copies below `all_modules` and `decoder.encoder` are not read.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, _ plan: UNetPlan) throws {
        self.plan = plan
        var inputs = plan.channels
        encoder = try plan.stages.enumerated().map { s, stage in
            try (0..<stage.blocks).map { block in
                defer { inputs = stage.features }
                return try ConvNormRectifier(
                    weights.under("encoder.stages.\(s).0.convs.\(block)"), inputs, stage.features,
                    kernel: stage.kernel, stride: block == 0 ? stage.stride : stage.stride.map { _ in 1 },
                    isNormalised: plan.isNormalised)
            }
        }
        decoder = try UNetDecoder(weights, plan)
    }

    /// - Parameter image: [N, channels, …], extents divisible by `plan.divisors`.
    /// - Returns: [N, classes, …], before softmax.
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        try plan.check(image)
        var image = image
        var skips: [Tensor] = []
        for stage in encoder {
            for (number, block) in stage.enumerated() {
                let next = try block(image, execution)
                // What enters a stage is the skip of the one before, or the caller's.
                if number > 0 { execution.reuse(image) }
                image = next
            }
            skips.append(image)
        }
        return try decoder(consume skips, execution)
    }
}
