// Convolution by hand, and what must hold for any network.
import Domain
import NeuralNetworks
import Testing

@Suite struct ConvolutionTests {
    private let execution = executions[0]

    private func weights(_ shape: [Int], bias: Int) throws -> Weights {
        try Weights(safetensors([("weight", picture(shape)), ("bias", picture([bias]))]))
    }

    @Test func `an edge filter finds the edge`() throws {
        // Differences of neighbours, with a zero before the first: 1-0, 1-1, 5-1, 5-5; then half, plus 1, and 0.1 of what is below 0.
        let file = safetensors([("weight", Tensor([1, 1, 1, 2], [-1, 1])), ("bias", Tensor([1], [-2]))])
        let shape = ConvolutionShape(kernel: [1, 2], padding: [0, 1])
        let layer = try Convolution(try Weights(file), 1, 1, shape).rectified(slope: 0.1)
        let output = try layer(Tensor([1, 1, 1, 4], [1, 1, 5, 5]), execution)
        #expect(output.shape == [1, 1, 1, 5])
        // -2 is added before the rectifier: -1, -2, 2, -2, and 0-5-2 = -7 beyond the end.
        #expect(output.values == [-0.1, -0.2, 2, -0.2, -0.7])
    }

    @Test func `a transposed convolution spreads each input over its own places`() throws {
        let file = safetensors([("weight", Tensor([1, 1, 2, 2], [1, 2, 3, 4])), ("bias", Tensor([1], [0.5]))])
        let shape = ConvolutionShape(kernel: [2, 2], stride: [2, 2], padding: [0, 0])
        let output = try TransposedConvolution(try Weights(file), 1, 1, shape)(
            Tensor([1, 1, 1, 2], [1, 10]), execution)
        #expect(output == Tensor([1, 1, 2, 4], [1.5, 2.5, 10.5, 20.5, 3.5, 4.5, 30.5, 40.5]))
    }

    @Test func `every width has its tail`() throws {
        // A kernel of ones with padding sums each place and its neighbours.
        let ones = Tensor([1, 1, 1, 1, 3], [1, 1, 1])
        let layer = try Convolution(
            try Weights(safetensors([("weight", ones)])), 1, 1, ConvolutionShape(kernel: [1, 1, 3]), bias: false)
        for execution in executions where execution.threads == 1 {
            for width in 1...70 {
                let x = (0..<width).map { Float($0 % 5) }
                let expected = (0..<width).map { i in
                    (max(0, i - 1)...min(width - 1, i + 1)).map { x[$0] }.reduce(0, +)
                }
                #expect(try layer(Tensor([1, 1, 1, 1, width], x), execution).values == expected)
            }
        }
    }

    @Test func `every width has its tail where rows are transformed`() throws {
        // Ones sum three neighbours of all six channels, each of which is the same image: in steps of 1/64, exact but for the transform.
        let layer = try Convolution(
            try Weights(safetensors([("weight", Tensor([8, 6, 1, 3], [Float](repeating: 1, count: 144)))])), 6, 8,
            ConvolutionShape(kernel: [1, 3]), bias: false)
        for execution in executions where execution.threads == 1 {
            for width in 3...70 {
                let x = (0..<(32 * width)).map { Float($0 * 7 % 64) / 64 }
                let output = try layer(Tensor([1, 6, 32, width], (0..<6).flatMap { _ in x }), execution)
                for place in x.indices {
                    let (row, column) = (place / width * width, place % width)
                    let sum = (max(0, column - 1)...min(width - 1, column + 1)).map { 6 * x[row + $0] }.reduce(0, +)
                    #expect(abs(output.values[7 * x.count + place] - sum) < 1e-5)
                }
            }
        }
    }

    @Test func `images side by side are convolved as one`() throws {
        let (first, second) = (picture([2, 3, 4, 9, 17]), picture([2, 5, 4, 9, 17], plus: 0.3))
        // Six outputs are summed directly, nine by transformed rows.
        for channels in [6, 9] {
            let layer = try Convolution(
                try weights([channels, 8, 3, 3, 3], bias: channels), 8, channels, ConvolutionShape(kernel: [3, 3, 3]))
            let joined = try layer(try Tensor.concatenated([first, second]), execution)
            #expect(try layer([first, second], execution) == joined)
            #expect(throws: NeuralNetworkError.self) { _ = try layer([first, picture([2, 5, 4, 9, 18])], execution) }
            #expect(throws: NeuralNetworkError.self) { _ = try layer([first, first], execution) }
        }
    }

    @Test func `memory of a tensor that is done with is written again in full`() throws {
        let layer = try Convolution(try weights([8, 4, 3, 3, 3], bias: 8), 4, 8, ConvolutionShape(kernel: [3, 3, 3]))
        let image = picture([1, 4, 16, 24, 32])
        let expected = try layer(image, Execution(threads: 2, kernels: try Kernels.best()))
        let execution = Execution(threads: 2, kernels: try Kernels.best())
        for _ in 0..<3 {
            let output = try layer(image, execution)
            #expect(output == expected)
            execution.reuse(output)
        }
    }

    @Test func `threads do not change a bit`() throws {
        // Six outputs are summed directly, nine by transformed rows.
        for channels in [6, 9] {
            let weights = try weights([channels, 5, 3, 3, 3], bias: channels)
            let layer = try Convolution(weights, 5, channels, ConvolutionShape(kernel: [3, 3, 3]))
            let image = picture([2, 5, 9, 33, 41])
            for kernels in Kernels.available {
                let outputs = try (1...4).map { try layer(image, Execution(threads: $0, kernels: kernels)) }
                #expect(outputs.allSatisfy { $0 == outputs[0] })
            }
        }
    }

    @Test func `kernel sets agree within 1e-5`() throws {
        let weights = try weights([8, 16, 3, 3, 3], bias: 8)
        let image = picture([1, 16, 6, 21, 37], times: 0.2)
        // Summed directly because of its stride, and by transformed rows.
        for stride in [[1, 2, 1], [1, 1, 1]] {
            let layer = try Convolution(weights, 16, 8, ConvolutionShape(kernel: [3, 3, 3], stride: stride))
            let outputs = try Kernels.available.map { try layer(image, Execution(threads: 1, kernels: $0)) }
            for output in outputs {
                #expect(zip(output.values, outputs[0].values).allSatisfy { abs($0 - $1) < 1e-5 })
            }
        }
    }

    @Test func `an image of the wrong channels or size is refused with its shape`() throws {
        let layer = try Convolution(try weights([2, 3, 3, 3], bias: 2), 3, 2, .init(kernel: [3, 3], padding: [0, 0]))
        for shape in [[1, 2, 5, 5], [1, 3, 2, 5], [3, 5, 5], [1, 3, 0, 5]] {
            #expect(throws: NeuralNetworkError.self) { _ = try layer(picture(shape), execution) }
        }
    }

    @Test func `a cancelled network stops`() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        let stopped = Execution(threads: 2, kernels: try Kernels.best(), cancellation: cancellation)
        let layer = try Convolution(try weights([2, 3, 3, 3], bias: 2), 3, 2, ConvolutionShape(kernel: [3, 3]))
        #expect(throws: FaultRecord.self) { _ = try layer(picture([1, 3, 5, 5]), stopped) }
    }

    @Test func `a network of wrong weights is refused before it exists`() throws {
        let golden = try GoldenFile("vbnet")
        #expect(
            throws: NeuralNetworkError.tensorMisshapen(
                name: "in_block.conv.weight", expected: [16, 1, 3, 3, 3], found: [2, 1, 3, 3, 3])
        ) {
            _ = try VBNet(golden.weights, VBNet.Configuration(classes: 2))
        }
        #expect(throws: NeuralNetworkError.tensorMissing(name: "conv1.weight")) {
            _ = try ResNet3D(golden.weights, ResNet3D.Configuration(depth: .ten))
        }
    }
}
