// A matrix in panels of columns, and the product of rows with it.
import CKernels

/// Matrices [inputs, columns] of one shape, in panels of up to 96 columns, each read from front to back by the inner loop.
struct PackedMatrix: Sendable {
    let inputs: Int
    let columns: Int
    private let panels: [Float]
    /// Numbers of one matrix.
    private let size: Int

    /// Columns of a panel: a whole number of vectors of every kernel set (our choice).
    static let panelWidth = 96

    /// One matrix.
    /// - Parameters:
    ///   - numbers: the matrix, of any layout.
    ///   - inputStep: distance of the numbers of neighbouring inputs.
    ///   - columnStep: distance of the numbers of neighbouring columns.
    init(_ numbers: UnsafePointer<Float>, inputs: Int, columns: Int, inputStep: Int, columnStep: Int) {
        self.inputs = inputs
        self.columns = columns
        size = Self.size(inputs: inputs, columns: columns)
        panels =
            Tensor([size]) {
                Self.pack(numbers, inputs, columns, inputStep, columnStep, into: $0)
            }.values
    }

    /// Several matrices, one after the other in memory.
    /// - Parameter matrix: one of them: [columns, inputs].
    init(_ count: Int, inputs: Int, columns: Int, matrix: (Int) -> [Float]) {
        self.inputs = inputs
        self.columns = columns
        let size = Self.size(inputs: inputs, columns: columns)
        self.size = size
        panels =
            Tensor([count * size]) { out in
                for number in 0..<count {
                    matrix(number).withUnsafeBufferPointer { numbers in
                        guard let numbers = numbers.baseAddress else { return }
                        Self.pack(numbers, inputs, columns, 1, inputs, into: out + number * size)
                    }
                }
            }.values
    }

    private static func size(inputs: Int, columns: Int) -> Int {
        stride(from: 0, to: columns, by: panelWidth).map { width(ofPanel: $0 / panelWidth, columns: columns) }
            .reduce(0, +) * inputs
    }

    private static func pack(
        _ numbers: UnsafePointer<Float>, _ inputs: Int, _ columns: Int, _ inputStep: Int, _ columnStep: Int,
        into panels: UnsafeMutablePointer<Float>
    ) {
        var panel = panels
        for start in stride(from: 0, to: columns, by: panelWidth) {
            let width = width(ofPanel: start / panelWidth, columns: columns)
            let own = min(width, columns - start)
            if own < width { panel.initialize(repeating: 0, count: width * inputs) }
            if columnStep == 1 {
                for input in 0..<inputs {
                    (panel + input * width).initialize(from: numbers + (input * inputStep + start), count: own)
                }
            } else {
                // As many columns at a time as numbers of a line of the cache, which is then written at once.
                for first in stride(from: 0, to: own, by: 16) {
                    let columns = min(16, own - first)
                    for input in 0..<inputs {
                        let from = numbers + ((start + first) * columnStep + input * inputStep)
                        let to = panel + (input * width + first)
                        for column in 0..<columns { to[column] = from[column * columnStep] }
                    }
                }
            }
            panel += width * inputs
        }
    }

    var panelCount: Int { (columns + Self.panelWidth - 1) / Self.panelWidth }

    /// Width of a panel, a multiple of the widest vector.
    private static func width(ofPanel panel: Int, columns: Int) -> Int {
        let left = min(panelWidth, columns - panel * panelWidth)
        return (left + Int(CKERNELS_SLACK) - 1) / Int(CKERNELS_SLACK) * Int(CKERNELS_SLACK)
    }

    /// Products of rows with one panel, as many at a time as the inner loop takes.
    /// - Parameters:
    ///   - rows: `count` of them, `rowStep` apart.
    ///   - next: the matrix whose panel of the same number will be wanted next.
    ///   - out: rows `stride` apart, with room for `panelWidth` numbers each, of which the first, as many as `columns(of:)`, are the
    ///     products; the rows of the next group where `then` has been given the range of those of the last.
    func multiply(
        _ rows: UnsafePointer<Float>, _ count: Int, rowStep: Int, matrix: Int = 0, next: Int = 0, panel: Int,
        into out: UnsafeMutablePointer<Float>, stride: Int, _ offsets: [Int32], _ kernels: Kernels,
        then: (Range<Int>) -> Void = { _ in }
    ) {
        let width = Self.width(ofPanel: panel, columns: columns)
        let products = kernels.table.pointee.products
        panels.withUnsafeBufferPointer { panels in
            guard let base = panels.baseAddress else { return }
            let start = base + panel * Self.panelWidth * inputs
            offsets.withUnsafeBufferPointer { offsets in
                guard let offsets = offsets.baseAddress else { return }
                var (row, ahead) = (0, 0)
                while row < count {
                    var some = Int(CKERNELS_ROWS)
                    while some > count - row { some /= 2 }
                    // Each group fetches its share of the next panel, while there is more of it.
                    products(
                        start + matrix * size, offsets, inputs, rows + row * rowStep, 1, rowStep, some, out, stride,
                        width, ahead < width ? start + next * size + ahead * inputs : nil)
                    then(row..<row + some)
                    row += some
                    ahead += Int(CKERNELS_AHEAD) * (width + Int(CKERNELS_PASS) - 1) / Int(CKERNELS_PASS)
                }
            }
        }
    }

    /// Columns of a panel that are the matrix's own.
    func columns(of panel: Int) -> Range<Int> {
        panel * Self.panelWidth..<min(columns, (panel + 1) * Self.panelWidth)
    }

    /// Where a panel's inputs start.
    func offsets(of panel: Int) -> [Int32] {
        let width = Self.width(ofPanel: panel, columns: columns)
        return (0..<inputs).map { Int32($0 * width) }
    }
}
