// How far two masks' surfaces lie apart.
import Domain

/// Distances between the surface voxels of two masks, mm, between voxel centres.
///
/// A surface voxel has a face neighbour outside the mask or lies at the border of the grid (as MedPy). Counted per voxel,
/// not per area of surface.
package struct SurfaceDistances: Sendable, Hashable {
    /// The mean over the reference's surface of the distance to the candidate's.
    package let meanFromReferenceMM: Double
    package let meanFromCandidateMM: Double
    /// The largest distance from either surface (Huttenlocher et al 1993, IEEE Trans Pattern Anal Mach Intell 15:850).
    package let hausdorffMM: Double
    /// The 95th percentile of all distances of both surfaces pooled, by linear interpolation (as MedPy's `hd95`).
    package let pooledHausdorff95MM: Double
    /// The larger of the two surfaces' own 95th percentiles, by linear interpolation (as MONAI).
    package let hausdorff95MM: Double
    package let referenceSurfaceVoxels: Int
    package let candidateSurfaceVoxels: Int
    /// Sorted, so that shares within a tolerance can be read.
    private let fromReference: [Double]
    private let fromCandidate: [Double]

    /// The mean of all distances of both surfaces pooled: the average symmetric surface distance
    /// (Heimann et al 2009, IEEE Trans Med Imaging 28:1251; MedPy 0.5's `assd`).
    package var meanMM: Double {
        let (reference, candidate) = (Double(referenceSurfaceVoxels), Double(candidateSurfaceVoxels))
        return (meanFromReferenceMM * reference + meanFromCandidateMM * candidate) / (reference + candidate)
    }

    /// The part of both surfaces' voxels that lie within a tolerance of the other surface, mm
    /// (Nikolov et al 2021, J Med Internet Res 23:e26151, per voxel).
    package func surfaceDice(toleranceMM: Double) -> Double {
        let near = fromReference.prefix { $0 <= toleranceMM }.count + fromCandidate.prefix { $0 <= toleranceMM }.count
        return Double(near) / Double(fromReference.count + fromCandidate.count)
    }

    /// - Throws: `maskEmpty` where one mask is empty, `FaultRecord` when cancelled.
    /// - Complexity: linear in the voxels of the box that holds both masks.
    package init(_ pair: MaskPair, cancellation: Cancellation? = nil) throws {
        guard pair.reference.contains(true) else { throw AgreementError.maskEmpty(name: "reference") }
        guard pair.candidate.contains(true) else { throw AgreementError.maskEmpty(name: "candidate") }
        let box = MaskBox(pair)
        let reference = box.surface(of: pair.reference)
        let candidate = box.surface(of: pair.candidate)
        try cancellation?.check()
        let toCandidate = DistanceTransform.squaredMM(to: candidate, size: box.size, spacingMM: pair.spacingMM)
        try cancellation?.check()
        let toReference = DistanceTransform.squaredMM(to: reference, size: box.size, spacingMM: pair.spacingMM)
        let fromReference = reference.map { toCandidate[$0].squareRoot() }.sorted()
        let fromCandidate = candidate.map { toReference[$0].squareRoot() }.sorted()
        meanFromReferenceMM = fromReference.reduce(0, +) / Double(fromReference.count)
        meanFromCandidateMM = fromCandidate.reduce(0, +) / Double(fromCandidate.count)
        hausdorffMM = max(fromReference.last ?? 0, fromCandidate.last ?? 0)
        pooledHausdorff95MM = Self.percentile95((fromReference + fromCandidate).sorted())
        hausdorff95MM = max(Self.percentile95(fromReference), Self.percentile95(fromCandidate))
        referenceSurfaceVoxels = fromReference.count
        candidateSurfaceVoxels = fromCandidate.count
        self.fromReference = fromReference
        self.fromCandidate = fromCandidate
    }

    private static func percentile95(_ sorted: [Double]) -> Double {
        let (place, rest) = (95 * (sorted.count - 1)).quotientAndRemainder(dividingBy: 100)
        guard rest > 0 else { return sorted[place] }
        return sorted[place] + (sorted[place + 1] - sorted[place]) * Double(rest) / 100
    }
}
