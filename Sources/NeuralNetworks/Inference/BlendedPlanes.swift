// Weighted sums of overlapping patches, for the planes that are still open.

/// Sums of predictions and weights over a slab one patch deep. Plane z lies at z modulo the depth.
struct BlendedPlanes {
    private let height: Int
    private let width: Int
    private let depth: Int
    private var classes = 0
    /// [depth, class, height, width].
    private var sums: [Float] = []
    /// [depth, height, width].
    private var weightSums: [Float]
    private var firstOpen = 0

    init(height: Int, width: Int, depth: Int) {
        self.height = height
        self.width = width
        self.depth = depth
        weightSums = [Float](repeating: 0, count: depth * height * width)
    }

    /// - Parameter prediction: [1, classes, patch].
    mutating func add(_ prediction: Tensor, at corner: [Int], patch: [Int], weights: [Float]) throws {
        if sums.isEmpty {
            classes = prediction.shape[1]
            sums = [Float](repeating: 0, count: depth * classes * height * width)
        }
        guard prediction.shape == [1, classes] + patch else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: "sliding window", shape: prediction.shape, needed: "predictions of shape \([1, classes] + patch)"
            )
        }
        for z in 0..<patch[0] {
            let slot = (corner[0] + z) % depth
            for y in 0..<patch[1] {
                let row = (corner[1] + y) * width + corner[2]
                let from = (z * patch[1] + y) * patch[2]
                for x in 0..<patch[2] { weightSums[slot * height * width + row + x] += weights[from + x] }
                for c in 0..<classes {
                    let to = (slot * classes + c) * height * width + row
                    let values = c * patch[0] * patch[1] * patch[2] + from
                    for x in 0..<patch[2] { sums[to + x] += weights[from + x] * prediction.values[values + x] }
                }
            }
        }
    }

    /// One plane's blended predictions, [1, classes, 1, height, width].
    func plane(_ z: Int) -> Tensor {
        let (slot, places) = (z % depth, height * width)
        return Tensor([1, classes, 1, height, width]) { out in
            for c in 0..<classes {
                for i in 0..<places {
                    out[c * places + i] = sums[(slot * classes + c) * places + i] / weightSums[slot * places + i]
                }
            }
        }
    }

    /// Makes room for the planes that take the place of those below `z`.
    mutating func forget(below z: Int) {
        let places = height * width
        for plane in firstOpen..<z {
            let slot = plane % depth
            for i in slot * places..<(slot + 1) * places { weightSums[i] = 0 }
            for i in slot * classes * places..<(slot + 1) * classes * places { sums[i] = 0 }
        }
        firstOpen = z
    }
}

extension Tensor {
    /// A box of a volume, with zeros where it leaves the volume. [N, C, D, H, W] → [N, C, extents].
    func patch(from corner: [Int], extents: [Int]) -> Tensor {
        let (depth, height, width) = (shape[2], shape[3], shape[4])
        let columns = max(0, corner[2])..<max(0, min(width, corner[2] + extents[2]))
        var out = Tensor(zeros: shape.prefix(2) + extents)
        for part in 0..<(shape[0] * shape[1]) {
            for z in 0..<extents[0] where corner[0] + z >= 0 && corner[0] + z < depth {
                for y in 0..<extents[1] where corner[1] + y >= 0 && corner[1] + y < height {
                    let from = ((part * depth + corner[0] + z) * height + corner[1] + y) * width
                    let to = ((part * extents[0] + z) * extents[1] + y) * extents[2] - corner[2]
                    for x in columns { out.values[to + x] = values[from + x] }
                }
            }
        }
        return out
    }

    /// A volume mirrored along some of depth (0), height (1) and width (2).
    func mirrored(_ axes: [Int]) -> Tensor {
        let extents = Array(shape.suffix(3))
        let places = extents.reduce(1, *)
        let from = (0..<3).map { axis in (0..<extents[axis]).map { axes.contains(axis) ? extents[axis] - 1 - $0 : $0 } }
        return Tensor(shape) { out in
            var next = 0
            for part in 0..<(shape[0] * shape[1]) {
                for z in from[0] {
                    for y in from[1] {
                        let row = part * places + (z * extents[1] + y) * extents[2]
                        for x in from[2] {
                            out[next] = values[row + x]
                            next += 1
                        }
                    }
                }
            }
        }
    }

    /// [N, C, 1, H, W] as [N, C, H, W].
    var withoutDepth: Tensor { reshaped(Array(shape.prefix(2) + shape.suffix(2))) }
}
