// Multi-head self-attention.
import CKernels

/// Self-attention as `vit-pytorch` lays it out: queries, keys and values of all heads from one matrix without bias,
/// softmax(q · kᵀ / √headWidth) · v of each head, then a linear layer.
/// Vaswani et al. 2017, "Attention is all you need", equation 1 and section 3.2.2.
package struct MultiHeadAttention: Sendable {
    private let heads: Int
    private let headWidth: Int
    private let toQKV: Linear
    private let toOut: Linear

    /// - Parameter weights: of this layer: `to_qkv.weight` [3 · heads · headWidth, features], `to_out.0.weight`, `to_out.0.bias`.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package init(_ weights: Weights, features: Int, heads: Int, headWidth: Int) throws {
        self.heads = heads
        self.headWidth = headWidth
        toQKV = try Linear(weights.under("to_qkv"), features, 3 * heads * headWidth, bias: false)
        toOut = try Linear(weights.under("to_out.0"), heads * headWidth, features)
    }

    /// - Parameters:
    ///   - tokens: [N, tokens, features].
    ///   - residual: added to the output, of its shape.
    /// - Returns: the same shape.
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(
        _ tokens: Tensor, adding residual: Tensor? = nil, _ execution: Execution
    ) throws -> Tensor {
        guard tokens.shape.count == 3 else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: "attention", shape: tokens.shape, needed: "[batch, tokens, features]")
        }
        let projected = try toQKV(tokens, execution)
        let (batch, count, inner) = (tokens.shape[0], tokens.shape[1], heads * headWidth)
        let attended = try execution.tensor([batch, count, inner]) { out in
            let out = SharedOutput(out)
            try execution.each(batch * heads) { task in
                projected.values.withUnsafeBufferPointer { values in
                    guard let base = values.baseAddress else { return }
                    let (n, head) = (task / heads, task % heads)
                    attend(
                        base + n * count * 3 * inner + head * headWidth, count,
                        into: out.base + n * count * inner + head * headWidth, execution.kernels)
                }
            }
        }
        execution.reuse(projected)
        defer { execution.reuse(attended) }
        return try toOut(attended, adding: residual, execution)
    }

    /// One head of one batch element. `queries` is followed at `inner` by its keys and at 2 · `inner` by its values.
    private func attend(
        _ queries: UnsafePointer<Float>, _ count: Int, into out: UnsafeMutablePointer<Float>, _ kernels: Kernels
    ) {
        let inner = heads * headWidth
        let (keys, values) = (queries + inner, queries + 2 * inner)
        let keyMatrix = PackedMatrix(
            keys, inputs: headWidth, columns: count, inputStep: 1, columnStep: 3 * inner)
        let valueMatrix = PackedMatrix(
            values, inputs: count, columns: headWidth, inputStep: 3 * inner, columnStep: 1)
        let keyOffsets = (0..<keyMatrix.panelCount).map(keyMatrix.offsets(of:))
        let valueOffsets = (0..<valueMatrix.panelCount).map(valueMatrix.offsets(of:))
        let scale = 1 / Float(headWidth).squareRoot()
        let (lanes, width) = (Int(CKERNELS_ROWS), PackedMatrix.panelWidth)
        let scoreStride = keyMatrix.panelCount * width
        let table = kernels.table.pointee
        withUnsafeTemporaryAllocation(of: Float.self, capacity: lanes * (scoreStride + width + 1)) { scratch in
            guard let scores = scratch.baseAddress else { return }
            let sums = scores + lanes * scoreStride
            let shares = sums + lanes * width
            var first = 0
            while first < count {
                var some = lanes
                while some > count - first { some /= 2 }
                for panel in 0..<keyMatrix.panelCount {
                    keyMatrix.multiply(
                        queries + first * 3 * inner, some, rowStep: 3 * inner, panel: panel,
                        into: scores + panel * width, stride: scoreStride, keyOffsets[panel], kernels)
                }
                for lane in 0..<some {
                    shares[lane] = 1 / table.exponentials(scores + lane * scoreStride, count, scale)
                }
                for panel in 0..<valueMatrix.panelCount {
                    let columns = valueMatrix.columns(of: panel)
                    valueMatrix.multiply(
                        scores, some, rowStep: scoreStride, panel: panel, into: sums, stride: width,
                        valueOffsets[panel], kernels)
                    for lane in 0..<some {
                        // Softmax's division, of the few sums instead of the many weights.
                        table.affine(
                            sums + lane * width, out + (first + lane) * inner + columns.lowerBound, columns.count,
                            shares[lane], 0, 1)
                    }
                }
                first += some
            }
        }
    }
}
