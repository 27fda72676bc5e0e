// Transposed convolution: the way up of a U-Net.

/// PyTorch's `ConvTranspose2d` and `ConvTranspose3d`: each input adds the kernel, times itself, to the outputs around it.
///
/// Computed as one small convolution for each place that an output may have between inputs.
package struct TransposedConvolution: Sendable {
    package let shape: ConvolutionShape
    package let outputPadding: [Int]
    package let inputs: Int
    package let outputs: Int
    private let name: String
    /// One for each place between inputs, by its depth, height and width.
    private let kernels: [PackedKernel]
    private let epilogue: Epilogue

    /// - Parameters:
    ///   - weights: of this layer: `weight` [inputs, outputs / groups, kernel…] and, if `bias`, `bias` [outputs].
    ///   - outputPadding: rows added at the far side of the output.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(
        _ weights: Weights, _ inputs: Int, _ outputs: Int, _ shape: ConvolutionShape, outputPadding: [Int]? = nil,
        bias: Bool = true
    ) throws {
        self.shape = shape
        self.outputPadding = outputPadding ?? shape.kernel.map { _ in 0 }
        self.inputs = inputs
        self.outputs = outputs
        name = weights.fullName("weight")
        let values = try weights.tensor("weight", [inputs, outputs / shape.groups] + shape.kernel)
        let full = shape.volumetric
        let elements = (0..<3).map { axis in
            (0..<full.stride[axis]).map {
                AxisTaps.elements(
                    reaching: $0, kernel: full.kernel[axis], stride: full.stride[axis], padding: full.padding[axis],
                    dilation: full.dilation[axis])
            }
        }
        kernels = elements[0].flatMap { z in
            elements[1].flatMap { y in
                elements[2].map { x in
                    PackedKernel(
                        values, kernel: full.kernel, inputsPerGroup: inputs / shape.groups,
                        outputsPerGroup: outputs / shape.groups, groups: shape.groups, transposed: true,
                        elements: [z, y, x])
                }
            }
        }
        epilogue = Epilogue(
            scale: [Float](repeating: 1, count: outputs),
            shift: bias ? try weights.tensor("bias", [outputs]) : [Float](repeating: 0, count: outputs),
            slope: [Float](repeating: 1, count: outputs))
    }

    /// - Parameter image: [N, inputs, D, H, W], or [N, inputs, H, W] for a kernel of two dimensions.
    /// - Returns: [N, outputs, …], along each axis (in - 1) · stride - 2 · padding + dilation · (kernel - 1) + outputPadding + 1.
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        let dimensions = shape.kernel.count
        let full = shape.volumetric
        let extents = try volumetricExtents(of: image, channels: inputs, dimensions: dimensions, layer: name)
        let padding = (dimensions == 2 ? [0] : []) + outputPadding
        let phases = (0..<3).map {
            AxisTaps.transposed(
                input: extents[$0], kernel: full.kernel[$0], stride: full.stride[$0], padding: full.padding[$0],
                dilation: full.dilation[$0], outputPadding: padding[$0])
        }
        let output = phases.map { $0.map(\.count).reduce(0, +) }
        guard output.allSatisfy({ $0 > 0 }) else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: name, shape: image.shape, needed: "an image whose output is not empty")
        }
        let places = dimensions == 2 ? Array(output.dropFirst()) : output
        return try execution.tensor([image.shape[0], outputs] + places) { out in
            try ImageStack.with([image]) { stack in
                for z in phases[0] {
                    for y in phases[1] {
                        for x in phases[2] {
                            let place =
                                (z.outputStart * full.stride[1] + y.outputStart) * full.stride[2] + x.outputStart
                            let run = ConvolutionRun(
                                axes: [z, y, x], kernel: kernels[place], epilogue: epilogue, inputExtents: extents,
                                outputExtents: output)
                            try run(stack, batch: image.shape[0], into: out, execution)
                        }
                    }
                }
            }
        }
    }
}
