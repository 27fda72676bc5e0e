// Each layer alone against PyTorch. Settings are those of training/golden/layer_cases.py.
import NeuralNetworks
import Testing

/// A layer of the golden file, applied to its input.
private struct LayerCase: Sendable {
    let name: String
    let run: @Sendable (Weights, Execution) throws -> Tensor

    static func shape(
        _ kernel: [Int], _ stride: [Int]? = nil, _ padding: [Int]? = nil, _ dilation: [Int]? = nil, groups: Int = 1
    ) -> ConvolutionShape {
        ConvolutionShape(
            kernel: kernel, stride: stride, padding: padding ?? kernel.map { _ in 0 }, dilation: dilation,
            groups: groups)
    }

    static let convolutions = [
        LayerCase(name: "conv3d-plain") {
            try Convolution($0, 3, 7, shape([3, 3, 3], nil, [1, 1, 1]))(picture([1, 3, 4, 5, 19]), $1)
        },
        LayerCase(name: "conv3d-mixed") {
            try Convolution($0, 2, 5, shape([2, 3, 5], [1, 2, 3], [1, 0, 2], [2, 1, 2]))(picture([1, 2, 5, 7, 23]), $1)
        },
        LayerCase(name: "conv3d-groups") {
            try Convolution($0, 4, 6, shape([1, 3, 3], [2, 1, 2], [0, 2, 1], groups: 2))(picture([1, 4, 5, 4, 9]), $1)
        },
        LayerCase(name: "conv3d-strided-point") {
            try Convolution($0, 3, 9, shape([1, 1, 1], [2, 2, 2]), bias: false)(picture([1, 3, 5, 7, 6]), $1)
        },
        LayerCase(name: "conv3d-wide") {
            try Convolution($0, 1, 2, shape([1, 1, 3], nil, [0, 0, 1]))(picture([1, 1, 1, 1, 601]), $1)
        },
        LayerCase(name: "conv2d-depthwise") {
            try Convolution($0, 5, 5, shape([7, 7], nil, [3, 3], groups: 5))(picture([1, 5, 11, 18]), $1)
        },
        LayerCase(name: "conv2d-patch") {
            try Convolution($0, 3, 4, shape([4, 4], [4, 4]))(picture([1, 3, 13, 21]), $1)
        },
        LayerCase(name: "conv3d-transformed") {
            try Convolution($0, 12, 10, shape([3, 3, 3], nil, [1, 1, 1]))(picture([1, 12, 2, 8, 21]), $1)
        },
        LayerCase(name: "conv2d-transformed") {
            try Convolution($0, 8, 16, shape([3, 3], groups: 2))(picture([1, 8, 12, 22]), $1)
        },
        LayerCase(name: "transposed3d-double") {
            try TransposedConvolution($0, 5, 3, shape([2, 2, 2], [2, 2, 2]))(picture([2, 5, 2, 2, 7]), $1)
        },
        LayerCase(name: "transposed3d-mixed") {
            try TransposedConvolution($0, 3, 4, shape([3, 4, 2], [2, 3, 4], [1, 2, 0]), outputPadding: [1, 0, 2])(
                picture([1, 3, 3, 2, 5]), $1)
        },
        LayerCase(name: "transposed2d-groups") {
            try TransposedConvolution($0, 4, 6, shape([3, 3], [2, 2], [1, 1], [2, 2], groups: 2))(
                picture([1, 4, 4, 5]), $1)
        },
    ]

    static let others = [
        LayerCase(name: "linear") { try Linear($0, 13, 101)(picture([1, 7, 13]), $1) },
        LayerCase(name: "layer-norm") { try LayerNorm($0, 45)(picture([2, 5, 45], plus: 3), $1) },
        LayerCase(name: "instance-norm") { try InstanceNorm($0, 3)(picture([2, 3, 3, 5, 7], plus: 5), $1) },
        LayerCase(name: "batch-norm") { try BatchNorm($0, 4)(picture([2, 4, 3, 5]), $1) },
        LayerCase(name: "prelu") {
            try changed(picture([1, 3, 2, 4, 5]), $0, $1) { try $0.rectify(slopes: try $1.tensor("weight", [3]), $2) }
        },
        LayerCase(name: "relu") {
            try changed(picture([1, 1, 40]), $0, $1) { image, _, run in try image.rectify(run) }
        },
        LayerCase(name: "leaky-relu") {
            try changed(picture([1, 1, 40]), $0, $1) { image, _, run in try image.rectify(slope: 0.01, run) }
        },
        LayerCase(name: "gelu") {
            try changed(picture([1, 1, 200], times: 6), $0, $1) { image, _, run in try image.gelu(run) }
        },
        LayerCase(name: "sigmoid") {
            try changed(picture([1, 1, 200], times: 20), $0, $1) { image, _, run in try image.sigmoid(run) }
        },
        LayerCase(name: "softmax") { try picture([2, 3, 4, 5, 2], times: 30).softmaxOverChannels($1) },
        LayerCase(name: "max-pool") {
            try Pooling(.largest, kernel: [3, 3, 3], stride: [2, 2, 2], padding: [1, 1, 1])(
                picture([1, 2, 5, 8, 9]), $1)
        },
        LayerCase(name: "average-pool") {
            try Pooling(.mean, kernel: [2, 3, 2], stride: [2, 1, 2], padding: [1, 1, 0])(picture([1, 2, 5, 8, 9]), $1)
        },
        LayerCase(name: "average-pool2d") { try Pooling(.mean, kernel: [2, 2])(picture([1, 2, 5, 8]), $1) },
        LayerCase(name: "mean") { try picture([2, 3, 5, 8, 9]).meanOfPlaces($1) },
        LayerCase(name: "trilinear") {
            try Interpolation.linear(alignCorners: false)(picture([1, 2, 5, 6, 7]), to: [9, 4, 11], $1)
        },
        LayerCase(name: "trilinear-corners") {
            try Interpolation.linear(alignCorners: true)(picture([1, 2, 5, 6, 7]), to: [9, 4, 11], $1)
        },
        LayerCase(name: "bilinear") {
            try Interpolation.linear(alignCorners: false)(picture([1, 2, 5, 6]), to: [13, 1], $1)
        },
        LayerCase(name: "nearest") { try Interpolation.nearest(picture([1, 2, 5, 6, 7]), to: [7, 4, 15], $1) },
    ]

    private static func changed(
        _ image: Tensor, _ weights: Weights, _ execution: Execution,
        _ change: (inout Tensor, Weights, Execution) throws -> Void
    ) throws -> Tensor {
        var image = image
        try change(&image, weights, execution)
        return image
    }
}

@Suite struct LayerParityTests {
    // 1e-5: single-precision sums of some hundred terms in another order than PyTorch's.
    @Test func `convolutions equal PyTorch's within 1e-5 on every kernel set`() throws {
        try compare(LayerCase.convolutions)
    }

    @Test func `other layers equal PyTorch's within 1e-5 on every kernel set`() throws {
        try compare(LayerCase.others)
    }

    @Test func `every layer of the golden file is compared`() throws {
        let stored = Set(try GoldenFile("layers").weights.names.map { $0.split(separator: ".")[0] })
        #expect(stored == Set((LayerCase.convolutions + LayerCase.others).map { Substring($0.name) }))
    }

    private func compare(_ cases: [LayerCase]) throws {
        let golden = try GoldenFile("layers")
        for layer in cases {
            for execution in executions {
                let output = try layer.run(golden.weights.under(layer.name), execution)
                let difference = try golden.difference(of: output, from: "\(layer.name).output")
                #expect(difference < 1e-5, "\(layer.name), \(execution.kernels.name), \(execution.threads) threads")
            }
        }
    }
}
