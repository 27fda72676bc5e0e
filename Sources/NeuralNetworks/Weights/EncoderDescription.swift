// How an encoder is built from its weights: what a safetensors file does not say.

/// A network for deep features as `models.lock` describes it (docs/deep-features.md). Every key of a network is needed: a wrong
/// number of heads, say, has the right shapes and gives wrong features.
package struct EncoderDescription: Codable, Sendable, Equatable {
    package struct ResNet: Codable, Sendable, Equatable {
        package let depth: Int
        package let width: Int
        package let dilated: Bool
        /// `A` or `B` (He et al. 2016, section 4.1).
        package let shortcut: String
    }

    package struct VisionTransformer: Codable, Sendable, Equatable {
        package let patch: Int
        /// `depth-first` or `depth-last`.
        package let patchOrder: String
        package let features: Int
        package let layers: Int
        package let heads: Int
        package let headWidth: Int
        package let hidden: Int
        package let classes: Int
    }

    /// A network that can be built.
    package enum Network: Sendable {
        case resNet(ResNet3D.Configuration)
        case visionTransformer(ViT3D.Configuration)
    }

    /// Edge of the cube that the network is given, voxels.
    package let inputSize: Int
    /// How far the box reaches beyond the region.
    package let marginMM: Double
    /// What stands before the name of every tensor.
    package let prefix: String?
    package let resnet3d: ResNet?
    package let vit3d: VisionTransformer?

    /// The key of its network: `resnet3d` or `vit3d`.
    package var architecture: String { resnet3d == nil ? "vit3d" : "resnet3d" }

    /// Limits on what a description may ask for, in memory above all; our choice.
    private static let inputSizes = 16...256
    private static let marginsMM = 0.0...50.0
    private static let widths = 1...256
    private static let mostTokens = 4096

    /// - Throws: `NeuralNetworkError.lockDamaged` naming the key.
    package func network() throws(NeuralNetworkError) -> Network {
        try Self.require(Self.inputSizes, inputSize, "inputSize")
        guard Self.marginsMM.contains(marginMM) else {
            throw .lockDamaged(reason: "encoder.marginMM is \(marginMM); it must be from 0 to 50")
        }
        switch (resnet3d, vit3d) {
        case (let network?, nil): return .resNet(try configuration(network))
        case (nil, let network?): return .visionTransformer(try configuration(network))
        default: throw .lockDamaged(reason: "an encoder has either resnet3d or vit3d")
        }
    }

    private func configuration(_ network: ResNet) throws(NeuralNetworkError) -> ResNet3D.Configuration {
        guard let depth = ResNet3D.Depth(rawValue: network.depth) else {
            throw .lockDamaged(reason: "encoder.resnet3d.depth is \(network.depth); it must be 10, 18, 34 or 50")
        }
        guard ["A", "B"].contains(network.shortcut) else {
            throw .lockDamaged(reason: "encoder.resnet3d.shortcut is \(network.shortcut); it must be A or B")
        }
        try Self.require(Self.widths, network.width, "resnet3d.width")
        return ResNet3D.Configuration(
            depth: depth, width: network.width, isDilated: network.dilated, projects: network.shortcut == "B")
    }

    private func configuration(_ network: VisionTransformer) throws(NeuralNetworkError) -> ViT3D.Configuration {
        let orders: [String: ViT3D.Configuration.PatchOrder] = ["depth-first": .depthFirst, "depth-last": .depthLast]
        guard let order = orders[network.patchOrder] else {
            throw .lockDamaged(
                reason: "encoder.vit3d.patchOrder is \(network.patchOrder); it must be depth-first or depth-last")
        }
        guard network.patch > 0, inputSize % network.patch == 0 else {
            throw .lockDamaged(
                reason: "encoder.vit3d.patch is \(network.patch); it must divide inputSize, \(inputSize)")
        }
        let perEdge = inputSize / network.patch
        try Self.require(1...Self.mostTokens, perEdge * perEdge * perEdge, "vit3d: the number of patches")
        try Self.require(1...4096, network.features, "vit3d.features")
        try Self.require(1...64, network.layers, "vit3d.layers")
        try Self.require(1...64, network.heads, "vit3d.heads")
        try Self.require(1...512, network.headWidth, "vit3d.headWidth")
        try Self.require(1...16384, network.hidden, "vit3d.hidden")
        try Self.require(1...65536, network.classes, "vit3d.classes")
        var configuration = ViT3D.Configuration(
            image: [inputSize, inputSize, inputSize], patch: [network.patch, network.patch, network.patch],
            classes: network.classes)
        configuration.features = network.features
        configuration.layers = network.layers
        configuration.heads = network.heads
        configuration.headWidth = network.headWidth
        configuration.hidden = network.hidden
        configuration.patchOrder = order
        return configuration
    }

    private static func require(_ range: ClosedRange<Int>, _ value: Int, _ key: String) throws(NeuralNetworkError) {
        guard range.contains(value) else {
            throw .lockDamaged(
                reason: "encoder.\(key) is \(value); it must be from \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
