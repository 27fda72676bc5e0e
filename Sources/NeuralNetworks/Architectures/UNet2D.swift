// The U-Net of two dimensions.

/// The U-Net with batch normalisation and the names of the widespread PyTorch version (`inc`, `down1` … `down4`, `up1` … `up4`,
/// `outc`; transposed convolutions on the way up). Paper 003 uses a narrower one of this form: give its `width`.
/// Ronneberger et al. 2015, https://arxiv.org/abs/1505.04597, figure 1.
package struct UNet2D: Sendable {
    /// Two convolutions of 3², each with batch normalisation and ReLU.
    private struct DoubleConvolution: Sendable {
        let first: Convolution
        let second: Convolution

        init(_ weights: Weights, _ inputs: Int, _ outputs: Int) throws {
            func conv(_ place: Int, _ inputs: Int) throws -> Convolution {
                try Convolution(
                    weights.under("double_conv.\(place)"), inputs, outputs, ConvolutionShape(kernel: [3, 3]),
                    bias: false
                ).followed(by: BatchNorm(weights.under("double_conv.\(place + 1)"), outputs)).rectified()
            }
            first = try conv(0, inputs)
            second = try conv(3, outputs)
        }

        func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
            try second(try first(image, execution), execution)
        }
    }

    private struct Up: Sendable {
        let up: TransposedConvolution
        let conv: DoubleConvolution
    }

    private let entry: DoubleConvolution
    private let downs: [DoubleConvolution]
    private let ups: [Up]
    private let exit: Convolution
    private let pool = Pooling(.largest, kernel: [2, 2])

    /// - Parameters:
    ///   - weights: named as PyTorch saves the network.
    ///   - width: features of the finest resolution; 64 in the paper.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, channels: Int, classes: Int, width: Int = 64) throws {
        entry = try DoubleConvolution(weights.under("inc"), channels, width)
        downs = try (1...4).map {
            try DoubleConvolution(weights.under("down\($0).maxpool_conv.1"), width << ($0 - 1), width << $0)
        }
        let doubling = ConvolutionShape(kernel: [2, 2], stride: [2, 2], padding: [0, 0])
        ups = try (1...4).map {
            let weights = weights.under("up\($0)")
            let features = width << (5 - $0)
            return Up(
                up: try TransposedConvolution(weights.under("up"), features, features / 2, doubling),
                conv: try DoubleConvolution(weights.under("conv"), features, features / 2))
        }
        exit = try Convolution(weights.under("outc.conv"), width, classes, ConvolutionShape(kernel: [1, 1]))
    }

    /// - Parameter image: [N, channels, height, width], 16 or more along each axis.
    /// - Returns: [N, classes, height, width], before softmax or sigmoid.
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ image: Tensor, _ execution: Execution) throws -> Tensor {
        var image = try entry(image, execution)
        var skips: [Tensor] = []
        for down in downs {
            skips.append(image)
            image = try down(try pool(image, execution), execution)
        }
        for up in ups {
            let skip = skips.removeLast()
            let raised = try up.up(image, execution).padded(toHeight: skip.shape[2], width: skip.shape[3])
            image = try up.conv(try Tensor.concatenated([skip, raised]), execution)
        }
        return try exit(image, execution)
    }
}

extension Tensor {
    /// An image with zeros around it, of an odd number one more below and to the right: what pooling lost of odd extents.
    fileprivate func padded(toHeight height: Int, width: Int) -> Tensor {
        let (oldHeight, oldWidth) = (shape[2], shape[3])
        guard oldHeight != height || oldWidth != width else { return self }
        let (top, left) = ((height - oldHeight) / 2, (width - oldWidth) / 2)
        var out = Tensor(zeros: [shape[0], shape[1], height, width])
        for part in 0..<(shape[0] * shape[1]) {
            for y in 0..<oldHeight {
                let (from, to) = ((part * oldHeight + y) * oldWidth, (part * height + top + y) * width + left)
                out.values.replaceSubrange(to..<(to + oldWidth), with: values[from..<(from + oldWidth)])
            }
        }
        return out
    }
}
