// Which slices each label takes up, and its voxels as bits.
import Imaging

extension IndexBox {
    /// The smallest box that holds every voxel with a label; nil without one.
    init?(holding map: LabelMap) {
        let size = map.geometry.size
        var (lower, upper) = (size, Index3(x: -1, y: -1, z: -1))
        for z in 0..<size.z {
            for y in 0..<size.y {
                let row = map.labels[map.geometry.offset(x: 0, y: y, z: z)..<map.geometry.offset(x: size.x, y: y, z: z)]
                guard let first = row.firstIndex(where: { $0 != 0 }), let last = row.lastIndex(where: { $0 != 0 })
                else {
                    continue
                }
                lower = Index3(x: min(lower.x, first - row.startIndex), y: min(lower.y, y), z: min(lower.z, z))
                upper = Index3(x: max(upper.x, last - row.startIndex), y: max(upper.y, y), z: z)
            }
        }
        guard upper.z >= 0 else { return nil }
        self.init(
            lower: lower,
            size: Index3(x: upper.x - lower.x + 1, y: upper.y - lower.y + 1, z: upper.z - lower.z + 1))
    }
}

/// One frame: the voxels of one label in one slice.
struct SegmentFrame: Hashable, Sendable {
    let label: UInt16
    let z: Int
}

/// The frames of a label map, by label, then by slice; slices that a label does not touch have none.
struct SegmentFrames {
    private let map: LabelMap
    let all: [SegmentFrame]

    init(_ map: LabelMap) {
        self.map = map
        let area = map.geometry.size.x * map.geometry.size.y
        var frames: Set<SegmentFrame> = []
        map.labels.withUnsafeBufferPointer { labels in
            for z in 0..<map.geometry.size.z {
                var last: UInt16 = 0
                for i in (z * area)..<((z + 1) * area) where labels[i] != last {
                    last = labels[i]
                    if last != 0 { frames.insert(SegmentFrame(label: last, z: z)) }
                }
            }
        }
        all = frames.sorted { ($0.label, $0.z) < ($1.label, $1.z) }
    }

    /// The labels that occur, ascending.
    var labels: [UInt16] { Set(all.map(\.label)).sorted() }

    /// Pixel Data (7FE0,0010) of Bits Allocated 1: the frames one after another without a gap, the first pixel in the lowest bit
    /// of the first byte (PS3.5 8.1.1 and figure D-1).
    func pixels() -> [UInt8] {
        let area = map.geometry.size.x * map.geometry.size.y
        var bytes = [UInt8](repeating: 0, count: (all.count * area + 7) / 8)
        bytes.withUnsafeMutableBufferPointer { bits in
            map.labels.withUnsafeBufferPointer { labels in
                for (number, frame) in all.enumerated() {
                    let (first, start) = (frame.z * area, number * area)
                    for i in 0..<area where labels[first + i] == frame.label {
                        bits[(start + i) >> 3] |= 1 << UInt8((start + i) & 7)
                    }
                }
            }
        }
        return bytes
    }
}
