// The blocks of a residual network.

/// Two 3³ convolutions beside a skip, or 1³, 3³, 1³ where the block's features are fewer than its outputs ("bottleneck").
/// He et al. 2016, "Deep residual learning", https://arxiv.org/abs/1512.03385, figure 5.
struct ResidualBlock: Sendable {
    private let convolutions: [Convolution]
    private let projection: Convolution?
    private let stride: Int
    private let outputs: Int

    init(
        _ weights: Weights, _ inputs: Int, _ inner: Int, outputs: Int, stride: Int, dilation: Int, projects: Bool
    ) throws {
        self.stride = stride
        self.outputs = outputs
        func conv(_ number: Int, _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1) throws -> Convolution {
            let rate = kernel == 1 ? 1 : dilation
            let shape = ConvolutionShape(
                kernel: [kernel, kernel, kernel], stride: [stride, stride, stride],
                padding: [Int](repeating: kernel / 2 * rate, count: 3), dilation: [rate, rate, rate])
            return try Convolution(weights.under("conv\(number)"), inputs, outputs, shape, bias: false)
                .followed(by: BatchNorm(weights.under("bn\(number)"), outputs))
        }
        convolutions =
            outputs == inner
            ? [
                try conv(1, inputs, inner, kernel: 3, stride: stride).rectified(),
                try conv(2, inner, outputs, kernel: 3),
            ]
            : [
                try conv(1, inputs, inner, kernel: 1).rectified(),
                try conv(2, inner, inner, kernel: 3, stride: stride).rectified(),
                try conv(3, inner, outputs, kernel: 1),
            ]
        let shape = ConvolutionShape(kernel: [1, 1, 1], stride: [stride, stride, stride])
        projection =
            projects && (stride != 1 || inputs != outputs)
            ? try Convolution(weights.under("downsample.0"), inputs, outputs, shape, bias: false)
                .followed(by: BatchNorm(weights.under("downsample.1"), outputs))
            : nil
    }

    func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        var sum = image
        for conv in convolutions { sum = try conv(sum, execution) }
        try sum.add(try skip(image, execution), slope: 0, execution)
        return sum
    }

    private func skip(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        if let projection { return try projection(image, execution) }
        var skip = image
        if stride != 1 {
            skip = try Pooling(.mean, kernel: [1, 1, 1], stride: [stride, stride, stride])(image, execution)
        }
        let missing = outputs - skip.shape[1]
        guard missing > 0 else { return skip }
        return try Tensor.concatenated([skip, Tensor(zeros: [skip.shape[0], missing] + skip.shape.dropFirst(2))])
    }
}
