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
    private let matrix: BlockedMatrix
    private let bias: [Float]
    private let activation: Activation

    /// Groups of four rows, of each half, of one task at most: their outputs stay in the cache beside a panel of weights, which is
    /// read once for all of them (our choice).
    private static let taskGroups = 40

    /// - Parameter weights: of this layer: `weight` [outputs, inputs] and, if `bias`, `bias` [outputs].
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(
        _ weights: Weights, _ inputs: Int, _ outputs: Int, bias: Bool = true, activation: Activation = .none
    ) throws {
        self.inputs = inputs
        self.outputs = outputs
        self.activation = activation
        name = weights.fullName("weight")
        matrix = BlockedMatrix(try weights.tensor("weight", [outputs, inputs]), inputs: inputs, columns: outputs)
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
        let groups = (count + lanes * matrix.parts - 1) / (lanes * matrix.parts)
        let interleaved = try interleaved(rows, count, groups: groups, execution)
        let blocks = (groups + Self.taskGroups - 1) / Self.taskGroups
        let panels = matrix.matrices[0].panelCount
        defer { execution.reuse(interleaved) }
        return try execution.tensor(Array(rows.shape.dropLast()) + [outputs]) { out in
            let out = SharedOutput(out)
            try execution.each(blocks * panels) { task in
                let block = task % blocks
                interleaved.values.withUnsafeBufferPointer { interleaved in
                    guard let base = interleaved.baseAddress else { return }
                    multiply(
                        base, groups: groups, some: groups * block / blocks..<groups * (block + 1) / blocks,
                        panel: task / blocks, rows: count, into: out.base, execution.kernels)
                }
            }
        }
    }

    /// For each product, its sums of rows: [product, group, input, row of the group].
    private func interleaved(_ rows: Tensor, _ count: Int, groups: Int, _ execution: Execution) throws -> Tensor {
        let lanes = Int(CKERNELS_CHANNELS)
        let length = lanes * inputs / matrix.parts
        return try execution.tensor([matrix.products.count, groups, length]) { out in
            let out = SharedOutput(out)
            try execution.each(groups) { group in
                rows.values.withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    for (number, product) in matrix.products.enumerated() {
                        matrix.interleave(
                            base, count: count, half: groups * lanes, group: group, of: product,
                            into: out.base + (number * groups + group) * length, execution.kernels)
                    }
                }
            }
        }
    }

    /// One panel of some groups, in all halves of rows and columns.
    private func multiply(
        _ interleaved: UnsafePointer<Float>, groups: Int, some: Range<Int>, panel: Int, rows: Int,
        into out: UnsafeMutablePointer<Float>, _ kernels: Kernels
    ) {
        let (lanes, width, table) = (Int(CKERNELS_CHANNELS), PackedMatrix.panelWidth, kernels.table.pointee)
        let parts = matrix.parts
        let length = lanes * inputs / parts
        let offsets = matrix.matrices[0].offsets(of: panel)
        let tile = lanes * width
        let block = some.count * tile
        withUnsafeTemporaryAllocation(of: Float.self, capacity: tile + parts * parts * block) { scratch in
            guard let sums = scratch.baseAddress else { return }
            let results = sums + tile
            scratch.initialize(repeating: 0)
            for (number, product) in matrix.products.enumerated() {
                let blocks = product.results.map {
                    (results: results + ($0.first * parts + $0.second) * block, sign: $0.sign)
                }
                matrix.matrices[number].multiply(
                    interleaved + (number * groups + some.lowerBound) * length, groups: some.count, panel: panel,
                    into: sums, stride: width, offsets, kernels
                ) { group in
                    for block in blocks { table.accumulate(sums, block.results + group * tile, tile, block.sign) }
                }
            }
            let columns = matrix.matrices[0].columns(of: panel)
            for half in 0..<parts {
                for lane in 0..<some.count * lanes {
                    let row = (half * groups + some.lowerBound) * lanes + lane
                    guard row < rows else { break }
                    for side in 0..<parts {
                        let start = side * (outputs / parts) + columns.lowerBound
                        store(
                            results + (half * parts + side) * block + lane * width, columns: start,
                            columns.count, into: out + row * outputs, table)
                    }
                }
            }
        }
    }

    /// Stores a panel of one row, with what follows the product.
    private func store(
        _ sums: UnsafePointer<Float>, columns start: Int, _ count: Int, into row: UnsafeMutablePointer<Float>,
        _ table: ckernels_table
    ) {
        bias.withUnsafeBufferPointer { bias in
            guard let bias = bias.baseAddress else { return }
            table.add(sums, bias + start, row + start, count, 1)
        }
        if activation == .gelu { table.gelu(row + start, count) }
    }
}
