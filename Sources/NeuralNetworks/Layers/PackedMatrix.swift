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
                for input in 0..<inputs {
                    var from = numbers + (input * inputStep + start * columnStep)
                    for column in 0..<own {
                        panel[column] = from.pointee
                        from += columnStep
                    }
                    (panel + own).initialize(repeating: 0, count: width - own)
                    panel += width
                }
            }
        }
    }

    var panelCount: Int { (columns + Self.panelWidth - 1) / Self.panelWidth }

    /// Width of a panel, a multiple of the widest vector.
    private static func width(ofPanel panel: Int, columns: Int) -> Int {
        let left = min(panelWidth, columns - panel * panelWidth)
        return (left + Int(CKERNELS_SLACK) - 1) / Int(CKERNELS_SLACK) * Int(CKERNELS_SLACK)
    }

    /// Rows of four, input by input, as the inner loop takes them.
    /// - Parameter rows: `count` rows (1 to 4) of `inputs` numbers, `stride` apart.
    static func interleave(
        _ rows: UnsafePointer<Float>, _ count: Int, stride: Int, inputs: Int, into out: UnsafeMutablePointer<Float>
    ) {
        let lanes = Int(CKERNELS_CHANNELS)
        guard count == lanes else {
            for lane in 0..<lanes {
                for input in 0..<inputs { out[input * lanes + lane] = lane < count ? rows[lane * stride + input] : 0 }
            }
            return
        }
        let (second, third, fourth) = (rows + stride, rows + 2 * stride, rows + 3 * stride)
        var next = out
        for input in 0..<inputs {
            next[0] = rows[input]
            next[1] = second[input]
            next[2] = third[input]
            next[3] = fourth[input]
            next += 4
        }
    }

    /// Products of four interleaved rows with one panel.
    /// - Parameter out: four rows of `panelWidth` numbers; the first `columns(of:)` of each are the products.
    func multiply(
        _ interleaved: UnsafePointer<Float>, panel: Int, into out: UnsafeMutablePointer<Float>, _ offsets: [Int32],
        _ kernels: Kernels
    ) {
        let width = Self.width(ofPanel: panel, columns: columns)
        panels.withUnsafeBufferPointer { panels in
            guard let base = panels.baseAddress else { return }
            kernels.table.pointee.products(
                base + panel * Self.panelWidth * inputs, offsets, inputs, interleaved, Int(CKERNELS_CHANNELS), out,
                Self.panelWidth, width)
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
