// A network over a volume that is larger than its patch.
import Foundation

/// Overlapping patches, blended by a Gaussian weight, optionally averaged over mirrored copies, as nnU-Net predicts.
/// Isensee et al. 2021, https://doi.org/10.1038/s41592-020-01008-z, "Inference".
///
/// Planes are handed out as soon as no further patch reaches them, so that sums are held for one patch's depth only.
package struct SlidingWindow: Sendable {
    package let patch: [Int]
    /// Distance of neighbouring patches as a part of the patch; nnU-Net's is 0.5.
    package let step: Double
    /// Axes (0 depth, 1 height, 2 width) along which mirrored copies are predicted too; all their combinations are averaged.
    package let mirrored: [Int]

    package init(patch: [Int], step: Double = 0.5, mirrored: [Int] = []) {
        self.patch = patch
        self.step = step
        self.mirrored = mirrored
    }

    /// Starts of patches along an axis: the first at 0, the last at the end, evenly between, no farther apart than the step.
    func starts(_ extent: Int, _ axis: Int) -> [Int] {
        let last = max(0, extent - patch[axis])
        let count = Int((Double(last) / (Double(patch[axis]) * step)).rounded(.up)) + 1
        guard count > 1 else { return [0] }
        return (0..<count).map { Int((Double(last) / Double(count - 1) * Double($0)).rounded(.toNearestOrEven)) }
    }

    /// The weight of each place of a patch: a Gaussian of an eighth of the patch around its centre, 1 there.
    /// It never reaches 0, so that every place is predicted by some patch.
    var weights: [Float] {
        let axes = patch.map { extent in
            (0..<extent).map { i in exp(-0.5 * pow((Double(i) - Double(extent / 2)) / (Double(extent) / 8), 2)) }
        }
        return axes[0].flatMap { z in axes[1].flatMap { y in axes[2].map { x in max(1e-6, Float(z * y * x)) } } }
    }

    /// Predicts a volume of one batch element.
    /// - Parameters:
    ///   - volume: [1, channels, depth, height, width]; where it is smaller than a patch, zeros are put around it.
    ///   - network: [1, channels, patch] → [1, classes, patch].
    ///   - plane: given each plane in turn: its number and its blended predictions, [1, classes, height, width].
    /// - Throws: `NeuralNetworkError.inputUnsuitable`; a cancellation; what `network` and `plane` throw.
    package func callAsFunction(
        _ volume: Tensor, network: (Tensor) throws -> Tensor, plane: (Int, Tensor) throws -> Void
    ) throws {
        let extents = try volumetricExtents(of: volume, channels: nil, dimensions: 3, layer: "sliding window")
        guard volume.shape[0] == 1, patch.count == 3 else {
            throw NeuralNetworkError.inputUnsuitable(
                layer: "sliding window", shape: volume.shape, needed: "one volume and a patch of three extents")
        }
        let margins = (0..<3).map { max(0, patch[$0] - extents[$0]) / 2 }
        let size = (0..<3).map { max(patch[$0], extents[$0]) }
        let starts = (0..<3).map { self.starts(size[$0], $0) }
        let weights = self.weights
        var sums = BlendedPlanes(height: size[1], width: size[2], depth: patch[0])
        for (i, z) in starts[0].enumerated() {
            for y in starts[1] {
                for x in starts[2] {
                    let corner = [z, y, x]
                    let piece = volume.patch(from: zip(corner, margins).map(-), extents: patch)
                    try sums.add(try averaged(piece, network), at: corner, patch: patch, weights: weights)
                }
            }
            let next = i + 1 < starts[0].count ? starts[0][i + 1] : size[0]
            for done in z..<next where done >= margins[0] && done < margins[0] + extents[0] {
                try plane(
                    done - margins[0],
                    sums.plane(done).patch(from: [0, margins[1], margins[2]], extents: [1] + extents.dropFirst())
                        .withoutDepth)
            }
            sums.forget(below: next)
        }
    }

    /// The mean of the network's predictions of all mirrored copies, mirrored back.
    private func averaged(_ piece: Tensor, _ network: (Tensor) throws -> Tensor) throws -> Tensor {
        var sum = try network(piece)
        guard !mirrored.isEmpty else { return sum }
        let copies = 1 << mirrored.count
        for choice in 1..<copies {
            let axes = mirrored.indices.filter { choice >> $0 & 1 == 1 }.map { mirrored[$0] }
            let prediction = try network(piece.mirrored(axes)).mirrored(axes)
            for i in sum.values.indices { sum.values[i] += prediction.values[i] }
        }
        for i in sum.values.indices { sum.values[i] /= Float(copies) }
        return sum
    }
}
