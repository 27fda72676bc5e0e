// A U-Net whose normalisation was folded into its convolutions: no norm in the file, none computed.
import Testing

@testable import NeuralNetworks

@Suite struct FoldedUNetTests {
    /// Two stages of one feature, kernels of 1³, so that the answer can be written down.
    private let plan = UNetPlan(
        channels: 1, classes: 1,
        stages: [
            UNetPlan.Stage(features: 1, kernel: [1, 1, 1], stride: [1, 1, 1], blocks: 1),
            UNetPlan.Stage(features: 1, kernel: [1, 1, 1], stride: [2, 2, 2], blocks: 1),
        ], decoderBlocks: 1, isNormalised: false)

    private func weights() throws -> Weights {
        func one(_ weight: [Float], _ shape: [Int], bias: Float, _ name: String) -> [(name: String, tensor: Tensor)] {
            [("\(name).weight", Tensor(shape, weight)), ("\(name).bias", Tensor([1], [bias]))]
        }
        return try Weights(
            safetensors(
                one([1], [1, 1, 1, 1, 1], bias: 0, "encoder.stages.0.0.convs.0.conv")
                    + one([2], [1, 1, 1, 1, 1], bias: -1, "encoder.stages.1.0.convs.0.conv")
                    + one([Float](repeating: 1, count: 8), [1, 1, 2, 2, 2], bias: 0, "decoder.transpconvs.0")
                    + one([1, 10], [1, 2, 1, 1, 1], bias: 0, "decoder.stages.0.convs.0.conv")
                    + one([1], [1, 1, 1, 1, 1], bias: 0.5, "decoder.seg_layers.0")))
    }

    @Test func `each voxel is what the weights alone make of it`() throws {
        let network = try PlainConvUNet(try weights(), plan)
        let image = Tensor([1, 1, 2, 2, 2], [3, 1, -1, 0, 2, -2, 4, 5])
        let output = try network(image, Execution(threads: 1, kernels: try Kernels.best()))
        // The lower stage sees the first voxel only: 2·3 − 1 = 5, spread over all eight. The skip is the voxel itself, negative
        // ones at a hundredth. Then 5 + 10·skip + 0.5.
        let expected: [Float] = [3, 1, -0.01, 0, 2, -0.02, 4, 5].map { 5 + 10 * $0 + 0.5 }
        #expect(zip(output.values, expected).allSatisfy { abs($0 - $1) < 1e-5 }, "\(output.values)")
    }

    @Test func `a plan with norms asks for them`() throws {
        let normalised = UNetPlan(channels: 1, classes: 1, stages: plan.stages, decoderBlocks: 1)
        #expect(throws: NeuralNetworkError.tensorMissing(name: "encoder.stages.0.0.convs.0.norm.weight")) {
            try PlainConvUNet(try weights(), normalised)
        }
    }
}
