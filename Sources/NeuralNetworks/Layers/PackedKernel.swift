// The weights of a convolution in the order in which the inner loop reads them.
import CKernels

/// Weights by group, by block of output channels, by tap, by channel of the block. Taps run over input channel, depth, height
/// and width of the kernel.
struct PackedKernel: Sendable {
    let inputsPerGroup: Int
    let outputsPerGroup: Int
    let groups: Int
    private let taps: Int
    private let weights: [Float]

    /// Output channels are taken four at a time; one or two that are left over make a block of their own width.
    static func width(ofBlock block: Int, outputs: Int) -> Int {
        let left = outputs - block * Int(CKERNELS_CHANNELS)
        return left == 1 || left == 2 ? left : Int(CKERNELS_CHANNELS)
    }

    var blocks: Int { (outputsPerGroup + Int(CKERNELS_CHANNELS) - 1) / Int(CKERNELS_CHANNELS) }

    var weightsPerGroup: Int { weights.count / groups }

    /// - Parameters:
    ///   - weights: [output, input of the group, depth, height, width], or with inputs of all groups first if `transposed`.
    ///   - kernel: extents of the kernel: depth, height, width.
    ///   - elements: which elements of the kernel are taken, along depth, height and width.
    init(
        _ weights: [Float], kernel: [Int], inputsPerGroup: Int, outputsPerGroup: Int, groups: Int, transposed: Bool,
        elements axes: [[Int]]
    ) {
        self.inputsPerGroup = inputsPerGroup
        self.outputsPerGroup = outputsPerGroup
        self.groups = groups
        let elements = axes[0].flatMap { z in
            axes[1].flatMap { y in axes[2].map { x in (z * kernel[1] + y) * kernel[2] + x } }
        }
        let size = kernel.reduce(1, *)
        taps = inputsPerGroup * elements.count
        var packed: [Float] = []
        packed.reserveCapacity(weights.count)
        for group in 0..<groups {
            for block in 0..<((outputsPerGroup + Int(CKERNELS_CHANNELS) - 1) / Int(CKERNELS_CHANNELS)) {
                let width = Self.width(ofBlock: block, outputs: outputsPerGroup)
                for input in 0..<inputsPerGroup {
                    for element in elements {
                        for lane in 0..<width {
                            let output = block * Int(CKERNELS_CHANNELS) + lane
                            guard output < outputsPerGroup else {
                                packed.append(0)
                                continue
                            }
                            let row =
                                transposed
                                ? (group * inputsPerGroup + input) * outputsPerGroup + output
                                : (group * outputsPerGroup + output) * inputsPerGroup + input
                            packed.append(weights[row * size + element])
                        }
                    }
                }
            }
        }
        self.weights = packed
    }

    /// Calls `body` with the weights of one block.
    func withBlock(_ block: Int, group: Int, _ body: (UnsafePointer<Float>) -> Void) {
        let lanes = Int(CKERNELS_CHANNELS)
        let perGroup = (blocks - 1) * lanes + Self.width(ofBlock: blocks - 1, outputs: outputsPerGroup)
        weights.withUnsafeBufferPointer {
            if let base = $0.baseAddress { body(base + (group * perGroup + block * lanes) * taps) }
        }
    }
}
