// One tile of a convolution: its inputs packed with their padding, so that the inner loop knows no border.
import CKernels

/// A box of outputs, and the buffer that holds the inputs which it sums.
///
/// Inputs are packed so that a tap reads its inputs for a whole plane of outputs at one offset: with a stride, inputs of equal
/// remainder lie together. Rows follow each other with `pitch`; outputs in the gap between rows are computed and dropped.
struct ConvolutionTile {
    let axes: [AxisTaps]
    /// Outputs of the tile along depth, height and width.
    let ranges: [Range<Int>]
    private let planes: Int
    private let remainders: [[Int]]
    private let rows: Int
    let pitch: Int

    init(axes: [AxisTaps], ranges: [Range<Int>]) {
        self.axes = axes
        self.ranges = ranges
        planes = axes[0].reach(ranges[0].count)
        remainders = axes.map { axis in Set(axis.offsets.map { ($0 - axis.first) % axis.inputStep }).sorted() }
        let extra = axes.map { axis in (axis.offsets.map { ($0 - axis.first) / axis.inputStep }.max() ?? 0) }
        rows = ranges[1].count + extra[1]
        pitch = ranges[2].count + extra[2]
    }

    private var plane: Int { remainders[1].count * remainders[2].count * rows * pitch }
    private var channel: Int { planes * plane }
    /// Outputs of one plane of the tile, with the gaps between its rows.
    var positions: Int { ranges[1].isEmpty ? 0 : (ranges[1].count - 1) * pitch + ranges[2].count }
    /// Floats that the inputs of `channels` channels take.
    func size(channels: Int, slack: Int = Int(CKERNELS_SLACK)) -> Int { channels * channel + slack }
    /// Where the inputs of output plane `z` of the tile start.
    func start(ofPlane z: Int) -> Int { z * axes[0].inputStep * plane }

    /// Where each tap of a plane of outputs finds its first input, in the order of `PackedKernel`.
    func offsets(channels: Int) -> [Int32] {
        let slots = axes.indices.map { axis in
            axes[axis].offsets.map { offset in
                let distance = offset - axes[axis].first
                let remainder = distance % axes[axis].inputStep
                return (
                    distance: distance, slot: remainders[axis].firstIndex(of: remainder) ?? 0,
                    index: distance / axes[axis].inputStep
                )
            }
        }
        var offsets: [Int32] = []
        offsets.reserveCapacity(channels * slots[0].count * slots[1].count * slots[2].count)
        for c in 0..<channels {
            for z in slots[0] {
                for y in slots[1] {
                    for x in slots[2] {
                        let block = y.slot * remainders[2].count + x.slot
                        let place = (block * rows + y.index) * pitch + x.index
                        offsets.append(Int32(c * channel + z.distance * plane + place))
                    }
                }
            }
        }
        return offsets
    }

    /// Copies the tile's inputs, with zeros outside the image.
    /// - Parameters:
    ///   - image: the first input channel of the group, of extents `extents` (depth, height, width).
    ///   - packed: room for `size(channels:)` floats.
    func pack(_ image: UnsafePointer<Float>, extents: [Int], channels: Int, into packed: UnsafeMutablePointer<Float>) {
        let (depth, height, width) = (extents[0], extents[1], extents[2])
        let start = axes.indices.map { ranges[$0].lowerBound * axes[$0].inputStep + axes[$0].first }
        let (stepY, stepX) = (axes[1].inputStep, axes[2].inputStep)
        var out = packed
        for c in 0..<channels {
            for z in start[0]..<(start[0] + planes) {
                for remainderY in remainders[1] {
                    for remainderX in remainders[2] {
                        for row in 0..<rows {
                            let y = start[1] + remainderY + row * stepY
                            if z >= 0, z < depth, y >= 0, y < height {
                                let line = image + ((c * depth + z) * height + y) * width
                                Self.packRow(line, width, from: start[2] + remainderX, step: stepX, pitch, into: out)
                            } else {
                                out.initialize(repeating: 0, count: pitch)
                            }
                            out += pitch
                        }
                    }
                }
            }
        }
        out.initialize(repeating: 0, count: Int(CKERNELS_SLACK))
    }

    /// Inputs from, from + step, … of one line.
    private static func packRow(
        _ line: UnsafePointer<Float>, _ width: Int, from: Int, step: Int, _ count: Int,
        into out: UnsafeMutablePointer<Float>
    ) {
        let before = min(count, from < 0 ? (-from + step - 1) / step : 0)
        let inside = max(before, min(count, width > from ? (width - from + step - 1) / step : 0))
        out.initialize(repeating: 0, count: before)
        if step == 1 {
            (out + before).initialize(from: line + from + before, count: inside - before)
        } else {
            var next = line + (from + before * step)
            for i in before..<inside {
                out[i] = next.pointee
                next += step
            }
        }
        (out + inside).initialize(repeating: 0, count: count - inside)
    }
}
