// VB-Net: a V-Net whose residual blocks have bottlenecks.

/// The segmentation network of paper 003 (thoracic vertebral cancellous bone), with the names of the open VB-Net of Han et al.'s
/// group (`SegmentationNet` with `in_block`, `down_32` … `up_32`, `out_block`, batch normalisation).
/// V-Net: Milletari et al. 2016, https://arxiv.org/abs/1606.04797, figure 2; the bottleneck (1³, 3³, 1³ at a quarter of the
/// features): paper 003, figure S1.
package struct VBNet: Sendable {
    package struct Configuration: Sendable {
        package var channels = 1
        package var classes: Int
        /// Features of the first block; 16 in the original.
        package var width = 16
        /// Convolutions of the residual blocks on the way down; the way up has the same, from the coarsest.
        package var convolutions = [1, 2, 3, 3]
        /// Which of the four resolutions have bottlenecks.
        package var hasBottleneck = [true, true, true, true]
        /// Features per feature of a bottleneck.
        package var ratio = 4

        package init(classes: Int, channels: Int = 1, width: Int = 16) {
            self.classes = classes
            self.channels = channels
            self.width = width
        }
    }

    /// Some convolutions beside a plain skip; the last is rectified after the sum.
    private struct ResidualUnit: Sendable {
        let convolutions: [Convolution]

        init(_ weights: Weights, _ features: Int, _ count: Int, ratio: Int?) throws {
            convolutions = try (0..<count).flatMap { i in
                let unit = weights.under("ops.\(i)")
                let isLast = i == count - 1
                guard let ratio else {
                    let conv = try VBNet.conv(unit, "conv", "bn", features, features, kernel: 3)
                    return [isLast ? conv : conv.rectified()]
                }
                let inner = features / ratio
                let last = try VBNet.conv(unit.under("conv3"), "conv", "bn", inner, features, kernel: 1)
                return [
                    try VBNet.conv(unit.under("conv1"), "conv", "bn", features, inner, kernel: 1).rectified(),
                    try VBNet.conv(unit.under("conv2"), "conv", "bn", inner, inner, kernel: 3).rectified(),
                    isLast ? last : last.rectified(),
                ]
            }
        }

        func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
            var sum = image
            for conv in convolutions { sum = try conv(sum, execution) }
            try sum.add(image, slope: 0, execution)
            return sum
        }
    }

    private struct Down: Sendable {
        let conv: Convolution
        let unit: ResidualUnit
    }

    private struct Up: Sendable {
        let conv: TransposedConvolution
        let norm: BatchNorm
        let unit: ResidualUnit
    }

    private let entry: Convolution
    private let downs: [Down]
    private let ups: [Up]
    private let exits: [Convolution]

    /// - Parameter weights: named as PyTorch saves the network.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, _ configuration: Configuration) throws {
        let width = configuration.width
        func unit(_ weights: Weights, _ features: Int, level: Int) throws -> ResidualUnit {
            try ResidualUnit(
                weights.under("rblock"), features, configuration.convolutions[level],
                ratio: configuration.hasBottleneck[level] ? configuration.ratio : nil)
        }
        let halving = ConvolutionShape(kernel: [2, 2, 2], stride: [2, 2, 2], padding: [0, 0, 0])
        entry = try Self.conv(weights.under("in_block"), "conv", "bn", configuration.channels, width, kernel: 3)
            .rectified()
        // The names count features in units of the original's 16: down_32, down_64, down_128, down_256.
        downs = try (0..<4).map { level in
            let down = weights.under("down_\(32 << level)")
            let features = 2 * width << level
            return Down(
                conv: try Convolution(down.under("down_conv"), features / 2, features, halving)
                    .followed(by: BatchNorm(down.under("down_bn"), features)).rectified(),
                unit: try unit(down, features, level: level))
        }
        ups = try (0..<4).reversed().map { level in
            let up = weights.under("up_\(32 << level)")
            let features = 2 * width << level
            // The coarsest comes with its own number of features, the others with twice theirs.
            let inputs = level == 3 ? features : 2 * features
            return Up(
                conv: try TransposedConvolution(up.under("up_conv"), inputs, features / 2, halving),
                norm: try BatchNorm(up.under("up_bn"), features / 2), unit: try unit(up, features, level: level))
        }
        let exit = weights.under("out_block")
        exits = [
            try Self.conv(exit, "conv1", "bn1", 2 * width, configuration.classes, kernel: 3).rectified(),
            try Self.conv(exit, "conv2", "bn2", configuration.classes, configuration.classes, kernel: 1),
        ]
    }

    private static func conv(
        _ weights: Weights, _ conv: String, _ norm: String, _ inputs: Int, _ outputs: Int, kernel: Int
    ) throws -> Convolution {
        try Convolution(
            weights.under(conv), inputs, outputs, ConvolutionShape(kernel: [kernel, kernel, kernel])
        ).followed(by: BatchNorm(weights.under(norm), outputs))
    }

    /// - Parameter image: [N, channels, depth, height, width], extents divisible by 16.
    /// - Returns: probabilities of the classes, [N, classes, …].
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        guard image.shape.count == 5, image.shape.dropFirst(2).allSatisfy({ $0 % 16 == 0 }) else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: "VB-Net", shape: image.shape, needed: "extents divisible by 16")
        }
        var image = try entry(image, execution)
        var skips: [Tensor] = []
        for down in downs {
            skips.append(image)
            image = try down.unit(try down.conv(image, execution), execution)
        }
        for up in ups {
            let raised = try up.norm(try up.conv(image, execution), slope: 0, execution)
            image = try up.unit(try Tensor.concatenated([raised, skips.removeLast()]), execution)
        }
        for exit in exits { image = try exit(image, execution) }
        return try image.softmaxOverChannels(execution)
    }
}
