// Linear layers large enough to be multiplied in blocks.
import NeuralNetworks
import Testing

@Suite struct LinearTests {
    /// 390 inputs and 420 outputs: both halves are cut into panels that are not full.
    private func layer(_ weight: Tensor, _ bias: Tensor) throws -> Linear {
        try Linear(try Weights(safetensors([("weight", weight), ("bias", bias)])), 390, 420)
    }

    @Test func `any number of rows gives the sums of products within 1e-5`() throws {
        let (weight, bias) = (picture([420, 390], times: 0.05), picture([420]))
        let layer = try layer(weight, bias)
        for count in [1, 3, 4, 5, 8, 9, 37] {
            let rows = picture([count, 390])
            for execution in executions {
                let output = try layer(rows, execution)
                #expect(output.shape == [count, 420])
                for row in 0..<count {
                    for column in stride(from: row % 7, to: 420, by: 7) {
                        let sum = (0..<390).reduce(Double(bias.values[column])) {
                            $0 + Double(rows.values[row * 390 + $1]) * Double(weight.values[column * 390 + $1])
                        }
                        #expect(abs(Double(output.values[row * 420 + column]) - sum) < 1e-5)
                    }
                }
            }
        }
    }

    @Test func `a residual is added to the output, and one of another shape is refused`() throws {
        let layer = try layer(picture([420, 390], times: 0.05), picture([420]))
        let (rows, residual) = (picture([2, 9, 390]), picture([2, 9, 420]))
        for execution in executions {
            let (output, sum) = (try layer(rows, execution), try layer(rows, adding: residual, execution))
            #expect(sum.shape == output.shape)
            #expect(
                sum.values.indices.allSatisfy { abs(sum.values[$0] - output.values[$0] - residual.values[$0]) < 1e-5 })
            #expect(throws: NeuralNetworkError.self) { try layer(rows, adding: rows, execution) }
        }
    }

    @Test func `threads do not change a bit`() throws {
        let layer = try layer(picture([420, 390]), picture([420]))
        let rows = picture([3, 131, 390])
        for kernels in Kernels.available {
            let outputs = try (1...4).map { try layer(rows, Execution(threads: $0, kernels: kernels)) }
            #expect(outputs.allSatisfy { $0 == outputs[0] })
        }
    }
}
