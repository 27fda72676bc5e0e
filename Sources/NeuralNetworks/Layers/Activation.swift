// Functions of one number, sums of two tensors, and softmax.
import CKernels

extension Tensor {
    /// Numbers per task of an elementwise pass (our choice).
    private static let stretch = 65_536

    /// x or slope · x below 0: ReLU with slope 0, LeakyReLU above.
    package mutating func rectify(slope: Float = 0, _ execution: Execution) throws {
        try stretches(execution) { values, count in
            execution.kernels.table.pointee.affine(values, values, count, 1, 0, slope)
        }
    }

    /// PyTorch's `PReLU`: a rectifier with a slope for each channel, or one for all.
    package mutating func rectify(slopes: [Float], _ execution: Execution) throws {
        try mapChannels(slopes.count == 1 ? shape[1] : slopes.count, "PReLU", execution) { channel, values, count in
            let slope = slopes[slopes.count == 1 ? 0 : channel]
            execution.kernels.table.pointee.affine(values, values, count, 1, 0, slope)
        }
    }

    /// x/2 · (1 + erf(x/√2)): PyTorch's `GELU` without approximation.
    package mutating func gelu(_ execution: Execution) throws {
        try stretches(execution) { values, count in execution.kernels.table.pointee.gelu(values, count) }
    }

    /// 1 / (1 + e^-x).
    package mutating func sigmoid(_ execution: Execution) throws {
        try stretches(execution) { values, count in execution.kernels.table.pointee.sigmoid(values, count) }
    }

    /// Adds a tensor of the same shape, then rectifies if `slope` is not 1.
    /// - Throws: `NeuralNetworkError.inputUnsuitable` where shapes differ; a cancellation.
    package mutating func add(_ other: Tensor, slope: Float = 1, _ execution: Execution) throws {
        guard other.shape == shape else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: "addition", shape: other.shape, needed: "the shape \(shape)")
        }
        let count = values.count
        try other.values.withUnsafeBufferPointer { addends in
            guard let addend = addends.baseAddress else { return }
            nonisolated(unsafe) let from = addend
            try eachPart(Self.stretch, of: count, execution) { part, values in
                let to = values + part.lowerBound
                execution.kernels.table.pointee.add(to, from + part.lowerBound, to, part.count, slope)
            }
        }
    }

    /// Softmax over the channels of each place: numbers above 0 that sum to 1.
    package func softmaxOverChannels(_ execution: Execution) throws -> Tensor {
        var places = channelsLast()
        let channels = shape[1]
        try places.eachPart(4096, of: places.values.count / max(1, channels), execution) { part, values in
            let table = execution.kernels.table.pointee
            for place in part {
                let place = values + place * channels
                table.affine(place, place, channels, 1 / table.exponentials(place, channels, 1), 0, 1)
            }
        }
        return places.channelsFirst()
    }

    private mutating func stretches(
        _ execution: Execution, _ body: @Sendable (UnsafeMutablePointer<Float>, Int) -> Void
    ) throws {
        try eachPart(Self.stretch, of: values.count, execution) { body($1 + $0.lowerBound, $0.count) }
    }
}
