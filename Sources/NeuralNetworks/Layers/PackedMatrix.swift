// A matrix in panels of columns, and the product of rows with it.
import CKernels

/// A matrix [inputs, columns] in panels of up to 96 columns, each read from front to back by the inner loop.
struct PackedMatrix: Sendable {
    let inputs: Int
    let columns: Int
    private let panels: [Float]

    /// Columns of a panel: a whole number of vectors of every kernel set (our choice).
    static let panelWidth = 96

    /// - Parameters:
    ///   - numbers: the matrix, of any layout.
    ///   - inputStep: distance of the numbers of neighbouring inputs.
    ///   - columnStep: distance of the numbers of neighbouring columns.
    init(_ numbers: UnsafePointer<Float>, inputs: Int, columns: Int, inputStep: Int, columnStep: Int) {
        self.inputs = inputs
        self.columns = columns
        let starts = stride(from: 0, to: columns, by: Self.panelWidth)
        let size = starts.map { Self.width(ofPanel: $0 / Self.panelWidth, columns: columns) }.reduce(0, +) * inputs
        panels = [Float](unsafeUninitializedCapacity: size) { buffer, count in
            count = size
            guard var panel = buffer.baseAddress else { return }
            for start in starts {
                let width = Self.width(ofPanel: start / Self.panelWidth, columns: columns)
                let own = min(width, columns - start)
                if own < width { panel.initialize(repeating: 0, count: width * inputs) }
                // Along the numbers as they lie.
                if columnStep == 1 {
                    for input in 0..<inputs {
                        (panel + input * width).initialize(from: numbers + (input * inputStep + start), count: own)
                    }
                } else {
                    for column in 0..<own {
                        var from = numbers + (start + column) * columnStep
                        var to = panel + column
                        for _ in 0..<inputs {
                            to.pointee = from.pointee
                            from += inputStep
                            to += width
                        }
                    }
                }
                panel += width * inputs
            }
        }
    }

    var panelCount: Int { (columns + Self.panelWidth - 1) / Self.panelWidth }

    /// Width of a panel, a multiple of the widest vector.
    private static func width(ofPanel panel: Int, columns: Int) -> Int {
        let left = min(panelWidth, columns - panel * panelWidth)
        return (left + Int(CKERNELS_SLACK) - 1) / Int(CKERNELS_SLACK) * Int(CKERNELS_SLACK)
    }

    /// Products of groups of four interleaved rows with one panel, `then` after each group.
    /// - Parameters:
    ///   - interleaved: the rows of each group, input by input, a group after the other.
    ///   - out: four rows `stride` apart, with room for `panelWidth` numbers each, of which the first, as many as `columns(of:)`,
    ///     are a group's products.
    func multiply(
        _ interleaved: UnsafePointer<Float>, groups: Int = 1, panel: Int, into out: UnsafeMutablePointer<Float>,
        stride: Int, _ offsets: [Int32], _ kernels: Kernels, then: (Int) -> Void = { _ in }
    ) {
        let width = Self.width(ofPanel: panel, columns: columns)
        let lanes = Int(CKERNELS_CHANNELS)
        panels.withUnsafeBufferPointer { panels in
            guard let base = panels.baseAddress else { return }
            offsets.withUnsafeBufferPointer { offsets in
                guard let offsets = offsets.baseAddress else { return }
                for group in 0..<groups {
                    kernels.table.pointee.products(
                        base + panel * Self.panelWidth * inputs, offsets, inputs,
                        interleaved + group * lanes * inputs, lanes, out, stride, width)
                    then(group)
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
