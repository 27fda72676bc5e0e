// The fully connected layer.
import CKernels

/// PyTorch's `Linear`: y = x · weightᵀ + bias, over the last axis.
package struct Linear: Sendable {
    /// What follows the layer, in the same pass.
    package enum Activation: Sendable {
        case none
        case gelu
    }

    package let inputs: Int
    package let outputs: Int
    private let name: String
    private let matrix: PackedMatrix
    private let bias: [Float]
    private let activation: Activation

    /// Rows of one task (our choice).
    private static let taskRows = 64

    /// - Parameter weights: of this layer: `weight` [outputs, inputs] and, if `bias`, `bias` [outputs].
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(
        _ weights: Weights, _ inputs: Int, _ outputs: Int, bias: Bool = true, activation: Activation = .none
    ) throws {
        self.inputs = inputs
        self.outputs = outputs
        self.activation = activation
        name = weights.fullName("weight")
        let weight = try weights.tensor("weight", [outputs, inputs])
        matrix = PackedMatrix(weight, inputs: inputs, columns: outputs, inputStep: 1, columnStep: inputs)
        self.bias = bias ? try weights.tensor("bias", [outputs]) : [Float](repeating: 0, count: outputs)
    }

    /// - Parameter rows: [N, …, inputs].
    /// - Returns: [N, …, outputs].
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ rows: Tensor, _ execution: Execution) throws -> Tensor {
        guard rows.shape.last == inputs else {
            throw NeuralNetworkError.inputUnsuitable(layer: name, shape: rows.shape, needed: "\(inputs) features last")
        }
        let count = rows.values.count / inputs
        let lanes = Int(CKERNELS_CHANNELS)
        let groups = (count + lanes - 1) / lanes
        let interleaved = try Tensor([groups * lanes * inputs]) { out in
            let out = SharedOutput(out)
            try execution.each(groups) { group in
                rows.values.withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    PackedMatrix.interleave(
                        base + group * lanes * inputs, min(lanes, count - group * lanes), stride: inputs,
                        inputs: inputs, into: out.base + group * lanes * inputs)
                }
            }
        }
        let groupsPerTask = Self.taskRows / lanes
        let tasks = (groups + groupsPerTask - 1) / groupsPerTask
        return try Tensor(Array(rows.shape.dropLast()) + [outputs]) { out in
            let out = SharedOutput(out)
            try execution.each(tasks * matrix.panelCount) { task in
                let first = task / matrix.panelCount * groupsPerTask
                let some = first..<min(groups, first + groupsPerTask)
                multiply(
                    interleaved.values, groups: some, panel: task % matrix.panelCount, rows: count, into: out.base,
                    execution.kernels)
            }
        }
    }

    private func multiply(
        _ interleaved: [Float], groups: Range<Int>, panel: Int, rows: Int, into out: UnsafeMutablePointer<Float>,
        _ kernels: Kernels
    ) {
        let lanes = Int(CKERNELS_CHANNELS)
        let offsets = matrix.offsets(of: panel)
        let columns = matrix.columns(of: panel)
        interleaved.withUnsafeBufferPointer { interleaved in
            bias.withUnsafeBufferPointer { bias in
                guard let from = interleaved.baseAddress, let bias = bias.baseAddress else { return }
                withUnsafeTemporaryAllocation(of: Float.self, capacity: lanes * PackedMatrix.panelWidth) { sums in
                    guard let sums = sums.baseAddress else { return }
                    for group in groups {
                        matrix.multiply(from + group * lanes * inputs, panel: panel, into: sums, offsets, kernels)
                        for lane in 0..<min(lanes, rows - group * lanes) {
                            let row = out + (group * lanes + lane) * outputs + columns.lowerBound
                            kernels.table.pointee.add(
                                sums + lane * PackedMatrix.panelWidth, bias + columns.lowerBound, row, columns.count, 1)
                            if activation == .gelu { kernels.table.pointee.gelu(row, columns.count) }
                        }
                    }
                }
            }
        }
    }
}
