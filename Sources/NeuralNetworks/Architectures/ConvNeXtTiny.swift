// ConvNeXt-Tiny.
import CKernels

/// `torchvision.models.convnext_tiny`, in two dimensions.
/// Liu et al. 2022, "A ConvNet for the 2020s", https://arxiv.org/abs/2201.03545, figure 4 and table 9.
package struct ConvNeXtTiny: Sendable {
    /// A convolution of 7² of each channel alone, layer normalisation, features raised fourfold, GELU, and back, beside a skip.
    private struct Block: Sendable {
        let conv: Convolution
        let norm: LayerNorm
        let rise: Linear
        let fall: Linear
        let scale: [Float]

        init(_ weights: Weights, _ features: Int) throws {
            let block = weights.under("block")
            conv = try Convolution(
                block.under("0"), features, features, ConvolutionShape(kernel: [7, 7], groups: features))
            norm = try LayerNorm(block.under("2"), features, epsilon: 1e-6)
            rise = try Linear(block.under("3"), features, 4 * features, activation: .gelu)
            fall = try Linear(block.under("5"), 4 * features, features)
            scale = try weights.tensor("layer_scale", [features, 1, 1])
        }

        func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
            var places = try norm(try conv(image, execution).channelsLast(), execution)
            places = try fall(try rise(places, execution), execution)
            var sum = places.channelsFirst()
            try sum.mapChannels(scale.count, "layer scale", execution) { channel, values, count in
                execution.kernels.table.pointee.affine(values, values, count, scale[channel], 0, 1)
            }
            try sum.add(image, execution)
            return sum
        }
    }

    /// Layer normalisation over the channels of each place.
    private struct ChannelNorm: Sendable {
        let norm: LayerNorm

        init(_ weights: Weights, _ channels: Int) throws { norm = try LayerNorm(weights, channels, epsilon: 1e-6) }

        func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
            try norm(image.channelsLast(), execution).channelsFirst()
        }
    }

    private struct Stage: Sendable {
        /// Before the convolution that halves the image; after it in the first stage, the "stem".
        let norm: ChannelNorm
        let conv: Convolution
        let isStem: Bool
        let blocks: [Block]
    }

    private let stages: [Stage]
    private let headNorm: ChannelNorm
    private let head: Linear

    /// - Parameters:
    ///   - weights: named as PyTorch saves the network.
    ///   - widths: features of the stages.
    ///   - depths: blocks of the stages.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(
        _ weights: Weights, channels: Int = 3, classes: Int, widths: [Int] = [96, 192, 384, 768],
        depths: [Int] = [3, 3, 9, 3]
    ) throws {
        stages = try zip(widths, depths).enumerated().map { s, size in
            let (width, depth) = size
            let patch = s == 0 ? 4 : 2
            let shape = ConvolutionShape(kernel: [patch, patch], stride: [patch, patch], padding: [0, 0])
            let down = weights.under("features.\(2 * s)")
            let inputs = s == 0 ? channels : widths[s - 1]
            return Stage(
                norm: try ChannelNorm(down.under(s == 0 ? "1" : "0"), s == 0 ? width : inputs),
                conv: try Convolution(down.under(s == 0 ? "0" : "1"), inputs, width, shape), isStem: s == 0,
                blocks: try (0..<depth).map { try Block(weights.under("features.\(2 * s + 1).\($0)"), width) })
        }
        headNorm = try ChannelNorm(weights.under("classifier.0"), widths.last ?? 0)
        head = try Linear(weights.under("classifier.2"), widths.last ?? 0, classes)
    }

    /// The mean of the last stage's features over all places, normalised: [N, 768].
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func embedding(of image: Tensor, _ execution: Execution) throws -> Tensor {
        var image = image
        for stage in stages {
            if !stage.isStem { image = try stage.norm(image, execution) }
            image = try stage.conv(image, execution)
            if stage.isStem { image = try stage.norm(image, execution) }
            for block in stage.blocks { image = try block(image, execution) }
        }
        let mean = try image.meanOfPlaces(execution)
        return try headNorm(mean.reshaped(mean.shape + [1, 1]), execution).reshaped(mean.shape)
    }

    /// - Parameter image: [N, channels, height, width], 32 or more along each axis.
    /// - Returns: [N, classes], before softmax.
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        try head(try embedding(of: image, execution), execution)
    }
}
