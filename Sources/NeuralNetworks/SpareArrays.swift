// Memory of tensors that are done with, for the tensors that follow.
import Synchronization

/// Arrays to be written again. The system clears fresh memory page by page, which takes longer than what a layer computes for it.
///
/// An array is found by its size alone: a network asks for the same few sizes again and again.
final class SpareArrays: Sendable {
    /// Smaller arrays are left to the allocator, which keeps them itself: 256 kB (our choice).
    private static let smallest = 65_536

    private let arrays = Mutex<[Int: [[Float]]]>([:])

    /// An array of `count` numbers, whatever they are. Where there is none, smaller ones are let go: they wait for layers of another
    /// resolution, and the peak of memory is where the tensors are largest.
    func take(_ count: Int) -> [Float]? {
        guard count >= Self.smallest else { return nil }
        return arrays.withLock { arrays in
            if let spare = arrays[count]?.popLast() { return spare }
            arrays = arrays.filter { $0.key > count }
            return nil
        }
    }

    func keep(_ array: [Float]) {
        guard array.count >= Self.smallest else { return }
        arrays.withLock { $0[array.count, default: []].append(array) }
    }
}
