// Looks for a cleft of gas or fluid inside a vertebral body.
import Domain
import Foundation
import Imaging

/// Finds intravertebral clefts by density.
///
/// No threshold was found in the literature; those here are our choice (docs/morphometry.md).
package enum CleftFinder {
    /// Coarser scans smear a cleft of a few millimetres beyond recognition (our choice).
    package static let thickestSliceMM = 4.0

    /// - Parameters:
    ///   - vertebra: on a sub-grid of `volume`'s grid.
    ///   - volume: the scan, HU.
    ///   - sliceThicknessMM: as the scanner reports it; the slice spacing is taken where it is nil.
    ///   - cortex: the shell of the same vertebra, for contacts with gaps and foramen; without it these are left out.
    /// - Returns: the cleft; nil when one was looked for and none was found; or why this scan cannot tell.
    /// - Throws: `MorphometryError`; `FaultRecord` when cancelled.
    package static func find(
        in vertebra: Vertebra, volume: Volume, sliceThicknessMM: Double?, cortex: CortexMap?,
        cancellation: Cancellation = Cancellation()
    ) throws -> Result<Cleft?, Unmeasured> {
        try vertebra.requireInside(volume)
        let spacing = volume.geometry.spacingMM
        let slice = max(sliceThicknessMM ?? spacing.z, spacing.z)
        let coarsest = max(spacing.x, spacing.y, slice)
        guard coarsest <= thickestSliceMM else {
            return .failure(
                Unmeasured(
                    item: "intravertebral cleft",
                    reason: "the slices or pixels are \(coarsest) mm; above \(thickestSliceMM) mm a cleft of a few "
                        + "millimetres is smeared beyond recognition"))
        }
        let window = try BodyWindow(vertebra, in: volume)
        guard let marrow = window.marrowHU else {
            return .failure(
                Unmeasured(item: "intravertebral cleft", reason: "no voxel of the body lies 3 mm inside its surface"))
        }
        try cancellation.check()
        let gas = GasPockets(window, marrowHU: marrow, thresholdHU: gasThresholdHU(sliceMM: slice))
        try cancellation.check()
        let fluid = FluidPockets(window, marrowHU: marrow, besides: gas)
        guard gas != nil || fluid.pockets != nil else {
            return fluid.canTell ? .success(nil) : .failure(FluidPockets.cannotTell(marrowHU: marrow))
        }
        let mask = (gas?.mask ?? VoxelMask(geometry: window.volume.geometry)).union(
            fluid.pockets?.mask ?? VoxelMask(geometry: window.volume.geometry))
        let shape = CleftShape(mask, window: window, frame: vertebra.frame)
        try cancellation.check()
        let contacts = try CleftContacts(
            mask, window: window, vertebra: vertebra, marrowHU: marrow, cortex: cortex, cancellation: cancellation)
        let gasML = gas?.volumeML ?? 0
        let fluidML = fluid.pockets?.volumeML ?? 0
        return .success(
            Cleft(
                form: gas == nil ? .fluid : (fluid.pockets == nil ? .gas : .mixed),
                mask: VoxelMask(geometry: vertebra.parts.geometry).replacing(window.box, with: mask),
                volumeML: gasML + fluidML, gasVolumeML: gasML, axes: shape.axes, extentMM: shape.extentMM,
                localMM: shape.centreMM,
                confidence: confidence(gasML: gasML, fluidML: fluidML, fluidContrastHU: fluid.pockets?.contrastHU ?? 0),
                contacts: contacts.list))
    }

    /// −200 HU up to 2 mm slices, −125 HU above: partial volume raises a thin layer of gas (both our choice).
    static func gasThresholdHU(sliceMM: Double) -> Double { sliceMM > 2 ? -125 : -200 }

    /// How far the image speaks for a cleft, 0…1 (our choice): gas of 0.02 mL is even odds, as much as noise or a bubble of the
    /// disc; fluid never speaks for more than 0.8, since marrow fat and old haemorrhage look alike.
    static func confidence(gasML: Double, fluidML: Double, fluidContrastHU: Double) -> Double {
        let gas = gasML / (gasML + 0.02)
        let fluid = 0.8 * (fluidML / (fluidML + 0.05)) * (fluidContrastHU / (fluidContrastHU + 20))
        return max(gas, fluid)
    }
}

/// Pockets of gas.
struct GasPockets {
    let mask: VoxelMask
    let volumeML: Double

    /// - Returns: nil when there are none.
    init?(_ window: BodyWindow, marrowHU: Double, thresholdHU: Double) {
        let threshold = Float(thresholdHU)
        var core = VoxelMask(geometry: window.volume.geometry)
        for i in core.voxels.indices {
            core.voxels[i] = window.depthMM.voxels[i] >= Self.depthMM && window.volume.voxels[i] <= threshold
        }
        core = core.components(.twentySix).mask(atLeast: Self.leastVoxels)
        guard !core.isEmpty else { return nil }
        let values = core.voxels.indices.filter { core.voxels[$0] }.map { window.volume.voxels[$0] }.sorted()
        let lowest = values.prefix(max(values.count / 20, 3))
        let gasHU = lowest.reduce(0, +) / Float(lowest.count)
        let near = core.dilated(byMM: Self.reachMM).intersection(window.body)
        let filling = Filling(window.volume, near: near, marrowHU: Float(marrowHU), contentHU: gasHU)
        mask = filling.mask
        volumeML = filling.volumeML
    }

    /// Gas nearer to the body's surface may be the disc's (our choice).
    private static let depthMM: Float = 2
    /// Three to five connected voxels are the least (our choice).
    private static let leastVoxels = 3
    /// How far the blur of a border reaches beyond the threshold (our choice: twice the usual in-plane blur, and half a voxel).
    private static let reachMM = 2.0
}

/// Which share of each voxel near a cavity is filled by its content.
struct Filling {
    /// At least half filled.
    let mask: VoxelMask
    let volumeML: Double

    /// Density between marrow and content, linearly: partial volume.
    init(_ volume: Volume, near: VoxelMask, marrowHU: Float, contentHU: Float) {
        var mask = near
        var sum: Double = 0
        for i in near.voxels.indices where near.voxels[i] {
            // Below 0 and above 1 noise is kept, so that it cancels; bright shell is not.
            let share = min(max((marrowHU - volume.voxels[i]) / (marrowHU - contentHU), -0.15), 1.15)
            sum += Double(share)
            mask.voxels[i] = share >= 0.5
        }
        self.mask = mask
        volumeML = max(sum, 0) * volume.geometry.voxelVolumeMM3 / 1000
    }
}
