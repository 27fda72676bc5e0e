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
    let matrices: PackedMatrix

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
        let products = isCut ? Self.strassen : Self.whole
        self.products = products
        let (height, width) = (inputs / parts, columns / parts)
        matrices = PackedMatrix(products.count, inputs: height, columns: width) {
            Self.sum(of: products[$0].weights, weight, inputs: inputs, height: height, width: width)
        }
    }

    /// A sum of blocks of weights: [width, height], of `height` inputs and `width` columns.
    private static func sum(
        of blocks: [Block], _ weight: [Float], inputs: Int, height: Int, width: Int
    ) -> [Float] {
        [Float](unsafeUninitializedCapacity: width * height) { sum, count in
            count = width * height
            sum.initialize(repeating: 0)
            weight.withUnsafeBufferPointer { weight in
                guard let weight = weight.baseAddress, let sum = sum.baseAddress else { return }
                for block in blocks {
                    for column in 0..<width {
                        let from = weight + ((block.second * width + column) * inputs + block.first * height)
                        let to = sum + column * height
                        for input in 0..<height { to[input] += block.sign * from[input] }
                    }
                }
            }
        }
    }

    /// Writes the sums that the products take of one row of each half: `inputs` / 2 numbers each, `stride` apart.
    /// - Parameter halves: where the row of either half starts.
    func sums(
        of halves: [UnsafePointer<Float>], into out: UnsafeMutablePointer<Float>, stride: Int, _ kernels: Kernels
    ) {
        let length = inputs / 2
        let place = { (block: Block) in halves[block.first] + block.second * length }
        for (number, product) in products.enumerated() {
            let (to, first) = (out + number * stride, place(product.rows[0]))
            if product.rows.count > 1 {
                let second = product.rows[1]
                kernels.table.pointee.combine(first, place(second), to, length, second.sign)
            } else {
                to.update(from: first, count: length)
            }
        }
    }
}
