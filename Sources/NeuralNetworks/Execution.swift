// How a network is run: on how many threads, with which kernels, until who stops it.
import Domain

/// Threads, kernels and cancellation of a forward pass, handed from layer to layer.
///
/// Results do not depend on the number of threads, bit for bit: work is cut into pieces by shapes alone, and each number is
/// summed within one piece, in one order.
package struct Execution: Sendable {
    package let threads: Int
    package let kernels: Kernels
    package let cancellation: Cancellation?
    /// Lives as long as this and its copies.
    private let spares = SpareArrays()

    package init(threads: Int, kernels: Kernels, cancellation: Cancellation? = nil) {
        self.threads = threads
        self.kernels = kernels
        self.cancellation = cancellation
    }

    /// A tensor whose numbers `fill` writes, all of them, in the memory of one that was done with if there is one.
    func tensor(_ shape: [Int], fill: (UnsafeMutablePointer<Float>) throws -> Void) rethrows -> Tensor {
        guard var values = spares.take(shape.reduce(1, *)) else { return try Tensor(shape, fill: fill) }
        try values.withUnsafeMutableBufferPointer { values in
            if let base = values.baseAddress { try fill(base) }
        }
        return Tensor(shape, values)
    }

    /// Hands over the memory of a tensor that nobody reads again.
    package func reuse(_ tensor: consuming Tensor) { spares.keep(tensor.values) }

    /// Does the tasks 0 ..< `count`, each of which writes what no other touches.
    /// - Throws: `FaultRecord` with code `job-cancelled`.
    func each(_ count: Int, _ task: @Sendable (Int) -> Void) throws(FaultRecord) {
        _ = try inOrder(count, threads: threads) { (i: Int) throws(FaultRecord) -> Void in
            try cancellation?.check()
            task(i)
        }
    }
}

/// Where tasks on several threads write, each to places of its own.
struct SharedOutput: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>
    init(_ base: UnsafeMutablePointer<Float>) { self.base = base }
}
