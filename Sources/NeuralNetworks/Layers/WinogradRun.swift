// A convolution in half the products: rows are transformed, multiplied part by part, and transformed back.
import CKernels

/// One convolution by `WinogradKernel`, of an image of given extents: a plan of tiles, and the work on each.
///
/// Six transformed inputs for every four outputs of a row lie in six parts; each part is a small convolution over channels, depth and
/// height. A tile's axis along the width therefore counts groups of four outputs.
struct WinogradRun: Sendable {
    let axes: [AxisTaps]
    let kernel: WinogradKernel
    let epilogue: Epilogue
    /// Depth, height and width of input and output.
    let inputExtents: [Int]
    let outputExtents: [Int]

    /// Outputs of a group.
    private static let group = 4
    /// Positions of a plane below which the inner loop's vectors would be mostly empty (our choice).
    private static let fewestPositions = 32

    /// Whether six products for a group of four, the last of which may be partly empty, are fewer than twelve by a margin.
    static func pays(outputExtents: [Int]) -> Bool {
        let groups = (outputExtents[2] + group - 1) / group
        return groups * outputExtents[1] >= fewestPositions && 7 * groups < 3 * outputExtents[2]
    }

    /// Writes the convolution of every batch element.
    func callAsFunction(
        _ input: ImageStack, batch: Int, into output: UnsafeMutablePointer<Float>, _ execution: Execution
    ) throws {
        let first = kernel.parts[0]
        let groups = AxisTaps(offsets: [0], count: (outputExtents[2] + Self.group - 1) / Self.group)
        let tileAxes = [axes[0], axes[1], groups]
        let tiles = ConvolutionTile.plan(axes: tileAxes, first, parts: kernel.parts.count)
        let pieces = tiles.count * batch * first.groups
        guard pieces > 0 else { return }
        let chunks = min(first.blocks, max(1, ConvolutionRun.fewTasks / pieces))
        let out = SharedOutput(output)
        try execution.each(pieces * chunks) { task in
            let (piece, chunk) = (task / chunks, task % chunks)
            let tile = ConvolutionTile(axes: tileAxes, ranges: tiles[piece / first.groups % tiles.count])
            let blocks = (first.blocks * chunk / chunks)..<(first.blocks * (chunk + 1) / chunks)
            work(
                on: tile, piece % first.groups, blocks, input, out.base, piece / first.groups / tiles.count,
                execution.kernels)
        }
    }

    private func work(
        on tile: ConvolutionTile, _ group: Int, _ blocks: Range<Int>, _ input: ImageStack,
        _ output: UnsafeMutablePointer<Float>, _ n: Int, _ kernels: Kernels
    ) {
        let (first, lanes) = (kernel.parts[0], Int(CKERNELS_CHANNELS))
        let inputs = first.inputsPerGroup
        let partSize = tile.size(channels: inputs)
        let packed = UnsafeMutablePointer<Float>.allocate(capacity: kernel.parts.count * partSize)
        defer { packed.deallocate() }
        input.eachPart(n, group: group, channels: inputs, places: inputExtents.reduce(1, *)) { image, first, count in
            pack(
                tile, image, channels: count, into: packed + first * tile.size(channels: 1, slack: 0), partSize,
                kernels)
        }
        let offsets = tile.offsets(channels: inputs)
        let positions = tile.positions
        let sumStride = positions + Int(CKERNELS_SLACK)
        let sums = UnsafeMutablePointer<Float>.allocate(capacity: kernel.parts.count * lanes * sumStride)
        defer { sums.deallocate() }
        for block in blocks {
            let width = PackedKernel.width(ofBlock: block, outputs: first.outputsPerGroup)
            for z in tile.ranges[0].indices {
                let plane = packed + tile.start(ofPlane: z - tile.ranges[0].lowerBound)
                for (part, kernel) in kernel.parts.enumerated() {
                    kernel.withBlock(block, group: group) { weights in
                        kernels.table.pointee.products(
                            plane + part * partSize, offsets, offsets.count, weights, width, 1, width,
                            sums + part * lanes * sumStride, sumStride, positions, nil)
                    }
                }
                for lane in 0..<min(width, first.outputsPerGroup - block * lanes) {
                    let channel = group * first.outputsPerGroup + block * lanes + lane
                    let channels = n * first.groups * first.outputsPerGroup + channel
                    store(
                        sums + lane * sumStride, lanes * sumStride, plane: z, of: tile, channel,
                        into: output + channels * outputExtents.reduce(1, *), kernels)
                }
            }
        }
    }

    /// Stores a plane of one channel from the sums of its parts, `partStride` apart.
    private func store(
        _ sums: UnsafePointer<Float>, _ partStride: Int, plane z: Int, of tile: ConvolutionTile, _ channel: Int,
        into image: UnsafeMutablePointer<Float>, _ kernels: Kernels
    ) {
        let (scale, shift, slope) = (epilogue.scale[channel], epilogue.shift[channel], epilogue.slope[channel])
        let start = tile.ranges[2].lowerBound * Self.group
        let columns = min(tile.ranges[2].count * Self.group, outputExtents[2] - start)
        for (row, y) in tile.ranges[1].enumerated() {
            kernels.table.pointee.winogradOutput(
                sums + row * tile.pitch, partStride, image + (z * outputExtents[1] + y) * outputExtents[2] + start,
                columns, scale, shift, slope)
        }
    }

    /// Transforms the tile's inputs, zeros outside the image, into one buffer per part.
    private func pack(
        _ tile: ConvolutionTile, _ image: UnsafePointer<Float>, channels: Int,
        into packed: UnsafeMutablePointer<Float>, _ partSize: Int, _ kernels: Kernels
    ) {
        let (depth, height, width) = (inputExtents[0], inputExtents[1], inputExtents[2])
        let groups = tile.ranges[2].count
        let starts = (0..<2).map { tile.ranges[$0].lowerBound + axes[$0].first }
        let extents = (0..<2).map { axes[$0].reach(tile.ranges[$0].count) }
        let from = tile.ranges[2].lowerBound * Self.group + axes[2].first
        let length = groups * Self.group + axes[2].offsets.count - 1
        let (before, after) = (min(length, max(0, -from)), min(length, max(0, width - from)))
        withUnsafeTemporaryAllocation(of: Float.self, capacity: length) { line in
            guard let line = line.baseAddress else { return }
            line.initialize(repeating: 0, count: length)
            var out = packed
            for c in 0..<channels {
                for z in starts[0]..<(starts[0] + extents[0]) {
                    for y in starts[1]..<(starts[1] + extents[1]) {
                        if z >= 0, z < depth, y >= 0, y < height {
                            let row = image + ((c * depth + z) * height + y) * width
                            (line + before).initialize(from: row + from + before, count: max(0, after - before))
                            kernels.table.pointee.winogradInput(line, groups, out, partSize)
                        } else {
                            for part in kernel.parts.indices {
                                (out + part * partSize).initialize(repeating: 0, count: groups)
                            }
                        }
                        out += groups
                    }
                }
            }
            for part in kernel.parts.indices {
                (out + part * partSize).initialize(repeating: 0, count: Int(CKERNELS_SLACK))
            }
        }
    }
}
