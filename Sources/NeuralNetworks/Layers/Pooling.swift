// The largest number or the mean of a window.
import CKernels

/// PyTorch's `MaxPool` and `AvgPool` in two and three dimensions.
package struct Pooling: Sendable {
    package enum Kind: Sendable {
        case largest
        /// The mean over the window; zeros of the padding count, as PyTorch's `count_include_pad` has it by default.
        case mean
    }

    private let kind: Kind
    private let shape: ConvolutionShape

    /// - Parameter stride: nil is the kernel's extents.
    package init(_ kind: Kind, kernel: [Int], stride: [Int]? = nil, padding: [Int]? = nil) {
        self.kind = kind
        shape = ConvolutionShape(
            kernel: kernel, stride: stride ?? kernel, padding: padding ?? kernel.map { _ in 0 })
    }

    /// - Parameter image: [N, C, D, H, W], or [N, C, H, W] for a kernel of two dimensions.
    /// - Throws: `NeuralNetworkError.inputUnsuitable` where the window is larger than the padded image; a cancellation.
    package func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        let dimensions = shape.kernel.count
        let extents = try volumetricExtents(of: image, channels: nil, dimensions: dimensions, layer: "pooling")
        let full = shape.volumetric
        let axes = (0..<3).map {
            AxisTaps.convolution(
                input: extents[$0], kernel: full.kernel[$0], stride: full.stride[$0], padding: full.padding[$0],
                dilation: 1)
        }
        let output = axes.map(\.count)
        guard output.allSatisfy({ $0 > 0 }) else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: "pooling", shape: image.shape, needed: "an image of the window's size \(shape.kernel) or more")
        }
        let (parts, count) = (image.shape[0] * image.shape[1], output.reduce(1, *))
        return try Tensor(image.shape.prefix(2) + output.suffix(dimensions)) { out in
            let out = SharedOutput(out)
            try execution.each(parts) { part in
                image.values.withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    pool(base + part * extents.reduce(1, *), extents, full, output, into: out.base + part * count)
                }
            }
        }
    }

    private func pool(
        _ image: UnsafePointer<Float>, _ extents: [Int], _ full: ConvolutionShape, _ output: [Int],
        into out: UnsafeMutablePointer<Float>
    ) {
        func window(_ axis: Int, _ i: Int) -> Range<Int> {
            let start = i * full.stride[axis] - full.padding[axis]
            return max(0, start)..<min(extents[axis], start + full.kernel[axis])
        }
        let (height, width) = (extents[1], extents[2])
        let columns = (0..<output[2]).map { window(2, $0) }
        let share = 1 / Float(full.kernel.reduce(1, *))
        var next = 0
        for z in 0..<output[0] {
            let planes = window(0, z)
            for y in 0..<output[1] {
                let rows = window(1, y)
                for x in columns {
                    var (largest, sum) = (-Float.infinity, Float(0))
                    for plane in planes {
                        for row in rows {
                            let line = image + (plane * height + row) * width
                            for column in x {
                                largest = max(largest, line[column])
                                sum += line[column]
                            }
                        }
                    }
                    out[next] = kind == .largest ? largest : sum * share
                    next += 1
                }
            }
        }
    }
}

extension Tensor {
    /// The mean of each channel of each image: PyTorch's adaptive average pooling to one place. [N, C, …] → [N, C].
    package func meanOfPlaces(_ execution: Execution) throws -> Tensor {
        let (parts, count) = (shape[0] * shape[1], placesPerChannel)
        return try Tensor([shape[0], shape[1]]) { out in
            let out = SharedOutput(out)
            try execution.each(parts) { part in
                values.withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    var (mean, variance) = (0.0, 0.0)
                    execution.kernels.table.pointee.moments(base + part * count, count, &mean, &variance)
                    out.base[part] = Float(mean)
                }
            }
        }
    }

    /// The mean of the tokens of each batch element. [N, tokens, features] → [N, features].
    func meanOfTokens(_ execution: Execution) throws -> Tensor {
        let (tokens, features) = (shape[1], shape[2])
        let accumulate = execution.kernels.table.pointee.accumulate
        let size = 32
        return try Tensor([shape[0], features]) { out in
            let out = SharedOutput(out)
            try execution.each(shape[0]) { n in
                values.withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    let (first, mean) = (base + n * tokens * features, out.base + n * features)
                    mean.initialize(repeating: 0, count: features)
                    // By blocks, so that rounding does not grow with the number of tokens.
                    for start in stride(from: 0, to: tokens, by: size) {
                        var sums = [Float](repeating: 0, count: features)
                        for token in start..<min(tokens, start + size) {
                            accumulate(first + token * features, &sums, features, 1)
                        }
                        accumulate(sums, mean, features, 1 / Float(tokens))
                    }
                }
            }
        }
    }
}
