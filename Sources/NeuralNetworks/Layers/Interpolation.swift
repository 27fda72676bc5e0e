// Resizing images by interpolation.

/// How an image is resized: PyTorch's `interpolate` with a given size, modes `nearest`, `bilinear` and `trilinear`.
package enum Interpolation: Sendable {
    case nearest
    /// Linear along each axis. With `alignCorners` the centres of the corner places stay where they are, else the image's edges.
    case linear(alignCorners: Bool)

    /// Two neighbours of an output along one axis, and the second one's weight.
    private struct Neighbours {
        let low: Int
        let high: Int
        let weight: Float
    }

    /// - Parameters:
    ///   - image: [N, C, D, H, W] or [N, C, H, W].
    ///   - size: the new depth, height and width, or height and width.
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ image: Tensor, to size: [Int], _ execution: Execution) throws -> Tensor {
        let extents = try volumetricExtents(of: image, channels: nil, dimensions: size.count, layer: "interpolation")
        guard size.allSatisfy({ $0 > 0 }) else {
            throw NeuralNetworkError.inputUnsuitable(layer: "interpolation", shape: size, needed: "a size above 0")
        }
        let target = (size.count == 2 ? [1] : []) + size
        let axes = (0..<3).map { neighbours(from: extents[$0], to: target[$0]) }
        let (parts, count) = (image.shape[0] * image.shape[1], target.reduce(1, *))
        return try Tensor(image.shape.prefix(2) + size) { out in
            let out = SharedOutput(out)
            try execution.each(parts) { part in
                image.values.withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    Self.resize(base + part * extents.reduce(1, *), extents, axes, into: out.base + part * count)
                }
            }
        }
    }

    private func neighbours(from input: Int, to output: Int) -> [Neighbours] {
        (0..<output).map { i in
            switch self {
            case .nearest:
                // PyTorch multiplies by the single-precision ratio.
                let low = min(input - 1, Int(Float(i) * (Float(input) / Float(output))))
                return Neighbours(low: low, high: low, weight: 0)
            case .linear(let alignCorners):
                let place =
                    alignCorners
                    ? (output > 1 ? Float(i) * (Float(input - 1) / Float(output - 1)) : 0)
                    : max(0, (Float(i) + 0.5) * (Float(input) / Float(output)) - 0.5)
                let low = min(input - 1, Int(place))
                return Neighbours(low: low, high: min(input - 1, low + 1), weight: place - Float(low))
            }
        }
    }

    private static func resize(
        _ image: UnsafePointer<Float>, _ extents: [Int], _ axes: [[Neighbours]], into out: UnsafeMutablePointer<Float>
    ) {
        let (height, width) = (extents[1], extents[2])
        var next = 0
        for z in axes[0] {
            for y in axes[1] {
                let lines = [z.low, z.high].flatMap { plane in
                    [y.low, y.high].map { row in image + (plane * height + row) * width }
                }
                for x in axes[2] {
                    func along(_ line: UnsafePointer<Float>) -> Float {
                        line[x.low] * (1 - x.weight) + line[x.high] * x.weight
                    }
                    let near = along(lines[0]) * (1 - y.weight) + along(lines[1]) * y.weight
                    let far = along(lines[2]) * (1 - y.weight) + along(lines[3]) * y.weight
                    out[next] = near * (1 - z.weight) + far * z.weight
                    next += 1
                }
            }
        }
    }
}
