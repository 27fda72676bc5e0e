// Numbers at a fixed address: what the hot loops read and write.

/// An array that is allocated once and does not move, padded at both ends, so that loops can hold plain pointers to it.
final class Field<Element> {
    let count: Int
    /// Points to the first element proper; `padding` elements before and after it may be read.
    let start: UnsafeMutablePointer<Element>
    private let base: UnsafeMutablePointer<Element>
    private static var padding: Int { 8 }

    init(repeating value: Element, count: Int) {
        self.count = count
        base = .allocate(capacity: count + 2 * Self.padding)
        base.initialize(repeating: value, count: count + 2 * Self.padding)
        start = base + Self.padding
    }

    convenience init(_ values: [Element], orEmpty value: Element) {
        self.init(repeating: value, count: values.count)
        for (i, value) in values.enumerated() { start[i] = value }
    }

    deinit {
        base.deinitialize(count: count + 2 * Self.padding)
        base.deallocate()
    }

    var array: [Element] { Array(UnsafeBufferPointer(start: start, count: count)) }
}
