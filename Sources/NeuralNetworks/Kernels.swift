// The inner loops in C, of the instruction set that this processor runs best.
import CKernels
import Foundation

/// A set of kernels: `portable`, `avx2` or `avx512`. The sets agree within rounding (1e-5 in the layers), not bit for bit.
package struct Kernels: @unchecked Sendable {
    /// An immutable table with static storage in C.
    let table: UnsafePointer<ckernels_table>

    package var name: String { String(cString: table.pointee.name) }

    private init(_ table: UnsafePointer<ckernels_table>) { self.table = table }

    /// The set called `name`; nil where this build or this processor has none of that name.
    package init?(named name: String) {
        guard let table = ckernels_set(name) else { return nil }
        self.init(table)
    }

    /// All sets that run here, the fastest first.
    package static let available: [Kernels] = ["avx512", "avx2", "portable"].compactMap(Kernels.init(named:))

    /// The fastest set, or the one that the environment variable `OSTEON_KERNELS` names.
    /// - Throws: `NeuralNetworkError.kernelsUnavailable`.
    package static func best() throws(NeuralNetworkError) -> Kernels {
        guard let name = ProcessInfo.processInfo.environment["OSTEON_KERNELS"], !name.isEmpty else {
            guard let fastest = available.first else { throw .kernelsUnavailable(name: "portable", available: []) }
            return fastest
        }
        guard let forced = Kernels(named: name) else {
            throw .kernelsUnavailable(name: name, available: available.map(\.name))
        }
        return forced
    }
}
