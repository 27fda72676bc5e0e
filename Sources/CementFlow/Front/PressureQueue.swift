// Cells in the order in which the front visits them.

/// Cells waiting for their turn, highest pressure first: a binary heap.
struct PressureQueue {
    private var heap: [Int32] = []

    mutating func push(_ cell: Int, _ p: UnsafeMutablePointer<Double>) {
        heap.append(Int32(cell))
        var i = heap.count - 1
        while i > 0 {
            let parent = (i - 1) / 2
            guard p[Int(heap[i])] > p[Int(heap[parent])] else { return }
            heap.swapAt(i, parent)
            i = parent
        }
    }

    mutating func pop(_ p: UnsafeMutablePointer<Double>) -> Int? {
        guard let top = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return Int(top) }
        heap[0] = last
        var i = 0
        while true {
            var child = 2 * i + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, p[Int(heap[child + 1])] > p[Int(heap[child])] { child += 1 }
            guard p[Int(heap[child])] > p[Int(heap[i])] else { break }
            heap.swapAt(i, child)
            i = child
        }
        return Int(top)
    }
}
