// The weights of a linear layer, in blocks from which few products make all of its output.
import CKernels

/// A matrix [inputs, columns], cut along both axes into as many parts as rows will be, and a recipe of products of sums of blocks.
///
/// Small matrices are one block. Large ones are cut in half, and seven products do for the eight of halves of rows and halves of
/// weights: Strassen 1969, "Gaussian elimination is not optimal", https://doi.org/10.1007/BF02165411. Rounding grows little in one step
/// (Higham 2002, "Accuracy and Stability of Numerical Algorithms", section 23.2.2).
struct BlockedMatrix: Sendable {
    /// A block by its half along either axis, and its sign.
    struct Block: Sendable {
        let first: Int
        let second: Int
        var sign: Float = 1
    }

    /// One product: a sum of one or two blocks of the rows [row half, input half] with one of the weights [input half, column half],
    /// added to blocks of the output [row half, column half].
    struct Product: Sendable {
        let rows: [Block]
        fileprivate let weights: [Block]
        let results: [Block]
    }

    let inputs: Int
    let columns: Int
    /// Parts along each axis: 1 or 2.
    let parts: Int
    let products: [Product]
    /// For each product, its sum of weights.
    let matrices: [PackedMatrix]

    /// Halves of fewer inputs or columns than these would lose to their additions what they win (our choice).
    private static let smallestHalf = 192

    private static let whole = [
        Product(
            rows: [Block(first: 0, second: 0)], weights: [Block(first: 0, second: 0)],
            results: [Block(first: 0, second: 0)])
    ]

    private static let strassen: [Product] = {
        let (a, b, c, d) = (
            Block(first: 0, second: 0), Block(first: 0, second: 1), Block(first: 1, second: 0),
            Block(first: 1, second: 1)
        )
        func minus(_ block: Block) -> Block { Block(first: block.first, second: block.second, sign: -1) }
        return [
            Product(rows: [a, d], weights: [a, d], results: [a, d]),
            Product(rows: [c, d], weights: [a], results: [c, minus(d)]),
            Product(rows: [a], weights: [b, minus(d)], results: [b, d]),
            Product(rows: [d], weights: [c, minus(a)], results: [a, c]),
            Product(rows: [a, b], weights: [d], results: [minus(a), b]),
            Product(rows: [c, minus(a)], weights: [a, b], results: [d]),
            Product(rows: [b, minus(d)], weights: [c, d], results: [a]),
        ]
    }()

    /// - Parameter weight: [columns, inputs], as PyTorch keeps a linear layer's.
    init(_ weight: [Float], inputs: Int, columns: Int) {
        self.inputs = inputs
        self.columns = columns
        let isCut =
            inputs % 2 == 0 && columns % 2 == 0 && min(inputs, columns) >= 2 * Self.smallestHalf
        parts = isCut ? 2 : 1
        products = isCut ? Self.strassen : Self.whole
        let (height, width) = (inputs / parts, columns / parts)
        matrices = products.map { product in
            var sum = [Float](repeating: 0, count: height * width)
            for block in product.weights {
                for column in 0..<width {
                    let from = (block.second * width + column) * inputs + block.first * height
                    for input in 0..<height { sum[column * height + input] += block.sign * weight[from + input] }
                }
            }
            return PackedMatrix(sum, inputs: height, columns: width, inputStep: 1, columnStep: height)
        }
    }

    /// Writes the sums of rows that a product takes, four rows at a time, input by input, as the inner loop reads them.
    /// - Parameters:
    ///   - rows: [count, inputs].
    ///   - half: rows from which the second half starts.
    ///   - group: the four rows, of either half.
    ///   - out: room for 4 · inputs / parts numbers.
    func interleave(
        _ rows: UnsafePointer<Float>, count: Int, half: Int, group: Int, of product: Product,
        into out: UnsafeMutablePointer<Float>, _ kernels: Kernels
    ) {
        let lanes = Int(CKERNELS_CHANNELS)
        let length = inputs / parts
        func place(_ block: Block) -> (from: UnsafePointer<Float>, count: Int) {
            let row = block.first * half + group * lanes
            let there = max(0, min(lanes, count - row))
            return (there == 0 ? rows : rows + row * inputs + block.second * length, there)
        }
        let first = place(product.rows[0])
        let second = product.rows.count > 1 ? place(product.rows[1]) : first
        let sign = product.rows.count > 1 ? product.rows[1].sign : 0
        kernels.table.pointee.interleave(
            first.from, first.count, second.from, second.count, sign, inputs, length, out)
    }
}
