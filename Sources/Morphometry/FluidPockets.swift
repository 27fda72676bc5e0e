// Pockets of fluid inside a vertebral body: even, near the density of water, apart from the venous canal.
import Domain
import Imaging

/// Looks for fluid: connected, 0 to 30 HU, of low variance, inside the trabecular region.
struct FluidPockets {
    /// What was found.
    struct Pockets {
        let mask: VoxelMask
        let volumeML: Double
        /// Marrow minus fluid, HU.
        let contrastHU: Double
    }

    /// False where marrow itself is near the density of fluid, so that nothing found means nothing.
    let canTell: Bool
    let pockets: Pockets?

    init(_ window: BodyWindow, marrowHU: Double, besides gas: GasPockets?) {
        let smooth = window.volume.smoothed(sigmaMM: Self.smoothingMM)
        let texture = Self.spread(of: smooth, in: window.trabecular, about: marrowHU)
        let leastContrast = max(Self.leastContrastHU, Self.leastSpreads * texture)
        canTell = marrowHU - Self.meanFluidHU >= leastContrast + Self.leastContrastHU / 2
        guard canTell else {
            pockets = nil
            return
        }
        // The border of gas crosses the density of fluid: it is no fluid.
        let region =
            gas.map { window.trabecular.subtracting($0.mask.dilated(byMM: Self.gasBorderMM)) } ?? window.trabecular
        var core = smooth.mask(where: Float(Self.fluidHU.lowerBound)...Float(Self.fluidHU.upperBound))
            .intersection(region)
        let parts = core.components(.six)
        let least = Int((Self.leastMM3 / window.volume.geometry.voxelVolumeMM3).rounded(.up))
        core = parts.mask(atLeast: max(least, 4))
        let even = Self.isEven(core, in: window)
        guard !core.isEmpty, even else {
            pockets = nil
            return
        }
        let values = core.voxels.indices.filter { core.voxels[$0] }.map { window.volume.voxels[$0] }
        let fluid = values.reduce(0, +) / Float(values.count)
        guard marrowHU - Double(fluid) >= leastContrast else {
            pockets = nil
            return
        }
        var near = core.dilated(byMM: Self.reachMM).intersection(window.body)
        if let gas { near = near.subtracting(gas.mask.dilated(byMM: Self.gasBorderMM)) }
        let filling = Filling(smooth, near: near, marrowHU: Float(marrowHU), contentHU: fluid)
        pockets = Pockets(
            mask: filling.mask, volumeML: filling.volumeML, contrastHU: marrowHU - Double(fluid))
    }

    static func cannotTell(marrowHU: Double) -> Unmeasured {
        Unmeasured(
            item: "intravertebral cleft",
            reason:
                "no gas was found, and fluid (0-30 HU) cannot be told from marrow of \(Int(marrowHU.rounded())) HU; two in "
                + "five clefts hold fluid alone")
    }

    /// 0 to 30 HU, and what noise leaves after smoothing (our choice).
    static let fluidHU = -10.0...35.0
    private static let meanFluidHU = 15.0
    /// Marrow must be denser than the pocket by this, and by this many robust standard deviations of its own smoothed
    /// texture: gaps between trabeculae are dark too (our choice).
    private static let leastContrastHU = 30.0
    private static let leastSpreads = 3.0
    /// Takes off noise but keeps a layer of 3 mm (our choice).
    private static let smoothingMM = 0.6
    /// A pocket of less is trabecular texture (our choice).
    private static let leastMM3 = 30.0
    private static let gasBorderMM = 2.0
    private static let reachMM = 2.0

    /// Robust standard deviation of a region about its median, HU.
    private static func spread(of volume: Volume, in region: VoxelMask, about marrowHU: Double) -> Double {
        let distances = region.voxels.indices.filter { region.voxels[$0] }.map {
            abs(volume.voxels[$0] - Float(marrowHU))
        }
        return distances.isEmpty ? 0 : 1.4826 * Double(median(of: distances))
    }

    /// Fluid has the scan's noise, marrow has noise and texture: the pocket's spread may not exceed the marrow's.
    private static func isEven(_ core: VoxelMask, in window: BodyWindow) -> Bool {
        func spread(_ mask: VoxelMask) -> Double? {
            let values = mask.voxels.indices.filter { mask.voxels[$0] }.map { window.volume.voxels[$0] }
            return DensitySummary(values, voxelVolumeMM3: 1)?.sdHU
        }
        guard let inside = spread(core), let outside = spread(window.trabecular.subtracting(core)) else { return false }
        return inside <= outside
    }
}
