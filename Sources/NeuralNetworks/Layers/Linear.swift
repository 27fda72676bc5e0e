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

    /// Rows of one task, of every part, at most: their outputs stay in the cache beside a panel of weights, which is read once for all of
    /// them (our choice).
    private static let taskRows = 136

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

    /// - Parameters:
    ///   - rows: [N, …, inputs].
    ///   - residual: added to the output, of its shape.
    /// - Returns: [N, …, outputs].
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ rows: Tensor, adding residual: Tensor? = nil, _ execution: Execution) throws -> Tensor
    {
        guard rows.shape.last == inputs else {
            throw NeuralNetworkError.inputUnsuitable(layer: name, shape: rows.shape, needed: "\(inputs) features last")
        }
        let shape = Array(rows.shape.dropLast()) + [outputs]
        guard residual == nil || residual?.shape == shape else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: name, shape: residual?.shape ?? [], needed: "a residual of \(shape)")
        }
        let count = rows.values.count / inputs
        let part = (count + matrix.parts - 1) / matrix.parts
        let sums = try sums(rows, count, part: part, execution)
        defer { if matrix.parts > 1 { execution.reuse(sums) } }
        let blocks = (part + Self.taskRows - 1) / Self.taskRows
        return try execution.tensor(shape) { out in
            let out = SharedOutput(out)
            try execution.each(blocks * matrix.matrices.panelCount) { task in
                let block = task % blocks
                let first = groups(part) * block / blocks * Int(CKERNELS_ROWS)
                let end = min(part, groups(part) * (block + 1) / blocks * Int(CKERNELS_ROWS))
                let results = Results(rows: first..<end, part: part, count: count, panel: task / blocks, out: out.base)
                multiply(sums, into: results, adding: residual, execution.kernels)
            }
        }
    }

    private func groups(_ rows: Int) -> Int { (rows + Int(CKERNELS_ROWS) - 1) / Int(CKERNELS_ROWS) }

    /// For each product, its sums of rows: [product, row of a part, input of a part].
    private func sums(_ rows: Tensor, _ count: Int, part: Int, _ execution: Execution) throws -> Tensor {
        guard matrix.parts > 1 else { return rows }
        let (length, size) = (inputs / matrix.parts, 8)
        let zeros = [Float](repeating: 0, count: inputs)
        return try execution.tensor([matrix.products.count, part, length]) { out in
            let out = SharedOutput(out)
            try execution.each((part + size - 1) / size) { task in
                rows.values.withUnsafeBufferPointer { values in
                    zeros.withUnsafeBufferPointer { zeros in
                        guard let base = values.baseAddress, let zeros = zeros.baseAddress else { return }
                        for row in task * size..<min(part, (task + 1) * size) {
                            let second = part + row < count ? base + (part + row) * inputs : zeros
                            matrix.sums(
                                of: [base + row * inputs, second], into: out.base + row * length,
                                stride: part * length, execution.kernels)
                        }
                    }
                }
            }
        }
    }

    /// What a task writes: a panel of some rows, in all parts of rows and columns.
    private struct Results {
        /// Of every part.
        let rows: Range<Int>
        /// Rows from which the second part starts.
        let part: Int
        let count: Int
        let panel: Int
        let out: UnsafeMutablePointer<Float>
    }

    private func multiply(_ sums: Tensor, into results: Results, adding residual: Tensor?, _ kernels: Kernels) {
        let (width, parts, table) = (PackedMatrix.panelWidth, matrix.parts, kernels.table.pointee)
        let length = inputs / parts
        let block = results.rows.count * width
        let offsets = matrix.matrices.offsets(of: results.panel)
        let capacity = Int(CKERNELS_ROWS) * width + parts * parts * block
        sums.values.withUnsafeBufferPointer { sums in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: capacity) { scratch in
                guard let sums = sums.baseAddress, let blocks = scratch.baseAddress else { return }
                let tile = blocks + parts * parts * block
                scratch.initialize(repeating: 0)
                for (number, product) in matrix.products.enumerated() {
                    let targets = product.results.map {
                        (blocks: blocks + ($0.first * parts + $0.second) * block, sign: $0.sign)
                    }
                    matrix.matrices.multiply(
                        sums + (number * results.part + results.rows.lowerBound) * length, results.rows.count,
                        rowStep: length, matrix: number, next: (number + 1) % matrix.products.count,
                        panel: results.panel, into: tile, stride: width, offsets, kernels
                    ) { rows in
                        for target in targets {
                            table.accumulate(
                                tile, target.blocks + rows.lowerBound * width, rows.count * width, target.sign)
                        }
                    }
                }
                finish(blocks, results, adding: residual, table)
            }
        }
    }

    /// Stores the blocks of a task's results with what follows the product.
    private func finish(
        _ blocks: UnsafePointer<Float>, _ results: Results, adding residual: Tensor?, _ table: ckernels_table
    ) {
        let (width, parts) = (PackedMatrix.panelWidth, matrix.parts)
        let columns = matrix.matrices.columns(of: results.panel)
        (residual?.values ?? []).withUnsafeBufferPointer { residual in
            bias.withUnsafeBufferPointer { bias in
                guard let bias = bias.baseAddress else { return }
                for block in 0..<parts * parts {
                    let row = block / parts * results.part + results.rows.lowerBound
                    let start = block % parts * (outputs / parts) + columns.lowerBound
                    let place = row * outputs + start
                    table.finish(
                        blocks + block * results.rows.count * width, width, bias + start,
                        residual.isEmpty ? nil : residual.baseAddress.map { $0 + place }, results.out + place, outputs,
                        min(results.rows.count, max(0, results.count - row)), columns.count,
                        activation == .gelu ? 1 : 0)
                }
            }
        }
    }
}
