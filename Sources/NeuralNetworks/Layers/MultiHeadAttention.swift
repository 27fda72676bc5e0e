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

    /// - Parameter tokens: [N, tokens, features].
    /// - Returns: the same shape.
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation.
    package func callAsFunction(_ tokens: Tensor, _ execution: Execution) throws -> Tensor {
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
        return try toOut(attended, execution)
    }

    /// One head of one batch element. `queries` is followed at `inner` by its keys and at 2 · `inner` by its values.
    private func attend(
        _ queries: UnsafePointer<Float>, _ count: Int, into out: UnsafeMutablePointer<Float>, _ kernels: Kernels
    ) {
        let (lanes, inner) = (Int(CKERNELS_CHANNELS), heads * headWidth)
        let (keys, values) = (queries + inner, queries + 2 * inner)
        let keyMatrix = PackedMatrix(
            keys, inputs: headWidth, columns: count, inputStep: 1, columnStep: 3 * inner)
        let valueMatrix = PackedMatrix(
            values, inputs: count, columns: headWidth, inputStep: 3 * inner, columnStep: 1)
        let keyOffsets = (0..<keyMatrix.panelCount).map(keyMatrix.offsets(of:))
        let valueOffsets = (0..<valueMatrix.panelCount).map(valueMatrix.offsets(of:))
        let scale = 1 / Float(headWidth).squareRoot()
        let scoreStride = keyMatrix.panelCount * PackedMatrix.panelWidth
        let scratch = UnsafeMutablePointer<Float>.allocate(
            capacity: lanes * (headWidth + scoreStride + count + PackedMatrix.panelWidth))
        defer { scratch.deallocate() }
        let rows = scratch
        let scores = rows + lanes * headWidth
        let shares = scores + lanes * scoreStride
        let sums = shares + lanes * count
        let table = kernels.table.pointee
        for first in stride(from: 0, to: count, by: lanes) {
            let some = min(lanes, count - first)
            let query = queries + first * 3 * inner
            table.interleave(query, some, query, 0, 0, 3 * inner, headWidth, rows)
            for panel in 0..<keyMatrix.panelCount {
                keyMatrix.multiply(
                    rows, panel: panel, into: scores + panel * PackedMatrix.panelWidth, stride: scoreStride,
                    keyOffsets[panel], kernels)
            }
            for lane in 0..<some { table.softmax(scores + lane * scoreStride, count, scale) }
            table.interleave(scores, some, scores, 0, 0, scoreStride, count, shares)
            for panel in 0..<valueMatrix.panelCount {
                let columns = valueMatrix.columns(of: panel)
                valueMatrix.multiply(
                    shares, panel: panel, into: sums, stride: PackedMatrix.panelWidth, valueOffsets[panel], kernels)
                for lane in 0..<some {
                    (out + (first + lane) * inner + columns.lowerBound).initialize(
                        from: sums + lane * PackedMatrix.panelWidth, count: columns.count)
                }
            }
        }
    }
}
