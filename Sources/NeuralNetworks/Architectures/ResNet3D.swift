// Residual networks in three dimensions.

/// 3D ResNet-10, -18, -34 or -50 with the names and shapes of MedicalNet (Chen et al. 2019, "Med3D",
/// https://arxiv.org/abs/1904.00625), which are torchvision's names with kernels of three dimensions.
/// He et al. 2016, "Deep residual learning", https://arxiv.org/abs/1512.03385, table 1.
package struct ResNet3D: Sendable {
    package enum Depth: Int, Sendable {
        case ten = 10
        case eighteen = 18
        case thirtyFour = 34
        case fifty = 50

        fileprivate var blocks: [Int] {
            switch self {
            case .ten: [1, 1, 1, 1]
            case .eighteen: [2, 2, 2, 2]
            case .thirtyFour, .fifty: [3, 4, 6, 3]
            }
        }
        /// Features after a block, per feature within it.
        fileprivate var expansion: Int { self == .fifty ? 4 : 1 }
    }

    package struct Configuration: Sendable {
        package var depth: Depth
        package var channels = 1
        /// Features of the first layer; 64 in the papers.
        package var width = 64
        /// Layers 3 and 4 keep their resolution and dilate their kernels by 2 and 4, as MedicalNet does for segmentation;
        /// else they halve it, as in the paper of 2016.
        package var isDilated = false
        /// Blocks that change size skip by a 1³ convolution (type B); else by taking every second place and zeros for new
        /// features (type A of He et al. 2016, section 4.1).
        package var projects = true

        package init(
            depth: Depth, channels: Int = 1, width: Int = 64, isDilated: Bool = false, projects: Bool = true
        ) {
            self.depth = depth
            self.channels = channels
            self.width = width
            self.isDilated = isDilated
            self.projects = projects
        }
    }

    private let conv1: Convolution
    private let pool = Pooling(.largest, kernel: [3, 3, 3], stride: [2, 2, 2], padding: [1, 1, 1])
    private let layers: [[ResidualBlock]]
    private let features: Int

    /// - Parameter weights: `conv1`, `bn1`, `layer1` … `layer4` as MedicalNet saves them; give `under("module")` of a
    ///   checkpoint that was saved from several GPUs.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, _ configuration: Configuration) throws {
        let shape = ConvolutionShape(kernel: [7, 7, 7], stride: [2, 2, 2])
        conv1 = try Convolution(
            weights.under("conv1"), configuration.channels, configuration.width, shape, bias: false
        ).followed(by: BatchNorm(weights.under("bn1"), configuration.width)).rectified()
        var inputs = configuration.width
        layers = try configuration.depth.blocks.enumerated().map { layer, blocks in
            let inner = configuration.width << layer
            let keeps = layer == 0 || (configuration.isDilated && layer > 1)
            return try (0..<blocks).map { block in
                defer { inputs = inner * configuration.depth.expansion }
                return try ResidualBlock(
                    weights.under("layer\(layer + 1).\(block)"), inputs, inner,
                    outputs: inner * configuration.depth.expansion, stride: block == 0 && !keeps ? 2 : 1,
                    dilation: configuration.isDilated && layer > 1 ? 1 << (layer - 1) : 1,
                    projects: configuration.projects)
            }
        }
        features = inputs
    }

    /// Length of the embedding: 512, or 2048 for ResNet-50, with the papers' width.
    package var embeddingLength: Int { features }

    /// - Parameter image: [N, channels, depth, height, width].
    /// - Returns: the last layer's features, [N, embeddingLength, …].
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func features(of image: Tensor, _ execution: Execution) throws -> Tensor {
        var image = try pool(try conv1(image, execution), execution)
        for layer in layers {
            for block in layer { image = try block(image, execution) }
        }
        return image
    }

    /// The mean of the last layer's features over all places: [N, embeddingLength].
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func embedding(of image: Tensor, _ execution: Execution) throws -> Tensor {
        try features(of: image, execution).meanOfPlaces(execution)
    }
}
