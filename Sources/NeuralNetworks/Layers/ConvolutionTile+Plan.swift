// How the outputs of a convolution are cut into tiles.

extension ConvolutionTile {
    /// Packed inputs of a tile: three quarters of a second-level cache of one megabyte (our choice).
    private static let cachedFloats = 196_608
    /// What packing an input and reading a weight again cost, in steps of the inner loop on a full vector (our choice).
    private static let packingCost = 1.0
    private static let weightCost = 0.3
    /// Positions of a full vector of the widest kernels; longest row of a tile (our choice).
    private static let vector = 16
    private static let longestRow = 256

    /// Tiles of whole rows, or of equal parts of long rows, whose inputs fit the cache, with the least packing, reading of weights
    /// and computing per output.
    /// - Parameter parts: how many times as many inputs are packed, and products made.
    /// - Returns: ranges along depth, height and width; none where there are no outputs.
    static func plan(axes: [AxisTaps], _ kernel: PackedKernel, parts: Int = 1) -> [[Range<Int>]] {
        let counts = axes.map(\.count)
        guard counts.allSatisfy({ $0 > 0 }) else { return [] }
        let longest = longestRow / (parts > 1 ? 4 : 1)
        let row = (counts[2] + (counts[2] - 1) / longest) / ((counts[2] - 1) / longest + 1)
        let weights = Double(parts * kernel.weightsPerGroup)
        var best = (depth: 1, height: 1, cost: Double.infinity)
        for depth in 1...min(counts[0], 8) {
            for height in 1...counts[1] {
                let tile = ConvolutionTile(axes: axes, ranges: [0..<depth, 0..<height, 0..<row])
                let size = parts * tile.size(channels: kernel.inputsPerGroup)
                guard size <= cachedFloats else { break }
                let vectors = depth * ((tile.positions + vector - 1) / vector)
                let cost = Double(size) * packingCost + weights * (weightCost + Double(vectors))
                if cost / Double(depth * height) < best.cost {
                    best = (depth, height, cost / Double(depth * height))
                }
            }
        }
        let steps = [best.depth, best.height, row]
        let ranges = (0..<3).map { axis in
            stride(from: 0, to: counts[axis], by: steps[axis]).map { $0..<min($0 + steps[axis], counts[axis]) }
        }
        return ranges[0].flatMap { z in ranges[1].flatMap { y in ranges[2].map { x in [z, y, x] } } }
    }
}
