// An array of numbers with a shape.
import Glibc

/// Single-precision numbers in row-major order: the last axis is the fastest.
///
/// Images are [batch, channel, depth, height, width] (PyTorch's NCDHW) or [batch, channel, height, width]; tokens are
/// [batch, token, feature]. A tensor is a value: a copy shares its numbers until one of the two changes.
package struct Tensor: Sendable, Equatable {
    package private(set) var shape: [Int]
    /// As many numbers as the product of `shape`.
    package var values: [Float]

    /// - Parameter values: as many as `shape` has places.
    package init(_ shape: [Int], _ values: [Float]) {
        assert(values.count == shape.reduce(1, *))
        self.shape = shape
        self.values = values
    }

    /// A tensor whose numbers `fill` writes, all of them.
    init(_ shape: [Int], fill: (UnsafeMutablePointer<Float>) throws -> Void) rethrows {
        let count = shape.reduce(1, *)
        self.shape = shape
        values = try [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
            if let base = buffer.baseAddress {
                Self.preferLargePages(base, count)
                try fill(base)
            }
            initialised = count
        }
    }

    /// Asks for pages of 2 MB: the first write to each of 4 kB takes longer than what a layer computes for it.
    private static func preferLargePages(_ base: UnsafeMutablePointer<Float>, _ count: Int) {
        let (page, bytes) = (4096, count * MemoryLayout<Float>.stride)
        guard bytes > 2 << 20 else { return }
        let skipped = (page - Int(bitPattern: base) % page) % page
        // Only a hint: where the kernel does not take it, nothing changes but the time.
        _ = madvise(UnsafeMutableRawPointer(base) + skipped, (bytes - skipped) / page * page, MADV_HUGEPAGE)
    }

    package init(zeros shape: [Int]) { self.init(shape, [Float](repeating: 0, count: shape.reduce(1, *))) }

    /// The same numbers in another shape of as many places.
    package func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape, values) }

    /// The numbers of one batch element and channel of an image.
    package var placesPerChannel: Int { shape.dropFirst(2).reduce(1, *) }

    /// Several images side by side along the channel axis.
    /// - Throws: `NeuralNetworkError.inputUnsuitable` where they differ in another axis.
    package static func concatenated(_ parts: [Tensor]) throws -> Tensor {
        guard let first = parts.first else { return Tensor([0], []) }
        for part in parts
        where part.shape.first != first.shape.first || part.shape.dropFirst(2) != first.shape.dropFirst(2) {
            throw NeuralNetworkError.inputUnsuitable(
                layer: "concatenation", shape: part.shape, needed: "the shape \(first.shape) but for its channels")
        }
        let channels = parts.map { $0.shape[1] }.reduce(0, +)
        let batch = first.shape[0]
        return Tensor([batch, channels] + first.shape.dropFirst(2)) { out in
            var next = out
            for n in 0..<batch {
                for part in parts {
                    let count = part.shape[1] * part.placesPerChannel
                    part.values.withUnsafeBufferPointer { values in
                        if let base = values.baseAddress { next.initialize(from: base + n * count, count: count) }
                    }
                    next += count
                }
            }
        }
    }

    /// Images with the channel axis moved last ([N, C, H, W] → [N, H, W, C]).
    func channelsLast() -> Tensor {
        let (batch, channels, places) = (shape[0], shape[1], placesPerChannel)
        return Tensor([batch] + shape.dropFirst(2) + [channels], transposed(batch, channels, places))
    }

    /// The way back ([N, H, W, C] → [N, C, H, W]).
    func channelsFirst() -> Tensor {
        let (batch, channels) = (shape[0], shape[shape.count - 1])
        let places = shape[1..<(shape.count - 1)]
        return Tensor([batch, channels] + places, transposed(batch, places.reduce(1, *), channels))
    }

    private func transposed(_ batch: Int, _ rows: Int, _ columns: Int) -> [Float] {
        Tensor([batch, columns, rows]) { out in
            values.withUnsafeBufferPointer { values in
                for n in 0..<batch {
                    let start = n * rows * columns
                    for column in 0..<columns {
                        for row in 0..<rows {
                            out[start + column * rows + row] = values[start + row * columns + column]
                        }
                    }
                }
            }
        }.values
    }
}
