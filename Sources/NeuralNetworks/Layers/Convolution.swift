// Convolution in two and three dimensions, with what follows it fused.

/// Kernel, stride, padding and dilation of a convolution, with one number for each of its two or three dimensions.
package struct ConvolutionShape: Sendable {
    package var kernel: [Int]
    package var stride: [Int]
    package var padding: [Int]
    package var dilation: [Int]
    package var groups: Int

    /// - Parameter padding: zeros on either side; nil is (kernel - 1) / 2, which keeps the size at stride 1.
    package init(
        kernel: [Int], stride: [Int]? = nil, padding: [Int]? = nil, dilation: [Int]? = nil, groups: Int = 1
    ) {
        self.kernel = kernel
        self.stride = stride ?? kernel.map { _ in 1 }
        self.padding = padding ?? kernel.map { ($0 - 1) / 2 }
        self.dilation = dilation ?? kernel.map { _ in 1 }
        self.groups = groups
    }

    /// The same numbers for depth, height and width; a convolution in two dimensions has a depth of one.
    var volumetric: ConvolutionShape {
        guard kernel.count == 2 else { return self }
        return ConvolutionShape(
            kernel: [1] + kernel, stride: [1] + stride, padding: [0] + padding, dilation: [1] + dilation, groups: groups
        )
    }
}

/// PyTorch's `Conv2d` and `Conv3d`: a sum over a window of all input channels of a group, cross-correlated as PyTorch does.
package struct Convolution: Sendable {
    package let shape: ConvolutionShape
    package let inputs: Int
    package let outputs: Int
    private let name: String
    private let kernel: PackedKernel
    /// The same weights for rows of even steps, where these take fewer products.
    private let winograd: WinogradKernel?
    private(set) var epilogue: Epilogue

    /// - Parameters:
    ///   - weights: of this layer: `weight` [outputs, inputs / groups, kernel…] and, if `bias`, `bias` [outputs].
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, _ inputs: Int, _ outputs: Int, _ shape: ConvolutionShape, bias: Bool = true) throws
    {
        self.shape = shape
        self.inputs = inputs
        self.outputs = outputs
        name = weights.fullName("weight")
        let full = shape.volumetric
        let values = try weights.tensor("weight", [outputs, inputs / shape.groups] + shape.kernel)
        kernel = PackedKernel(
            values, kernel: full.kernel, inputsPerGroup: inputs / shape.groups,
            outputsPerGroup: outputs / shape.groups, groups: shape.groups, transposed: false,
            elements: full.kernel.map { Array(0..<$0) })
        winograd = WinogradKernel(values, full, inputs: inputs, outputs: outputs)
        epilogue = Epilogue(
            scale: [Float](repeating: 1, count: outputs),
            shift: bias ? try weights.tensor("bias", [outputs]) : [Float](repeating: 0, count: outputs),
            slope: [Float](repeating: 1, count: outputs))
    }

    private static func axes(_ shape: ConvolutionShape, _ extents: [Int]) -> [AxisTaps] {
        (0..<3).map {
            .convolution(
                input: extents[$0], kernel: shape.kernel[$0], stride: shape.stride[$0], padding: shape.padding[$0],
                dilation: shape.dilation[$0])
        }
    }

    /// This convolution with a batch normalisation after it, in the same pass.
    package func followed(by norm: BatchNorm) -> Convolution {
        var fused = self
        for c in 0..<outputs {
            fused.epilogue.shift[c] = norm.scale[c] * epilogue.shift[c] + norm.shift[c]
            fused.epilogue.scale[c] *= norm.scale[c]
        }
        return fused
    }

    /// This convolution with a rectifier after it, in the same pass: ReLU, or LeakyReLU with a slope above 0.
    package func rectified(slope: Float = 0) -> Convolution {
        var fused = self
        fused.epilogue.slope = [Float](repeating: slope, count: outputs)
        return fused
    }

    /// - Parameter image: [N, inputs, D, H, W], or [N, inputs, H, W] for a kernel of two dimensions.
    /// - Returns: [N, outputs, …].
    /// - Throws: `NeuralNetworkError.inputUnsuitable` where channels or size do not fit; a cancellation.
    package func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        try self([image], execution)
    }

    /// The convolution of images side by side along the channel axis, which are not copied for it.
    /// - Parameter images: at least one; more than one without groups.
    /// - Throws: as above, and where images differ in another axis.
    package func callAsFunction(_ images: [Tensor], _ execution: Execution) throws -> Tensor {
        let full = shape.volumetric
        let image = images[0]
        let extents = try volumetricExtents(of: image, channels: nil, dimensions: shape.kernel.count, layer: name)
        let others = Array(image.shape.dropFirst(2))
        for other in images
        where other.shape.first != image.shape.first || Array(other.shape.dropFirst(2)) != others
            || images.map({ $0.shape[1] }).reduce(0, +) != inputs || (images.count > 1 && shape.groups > 1)
        {
            throw NeuralNetworkError.inputUnsuitable(
                layer: name, shape: other.shape, needed: "the extents \(others), and \(inputs) channels in all")
        }
        let axes = Self.axes(full, extents)
        let output = axes.map(\.count)
        guard output.allSatisfy({ $0 > 0 }) else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: name, shape: image.shape, needed: "an image of the kernel's size \(shape.kernel) or more")
        }
        let places = shape.kernel.count == 2 ? Array(output.dropFirst()) : output
        return try execution.tensor([image.shape[0], outputs] + places) { out in
            try ImageStack.with(images) { stack in
                if let winograd, WinogradRun.pays(outputExtents: output) {
                    let run = WinogradRun(
                        axes: axes, kernel: winograd, epilogue: epilogue, inputExtents: extents, outputExtents: output)
                    try run(stack, batch: image.shape[0], into: out, execution)
                } else {
                    let run = ConvolutionRun(
                        axes: axes, kernel: kernel, epilogue: epilogue, inputExtents: extents, outputExtents: output)
                    try run(stack, batch: image.shape[0], into: out, execution)
                }
            }
        }
    }
}

/// Depth, height and width of an image of `channels` channels.
/// - Throws: `NeuralNetworkError.inputUnsuitable`.
func volumetricExtents(of image: Tensor, channels: Int?, dimensions: Int, layer: String) throws -> [Int] {
    let needed =
        "[batch, \(channels.map(String.init) ?? "channels"), "
        + (dimensions == 2 ? "height, width]" : "depth, height, width]")
    guard image.shape.count == dimensions + 2, channels == nil || image.shape[1] == channels,
        image.shape.allSatisfy({ $0 > 0 })
    else { throw NeuralNetworkError.inputUnsuitable(layer: layer, shape: image.shape, needed: needed) }
    return (dimensions == 2 ? [1] : []) + image.shape.dropFirst(2)
}
