// The way up of nnU-Net: transposed convolution, skip, convolutions, at each resolution.

/// `UNetDecoder` of `dynamic-network-architectures`, without the outputs of deep supervision but the last.
struct UNetDecoder: Sendable {
    private struct Stage: Sendable {
        let up: TransposedConvolution
        let blocks: [ConvNormRectifier]
    }

    private let stages: [Stage]
    private let segmentation: Convolution

    /// - Parameter weights: of the network: names below `decoder`.
    init(_ weights: Weights, _ plan: UNetPlan) throws {
        let below = plan.stages.dropFirst().reversed()
        let skips = plan.stages.dropLast().reversed()
        stages = try zip(below, skips).enumerated().map { s, pair in
            let (below, skip) = pair
            let up = ConvolutionShape(
                kernel: below.stride, stride: below.stride, padding: below.stride.map { _ in 0 })
            return Stage(
                up: try TransposedConvolution(
                    weights.under("decoder.transpconvs.\(s)"), below.features, skip.features, up),
                blocks: try (0..<plan.decoderBlocks).map { block in
                    try ConvNormRectifier(
                        weights.under("decoder.stages.\(s).convs.\(block)"),
                        block == 0 ? 2 * skip.features : skip.features, skip.features, kernel: skip.kernel,
                        stride: skip.kernel.map { _ in 1 }, isNormalised: plan.isNormalised)
                })
        }
        let first = plan.stages[0]
        segmentation = try Convolution(
            weights.under("decoder.seg_layers.\(stages.count - 1)"), first.features, plan.classes,
            ConvolutionShape(kernel: first.kernel.map { _ in 1 }))
    }

    /// - Parameter skips: the output of each stage of the encoder, the finest first. Each is let go once it is used.
    /// - Returns: one number per class and place, before softmax.
    func callAsFunction(_ skips: consuming [Tensor], _ execution: Execution) throws -> Tensor {
        var image = skips.removeLast()
        for stage in stages {
            var inputs = [try stage.up(image, execution), skips.removeLast()]
            execution.reuse(image)
            for block in stage.blocks {
                image = try block(inputs, execution)
                for input in inputs { execution.reuse(input) }
                inputs = [image]
            }
        }
        return try segmentation(image, execution)
    }
}
