// Normalisation over the batch's statistics, an image's or a token's.
import CKernels

/// PyTorch's `BatchNorm2d` and `BatchNorm3d` as it acts after training: an affine map of each channel.
package struct BatchNorm: Sendable {
    let scale: [Float]
    let shift: [Float]

    /// - Parameter weights: of this layer: `weight`, `bias`, `running_mean` and `running_var`, [channels] each.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, _ channels: Int, epsilon: Float = 1e-5) throws {
        let (gain, bias) = (try weights.tensor("weight", [channels]), try weights.tensor("bias", [channels]))
        let mean = try weights.tensor("running_mean", [channels])
        let variance = try weights.tensor("running_var", [channels])
        let scale = (0..<channels).map { gain[$0] / (variance[$0] + epsilon).squareRoot() }
        self.scale = scale
        shift = (0..<channels).map { bias[$0] - mean[$0] * scale[$0] }
    }

    /// - Parameter image: [N, channels, …].
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ image: consuming Tensor, slope: Float = 1, _ execution: Execution) throws -> Tensor {
        try image.mapChannels(scale.count, "batch normalisation", execution) { channel, values, count in
            execution.kernels.table.pointee.affine(values, values, count, scale[channel], shift[channel], slope)
        }
        return image
    }
}

/// PyTorch's `InstanceNorm2d` and `InstanceNorm3d`: each channel of each image to mean 0 and variance 1, then an affine map.
package struct InstanceNorm: Sendable {
    private let gain: [Float]
    private let bias: [Float]
    private let epsilon: Float

    /// - Parameter weights: of this layer: `weight` and `bias`, [channels] each.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, _ channels: Int, epsilon: Float = 1e-5) throws {
        gain = try weights.tensor("weight", [channels])
        bias = try weights.tensor("bias", [channels])
        self.epsilon = epsilon
    }

    /// - Parameters:
    ///   - image: [N, channels, …].
    ///   - slope: of a rectifier in the same pass: 0 ReLU, above 0 LeakyReLU, 1 none.
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ image: consuming Tensor, slope: Float = 1, _ execution: Execution) throws -> Tensor {
        try image.mapChannels(gain.count, "instance normalisation", execution) { channel, values, count in
            var (mean, variance) = (0.0, 0.0)
            execution.kernels.table.pointee.moments(values, count, &mean, &variance)
            let scale = Double(gain[channel]) / (variance + Double(epsilon)).squareRoot()
            let shift = Double(bias[channel]) - mean * scale
            execution.kernels.table.pointee.affine(values, values, count, Float(scale), Float(shift), slope)
        }
        return image
    }
}

/// PyTorch's `LayerNorm` over the last axis: each token to mean 0 and variance 1, then an affine map of each feature.
package struct LayerNorm: Sendable {
    private let gain: [Float]
    private let bias: [Float]
    private let epsilon: Double

    /// - Parameter weights: of this layer: `weight` and `bias`, [features] each.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, _ features: Int, epsilon: Double = 1e-5) throws {
        gain = try weights.tensor("weight", [features])
        bias = try weights.tensor("bias", [features])
        self.epsilon = epsilon
    }

    /// - Parameter tokens: [N, …, features].
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ tokens: Tensor, _ execution: Execution) throws -> Tensor {
        let features = gain.count
        guard tokens.shape.last == features else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: "layer normalisation", shape: tokens.shape, needed: "\(features) features last")
        }
        let rows = tokens.values.count / features
        return try execution.tensor(tokens.shape) { out in
            let out = SharedOutput(out)
            let size = 64
            try execution.each((rows + size - 1) / size) { part in
                tokens.values.withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    for row in part * size..<min(rows, (part + 1) * size) {
                        let token = base + row * features
                        var (mean, variance) = (0.0, 0.0)
                        execution.kernels.table.pointee.moments(token, features, &mean, &variance)
                        let scale = Float(1 / (variance + epsilon).squareRoot())
                        execution.kernels.table.pointee.layerNorm(
                            token, gain, bias, out.base + row * features, features, Float(mean), scale)
                    }
                }
            }
        }
    }
}

extension Tensor {
    /// Changes the numbers of each channel of each image in place; `body` is given the channel, its numbers and their count.
    mutating func mapChannels(
        _ channels: Int, _ layer: String, _ execution: Execution,
        _ body: @Sendable (Int, UnsafeMutablePointer<Float>, Int) -> Void
    ) throws {
        guard shape.count >= 2, shape[1] == channels else {
            throw NeuralNetworkError.inputUnsuitable(layer: layer, shape: shape, needed: "\(channels) channels")
        }
        let (parts, count) = (shape[0] * channels, placesPerChannel)
        try values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            let out = SharedOutput(base)
            try execution.each(parts) { body($0 % channels, out.base + $0 * count, count) }
        }
    }

    /// Changes numbers in place, `size` of the `count` rows to a task.
    mutating func eachPart(
        _ size: Int, of count: Int, _ execution: Execution,
        _ body: @Sendable (Range<Int>, UnsafeMutablePointer<Float>) -> Void
    ) throws {
        try values.withUnsafeMutableBufferPointer { values in
            guard let base = values.baseAddress else { return }
            let out = SharedOutput(base)
            try execution.each((count + size - 1) / size) { body($0 * size..<min(count, ($0 + 1) * size), out.base) }
        }
    }
}
