// The direct convolution: tiles that fit the cache, four output channels at a time.
import CKernels

/// What happens to a sum before it is stored: a = scale · sum + shift, then a or slope · a below 0. One of each per channel.
struct Epilogue: Sendable {
    var scale: [Float]
    var shift: [Float]
    var slope: [Float]
}

/// One convolution along given axes, of an image of given extents: a plan of tiles, and the work on each.
struct ConvolutionRun: Sendable {
    let axes: [AxisTaps]
    let kernel: PackedKernel
    let epilogue: Epilogue
    /// Depth, height and width of input and output.
    let inputExtents: [Int]
    let outputExtents: [Int]

    /// Fewer tasks than these are split by output channels (our choice; the same for any number of threads).
    static let fewTasks = 16

    /// Adds the convolution's tasks for every batch element. Outputs that the axes do not reach are left as they are.
    func callAsFunction(
        _ input: ImageStack, batch: Int, into output: UnsafeMutablePointer<Float>, _ execution: Execution
    ) throws {
        let tiles = ConvolutionTile.plan(axes: axes, kernel)
        let parts = tiles.count * batch * kernel.groups
        guard parts > 0 else { return }
        let chunks = min(kernel.blocks, max(1, Self.fewTasks / parts))
        let out = SharedOutput(output)
        try execution.each(parts * chunks) { task in
            let (part, chunk) = (task / chunks, task % chunks)
            let group = part % kernel.groups
            let n = part / kernel.groups / tiles.count
            let tile = ConvolutionTile(axes: axes, ranges: tiles[part / kernel.groups % tiles.count])
            let blocks = (kernel.blocks * chunk / chunks)..<(kernel.blocks * (chunk + 1) / chunks)
            work(on: tile, group, blocks, input, out.base, n, execution.kernels)
        }
    }

    private func work(
        on tile: ConvolutionTile, _ group: Int, _ blocks: Range<Int>, _ input: ImageStack,
        _ output: UnsafeMutablePointer<Float>, _ n: Int, _ kernels: Kernels
    ) {
        let inputs = kernel.inputsPerGroup
        let packed = UnsafeMutablePointer<Float>.allocate(capacity: tile.size(channels: inputs))
        defer { packed.deallocate() }
        input.eachPart(n, group: group, channels: inputs, places: inputExtents.reduce(1, *)) { image, first, count in
            tile.pack(
                image, extents: inputExtents, channels: count, into: packed + first * tile.size(channels: 1, slack: 0))
        }
        let offsets = tile.offsets(channels: inputs)
        let positions = tile.positions
        let sumStride = positions + Int(CKERNELS_SLACK)
        let sums = UnsafeMutablePointer<Float>.allocate(capacity: Int(CKERNELS_CHANNELS) * sumStride)
        defer { sums.deallocate() }
        for block in blocks {
            let width = PackedKernel.width(ofBlock: block, outputs: kernel.outputsPerGroup)
            let first = block * Int(CKERNELS_CHANNELS)
            for z in tile.ranges[0].indices {
                let plane = packed + tile.start(ofPlane: z - tile.ranges[0].lowerBound)
                kernel.withBlock(block, group: group) { weights in
                    kernels.table.pointee.products(
                        plane, offsets, offsets.count, weights, width, 1, width, sums, sumStride, positions, nil)
                }
                for lane in 0..<min(width, kernel.outputsPerGroup - first) {
                    let channel = group * kernel.outputsPerGroup + first + lane
                    let image =
                        output + (n * kernel.groups * kernel.outputsPerGroup + channel) * outputExtents.reduce(1, *)
                    store(sums + lane * sumStride, plane: z, of: tile, channel, into: image, kernels)
                }
            }
        }
    }

    /// Stores a plane of sums of one channel, without the gaps between its rows.
    private func store(
        _ sums: UnsafeMutablePointer<Float>, plane z: Int, of tile: ConvolutionTile, _ channel: Int,
        into image: UnsafeMutablePointer<Float>, _ kernels: Kernels
    ) {
        let (scale, shift, slope) = (epilogue.scale[channel], epilogue.shift[channel], epilogue.slope[channel])
        let affine = kernels.table.pointee.affine
        let (rowStart, columns) = (tile.ranges[2].lowerBound, tile.ranges[2].count)
        let planeOut = image + (axes[0].outputStart + z * axes[0].outputStep) * outputExtents[1] * outputExtents[2]
        let step = axes[2].outputStep
        for (row, y) in tile.ranges[1].enumerated() {
            let from = sums + row * tile.pitch
            let to =
                planeOut + (axes[1].outputStart + y * axes[1].outputStep) * outputExtents[2] + axes[2].outputStart
                + rowStart * step
            if step == 1 {
                affine(from, to, columns, scale, shift, slope)
            } else {
                affine(from, from, columns, scale, shift, slope)
                var next = to
                for x in 0..<columns {
                    next.pointee = from[x]
                    next += step
                }
            }
        }
    }
}
