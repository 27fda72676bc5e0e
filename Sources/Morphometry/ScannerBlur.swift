// How far the scan smears a thin layer, from what its grid and slice thickness say.
import Imaging

/// The blur of a scan as Gaussian standard deviations, millimetres.
package struct ScannerBlur: Sendable, Hashable {
    /// Across the pixels, kernel and interpolation together.
    package var inPlaneSigmaMM: Double
    /// Across the slices, slice profile and interpolation together.
    package var axialSigmaMM: Double

    /// - Parameters:
    ///   - spacingMM: voxel spacing; x and y in plane, z across slices.
    ///   - sliceThicknessMM: as the scanner reports it; the slice spacing where it does not.
    package init(spacingMM: SIMD3<Double>, sliceThicknessMM: Double?) {
        let pixel = (spacingMM.x + spacingMM.y) / 2
        let slice = sliceThicknessMM ?? spacingMM.z
        let kernel = Self.kernelFWHM / Self.fwhmPerSigma
        let axialKernel = Self.axialFWHM / Self.fwhmPerSigma
        // h²/6 is the mean blur of trilinear interpolation, slice²/12 that of a box-shaped slice profile.
        inPlaneSigmaMM = (kernel * kernel + pixel * pixel / 6).squareRoot()
        axialSigmaMM =
            (axialKernel * axialKernel + slice * slice / 12 + spacingMM.z * spacingMM.z / 6).squareRoot()
    }

    private init(inPlane: Double, axial: Double) {
        inPlaneSigmaMM = inPlane
        axialSigmaMM = axial
    }

    /// The blur along a normal whose component across the slices is `axialShare` (0…1).
    func sigma(axialShare: Double) -> Double {
        let z = axialShare * axialShare
        return (inPlaneSigmaMM * inPlaneSigmaMM * (1 - z) + axialSigmaMM * axialSigmaMM * z).squareRoot()
    }

    /// The same blur, scaled in plane and across slices.
    func scaled(inPlane: Double, axial: Double) -> ScannerBlur {
        ScannerBlur(inPlane: inPlaneSigmaMM * inPlane, axial: axialSigmaMM * axial)
    }

    /// In-plane kernel where the image does not tell: common body kernels have 0.7–1.0 mm (our choice of the middle).
    private static let kernelFWHM = 0.85
    /// Blur across slices beyond the slice profile itself (our choice).
    private static let axialFWHM = 0.5
    /// Full width at half maximum of a Gaussian, in standard deviations: 2 √(2 ln 2).
    private static let fwhmPerSigma = 2.3548
}
