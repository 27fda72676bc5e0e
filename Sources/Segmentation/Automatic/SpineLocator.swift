// The network that finds the spine: run over the whole scan at 3 mm, and once more over its mirror image.
import Domain
import Imaging
import NeuralNetworks

/// A U-Net that was trained on generated anatomy (docs/segmentation.md): 8 structures and the way to each voxel's own body centre.
package struct SpineLocator: Sendable {
    private let network: PlainConvUNet

    /// Batch normalisation was folded into the convolutions when the weights were saved.
    static let plan = UNetPlan(
        channels: 1, classes: SpineMaps.channelCount,
        stages: zip([16, 32, 64, 96], [1, 2, 3, 3]).enumerated().map { stage, shape in
            let stride = stage == 0 ? 1 : 2
            return UNetPlan.Stage(
                features: shape.0, kernel: [3, 3, 3], stride: [stride, stride, stride], blocks: shape.1)
        }, decoderBlocks: 1, isNormalised: false)

    /// - Throws: `NeuralNetworkError` where a tensor is missing or misshapen.
    package init(_ weights: Weights) throws { network = try PlainConvUNet(weights, Self.plan) }

    /// What the network says of a scan and, where time allows, of its mirror image, averaged.
    ///
    /// - Parameters:
    ///   - volume: CT in HU, any orientation and spacing.
    ///   - isAveraged: whether the mirror image is looked at, too.
    ///   - progress: receives the done share, 0…1.
    /// - Throws: a cancellation.
    package func maps(
        of volume: Volume, _ execution: Execution, isAveraged: Bool = true, progress: (Double) -> Void
    ) throws -> SpineMaps {
        let grid = LocateGrid.volume(of: volume)
        progress(0.1)
        let size = grid.geometry.size
        // The scaling of the training.
        var input = grid.voxels.map { min(max(($0 - 100) / 300, -1.7), 4) }
        let shape = [1, 1, size.z, size.y, size.x]
        var maps = SpineMaps(geometry: grid.geometry, output: try network(Tensor(shape, input), execution))
        guard isAveraged else { return maps }
        progress(0.55)
        for row in stride(from: 0, to: input.count, by: size.x) { input[row..<row + size.x].reverse() }
        let mirrored = SpineMaps(geometry: grid.geometry, output: try network(Tensor(shape, input), execution))
        maps.average(withMirrored: mirrored)
        progress(1)
        return maps
    }
}
