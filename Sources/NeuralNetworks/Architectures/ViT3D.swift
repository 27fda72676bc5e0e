// The vision transformer on volumes.
import CKernels

/// `vit_pytorch.vit_3d.ViT`, as paper 004 uses it: patches of 16³, 1024 features, 6 layers, 8 heads, MLP of 2048.
/// Dosovitskiy et al. 2021, "An image is worth 16x16 words", https://arxiv.org/abs/2010.11929, figure 1.
package struct ViT3D: Sendable {
    package struct Configuration: Sendable {
        /// The order of the voxels of a patch in its token.
        package enum PatchOrder: Sendable {
            /// Depth is the slowest: `(pf p1 p2 c)`, as current releases of vit-pytorch (checked: 1.26.11).
            case depthFirst
            /// Depth is the fastest but for channels: `(p1 p2 pf c)`, vit-pytorch before.
            case depthLast
        }

        /// Extents of the image and of a patch: depth, height, width.
        package var image: [Int]
        package var patch: [Int]
        package var channels = 1
        package var features = 1024
        package var layers = 6
        package var heads = 8
        /// Features of a head: vit-pytorch's `dim_head`, 64 unless said otherwise.
        package var headWidth = 64
        package var hidden = 2048
        package var classes: Int
        package var patchOrder = PatchOrder.depthFirst

        /// Paper 004's: a volume of 128³.
        package static func paper004(classes: Int, patchOrder: PatchOrder) -> Configuration {
            var configuration = Configuration(image: [128, 128, 128], patch: [16, 16, 16], classes: classes)
            configuration.patchOrder = patchOrder
            return configuration
        }

        package init(image: [Int], patch: [Int], classes: Int) {
            self.image = image
            self.patch = patch
            self.classes = classes
        }

        var grid: [Int] { zip(image, patch).map(/) }
        var tokens: Int { grid.reduce(1, *) }
        var patchLength: Int { patch.reduce(channels, *) }
    }

    /// x + attention(norm(x)), then x + MLP(norm(x)).
    private struct Layer: Sendable {
        let attentionNorm: LayerNorm
        let attention: MultiHeadAttention
        let norm: LayerNorm
        let rise: Linear
        let fall: Linear

        init(_ weights: Weights, _ configuration: Configuration) throws {
            let (attention, mlp) = (weights.under("0"), weights.under("1.net"))
            attentionNorm = try LayerNorm(attention.under("norm"), configuration.features)
            self.attention = try MultiHeadAttention(
                attention, features: configuration.features, heads: configuration.heads,
                headWidth: configuration.headWidth)
            norm = try LayerNorm(mlp.under("0"), configuration.features)
            rise = try Linear(mlp.under("1"), configuration.features, configuration.hidden, activation: .gelu)
            fall = try Linear(mlp.under("4"), configuration.hidden, configuration.features)
        }

        func callAsFunction(_ tokens: consuming Tensor, _ execution: Execution) throws -> Tensor {
            let (attended, hidden) = try beforeFall(tokens, execution)
            defer {
                execution.reuse(attended)
                execution.reuse(hidden)
            }
            return try fall(hidden, adding: attended, execution)
        }

        /// The mean of what this layer makes of the tokens: [N, features]. Its last step is linear, so that it takes means to their mean.
        func mean(_ tokens: consuming Tensor, _ execution: Execution) throws -> Tensor {
            let (attended, hidden) = try beforeFall(tokens, execution)
            defer {
                execution.reuse(attended)
                execution.reuse(hidden)
            }
            return try fall(
                try hidden.meanOfTokens(execution), adding: try attended.meanOfTokens(execution), execution)
        }

        private func beforeFall(
            _ tokens: consuming Tensor, _ execution: Execution
        ) throws -> (attended: Tensor, hidden: Tensor) {
            let attended = try attended(tokens, execution)
            execution.reuse(tokens)
            let normed = try norm(attended, execution)
            defer { execution.reuse(normed) }
            return (attended, try rise(normed, execution))
        }

        private func attended(_ tokens: Tensor, _ execution: Execution) throws -> Tensor {
            let normed = try attentionNorm(tokens, execution)
            defer { execution.reuse(normed) }
            return try attention(normed, adding: tokens, execution)
        }
    }

    package let configuration: Configuration
    private let patchNorm: LayerNorm
    private let embedding: Linear
    private let embeddingNorm: LayerNorm
    private let classToken: [Float]
    private let positions: [Float]
    private let layers: [Layer]
    private let headNorm: LayerNorm
    private let head: Linear

    /// - Parameter weights: named as PyTorch saves `vit_pytorch.vit_3d.ViT`.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, _ configuration: Configuration) throws {
        self.configuration = configuration
        let features = configuration.features
        patchNorm = try LayerNorm(weights.under("to_patch_embedding.1"), configuration.patchLength)
        embedding = try Linear(weights.under("to_patch_embedding.2"), configuration.patchLength, features)
        embeddingNorm = try LayerNorm(weights.under("to_patch_embedding.3"), features)
        classToken = try weights.tensor("cls_token", [1, 1, features])
        positions = try weights.tensor("pos_embedding", [1, configuration.tokens + 1, features])
        layers = try (0..<configuration.layers).map {
            try Layer(weights.under("transformer.layers.\($0)"), configuration)
        }
        headNorm = try LayerNorm(weights.under("mlp_head.0"), features)
        head = try Linear(weights.under("mlp_head.1"), features, configuration.classes)
    }

    /// The mean of all tokens after the last layer, which paper 004 takes as deep features ("the average pooling layer"): [N, features].
    /// - Parameter image: [N, channels, depth, height, width] of the configured extents.
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func embedding(of image: Tensor, _ execution: Execution) throws -> Tensor {
        var tokens = try tokens(of: image, execution)
        for layer in layers.dropLast() { tokens = try layer(tokens, execution) }
        return try layers.last?.mean(tokens, execution) ?? tokens.meanOfTokens(execution)
    }

    /// The head's output for the mean of all tokens (vit-pytorch's `pool = 'mean'`): [N, classes].
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        try head(try headNorm(try embedding(of: image, execution), execution), execution)
    }

    /// What the first layer is given, the class token first: [N, tokens + 1, features].
    private func tokens(of image: Tensor, _ execution: Execution) throws -> Tensor {
        let patches = try embedding(try patchNorm(try self.patches(of: image), execution), execution)
        let (count, features) = (configuration.tokens, configuration.features)
        let (embedded, add) = (try embeddingNorm(patches, execution).values, execution.kernels.table.pointee.add)
        return execution.tensor([image.shape[0], count + 1, features]) { out in
            embedded.withUnsafeBufferPointer { embedded in
                positions.withUnsafeBufferPointer { positions in
                    guard let embedded = embedded.baseAddress, let positions = positions.baseAddress else { return }
                    for n in 0..<image.shape[0] {
                        let (from, to) = (embedded + n * count * features, out + n * (count + 1) * features)
                        add(classToken, positions, to, features, 1)
                        add(from, positions + features, to + features, count * features, 1)
                    }
                }
            }
        }
    }

    /// The image cut into patches, each a row of numbers: [N, tokens, patchLength].
    private func patches(of image: Tensor) throws -> Tensor {
        let (extents, patch, grid) = (configuration.image, configuration.patch, configuration.grid)
        let channels = configuration.channels
        guard image.shape.count == 5, Array(image.shape.dropFirst()) == [channels] + extents else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: "ViT-3D", shape: image.shape, needed: "[batch, \(channels), \(extents)]")
        }
        let isDepthFirst = configuration.patchOrder == .depthFirst
        // Distance in the token of neighbours along depth, height and width.
        let steps = isDepthFirst ? [patch[1] * patch[2], patch[2], 1] : [1, patch[2] * patch[0], patch[0]]
        let step = steps[2] * channels
        return image.values.withUnsafeBufferPointer { values in
            Tensor([image.shape[0], configuration.tokens, configuration.patchLength]) { out in
                var from = 0
                for n in 0..<image.shape[0] {
                    for c in 0..<channels {
                        for z in 0..<extents[0] {
                            for y in 0..<extents[1] {
                                let row = ((n * grid[0] + z / patch[0]) * grid[1] + y / patch[1]) * grid[2]
                                let place = z % patch[0] * steps[0] + y % patch[1] * steps[1]
                                for column in 0..<grid[2] {
                                    let token = (row + column) * configuration.patchLength
                                    let to = out + (token + place * channels + c)
                                    for i in 0..<patch[2] { to[i * step] = values[from + i] }
                                    from += patch[2]
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
