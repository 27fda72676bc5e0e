// nnU-Net's U-Net with a residual encoder.

/// `ResidualEncoderUNet` of `dynamic-network-architectures` with its basic block, in two or three dimensions.
/// Isensee et al. 2024, "nnU-Net Revisited", https://arxiv.org/abs/2404.09556.
package struct ResidualEncoderUNet: Sendable {
    /// Two convolutions beside a skip, which pools and projects where the block changes size or features (ResNet-D:
    /// He et al. 2019, "Bag of tricks for image classification", https://arxiv.org/abs/1812.01187, figure 2c).
    private struct Block: Sendable {
        let conv1: ConvNormRectifier
        let conv2: ConvNormRectifier
        let pool: Pooling?
        let projection: ConvNormRectifier?

        init(_ weights: Weights, _ inputs: Int, _ stage: UNetPlan.Stage, stride: [Int]) throws {
            let ones = stride.map { _ in 1 }
            conv1 = try ConvNormRectifier(
                weights.under("conv1"), inputs, stage.features, kernel: stage.kernel, stride: stride)
            conv2 = try ConvNormRectifier(
                weights.under("conv2"), stage.features, stage.features, kernel: stage.kernel, stride: ones, slope: 1)
            let pools = stride != ones
            pool = pools ? Pooling(.mean, kernel: stride) : nil
            projection =
                inputs == stage.features
                ? nil
                : try ConvNormRectifier(
                    weights.under("skip.\(pools ? 1 : 0)"), inputs, stage.features, kernel: ones, stride: ones,
                    bias: false, slope: 1)
        }

        func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
            var skip = try pool?(image, execution) ?? image
            skip = try projection?(skip, execution) ?? skip
            let between = try conv1(image, execution)
            var sum = try conv2(between, execution)
            execution.reuse(between)
            try sum.add(skip, slope: ConvNormRectifier.leak, execution)
            if projection != nil { execution.reuse(skip) }
            return sum
        }
    }

    package let plan: UNetPlan
    private let stem: ConvNormRectifier
    private let encoder: [[Block]]
    private let decoder: UNetDecoder

    /// - Parameter weights: named as PyTorch saves the network; copies below `all_modules` and `decoder.encoder` are not read.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, _ plan: UNetPlan) throws {
        self.plan = plan
        let first = plan.stages[0]
        stem = try ConvNormRectifier(
            weights.under("encoder.stem.convs.0"), plan.channels, first.features, kernel: first.kernel,
            stride: first.kernel.map { _ in 1 })
        var inputs = first.features
        encoder = try plan.stages.enumerated().map { s, stage in
            try (0..<stage.blocks).map { block in
                defer { inputs = stage.features }
                return try Block(
                    weights.under("encoder.stages.\(s).blocks.\(block)"), inputs, stage,
                    stride: block == 0 ? stage.stride : stage.stride.map { _ in 1 })
            }
        }
        decoder = try UNetDecoder(weights, plan)
    }

    /// - Parameter image: [N, channels, …], extents divisible by `plan.divisors`.
    /// - Returns: [N, classes, …], before softmax.
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        try plan.check(image)
        var image = try stem(image, execution)
        var skips: [Tensor] = []
        for stage in encoder {
            for (number, block) in stage.enumerated() {
                let next = try block(image, execution)
                // What enters a stage but the first is the skip of the one before.
                if number > 0 { execution.reuse(image) }
                image = next
            }
            skips.append(image)
        }
        return try decoder(consume skips, execution)
    }
}
