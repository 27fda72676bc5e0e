// How large a U-Net is, as nnU-Net's plans file says it.

/// Stages of a U-Net from the finest to the coarsest, and its classes.
package struct UNetPlan: Sendable {
    package struct Stage: Sendable {
        package let features: Int
        /// Extents of the kernels, two or three.
        package let kernel: [Int]
        /// Downsampling into this stage.
        package let stride: [Int]
        /// Convolutions, or residual blocks, of the encoder.
        package let blocks: Int

        package init(features: Int, kernel: [Int], stride: [Int], blocks: Int) {
            self.features = features
            self.kernel = kernel
            self.stride = stride
            self.blocks = blocks
        }
    }

    package let channels: Int
    package let classes: Int
    /// At least two.
    package let stages: [Stage]
    /// Convolutions of each stage of the decoder.
    package let decoderBlocks: Int
    /// Whether an instance normalisation follows each convolution; false for a plain U-Net whose batch normalisation was folded into
    /// its convolutions when it was saved.
    package let isNormalised: Bool

    package init(channels: Int, classes: Int, stages: [Stage], decoderBlocks: Int, isNormalised: Bool = true) {
        self.channels = channels
        self.classes = classes
        self.stages = stages
        self.decoderBlocks = decoderBlocks
        self.isNormalised = isNormalised
    }

    /// nnU-Net's own choice for isotropic CT patches: kernels of 3³, strides of 2, features doubled from 32 up to 320, two
    /// convolutions per stage. Isensee et al. 2021, supplementary note 2.
    package static func isotropic(stages: Int, classes: Int, channels: Int = 1) -> UNetPlan {
        UNetPlan(
            channels: channels, classes: classes,
            stages: (0..<stages).map {
                let edge = $0 == 0 ? 1 : 2
                return Stage(
                    features: min(320, 32 << $0), kernel: [3, 3, 3], stride: [edge, edge, edge], blocks: 2)
            }, decoderBlocks: 2)
    }

    /// By how much image extents must be divisible, along each axis.
    package var divisors: [Int] {
        stages.reduce(stages[0].stride.map { _ in 1 }) { zip($0, $1.stride).map(*) }
    }

    /// - Throws: `NeuralNetworkError.inputUnsuitable`.
    func check(_ image: Tensor) throws {
        let places = image.shape.dropFirst(2)
        guard image.shape.count == divisors.count + 2, zip(places, divisors).allSatisfy({ $0 % $1 == 0 }) else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: "U-Net", shape: image.shape, needed: "extents divisible by \(divisors)")
        }
    }
}
