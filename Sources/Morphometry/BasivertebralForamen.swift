// The opening of the basivertebral vein in the posterior wall of a body.
import Domain
import Imaging

/// The basivertebral foramen of one body, as far as this scan shows it.
package struct BasivertebralForamen: Sendable, Hashable {
    /// Full width (right to left) and height (caudal to cranial) of the ellipse that lacks as much of the posterior wall, mm.
    package var widthMM: Double
    package var heightMM: Double
    /// How far the canal of low density reaches into the body from the wall's outer face, mm; nil where marrow is as thin as the
    /// canal's content.
    package var depthMM: Double?
    /// Centre of the opening on the wall, in the vertebral frame, mm.
    package var localMM: SIMD3<Double>
    /// The foramen sign (`signRule`).
    package var hasSign: Bool
    /// How far the image speaks for an opening, 0…1: logistic in its depth over the wall's own noise (our choice).
    package var confidence: Double

    package init(
        widthMM: Double, heightMM: Double, depthMM: Double?, localMM: SIMD3<Double>, hasSign: Bool, confidence: Double
    ) {
        self.widthMM = widthMM
        self.heightMM = heightMM
        self.depthMM = depthMM
        self.localMM = localMM
        self.hasSign = hasSign
        self.confidence = confidence
    }

    /// The sign in words. It enters pooled evidence as present or absent; no definition in millimetres was found.
    package static let signRule = """
        present when the opening in the middle of the posterior wall is at least 5 mm high, or lies within 2 mm of a gap in the \
        posterior wall or of a cleft (our choice: no definition in millimetres was found)
        """

    /// How plainly this scan shows a way for cement from the body into the epidural veins, 0…1: confidence times height over 5 mm, at
    /// most 1. An index of the image and no probability: which sizes leak was not found in the literature (our choice, not validated). The
    /// segmental veins beside the body are too fine for CT and have no part in it.
    package var venousPathwayIndex: Double { confidence * min(heightMM / Self.signHeightMM, 1) }

    package static let venousPathwayDefinition = """
        confidence of the foramen times its height over 5 mm, at most 1: an index of the image, no probability (our choice, \
        not validated); segmental veins are not seen
        """

    /// Looks for the opening.
    ///
    /// - Parameters:
    ///   - vertebra: on a sub-grid of `volume`'s grid.
    ///   - volume: the scan, HU.
    ///   - sliceThicknessMM: as the scanner reports it; the slice spacing is taken where it is nil.
    ///   - cortex: the shell of the same vertebra, for the gaps beside the opening.
    ///   - cleft: the cleft of the same vertebra.
    /// - Returns: the foramen; nil when one was looked for and none was found; or why this scan cannot tell.
    /// - Throws: `MorphometryError`; `FaultRecord` when cancelled.
    package static func find(
        in vertebra: Vertebra, volume: Volume, sliceThicknessMM: Double?, cortex: CortexMap?, cleft: Cleft?,
        cancellation: Cancellation = Cancellation()
    ) throws -> Result<BasivertebralForamen?, Unmeasured> {
        try vertebra.requireInside(volume)
        let spacing = volume.geometry.spacingMM
        let slice = max(sliceThicknessMM ?? spacing.z, spacing.z)
        let coarsest = max(spacing.x, spacing.y, slice)
        guard coarsest <= CortexMapper.thickestSliceMM else {
            return .failure(
                Unmeasured(
                    item: item,
                    reason:
                        "the slices or pixels are \(coarsest) mm; above \(CortexMapper.thickestSliceMM) mm the posterior "
                        + "wall cannot be told from disc and trabeculae"))
        }
        let blur = cortex?.settings.blur ?? ScannerBlur(spacingMM: spacing, sliceThicknessMM: slice)
        let surface = try BodySurface(BodyField(vertebra), level: vertebra.level)
        try cancellation.check()
        guard let wall = MidPosteriorWall(surface, vertebra: vertebra, volume: volume, blur: blur) else {
            return .failure(
                Unmeasured(item: item, reason: "too little of the posterior wall can be read beside the midline"))
        }
        guard let opening = wall.opening() else { return .success(nil) }
        var found = BasivertebralForamen(
            widthMM: opening.widthMM, heightMM: opening.heightMM,
            depthMM: wall.canalDepthMM(behind: opening, vertebra: vertebra, volume: volume), localMM: opening.centreMM,
            hasSign: false, confidence: opening.confidence)
        found.hasSign =
            found.heightMM >= signHeightMM || found.touches(cortex?.gaps ?? [])
            || cleft.map { found.touches($0, frame: vertebra.frame) } ?? false
        return .success(found)
    }

    private static let item = "basivertebral foramen"
    private static let signHeightMM = 5.0
    /// What lies this near to the opening's edge is one with it.
    private static let contactMM = 2.0

    private func touches(_ gaps: [CorticalGap]) -> Bool {
        gaps.contains { gap in
            gap.wall == .posterior
                && length(gap.localMM - localMM) <= max(widthMM, heightMM) / 2 + gap.lengthMM / 2 + Self.contactMM
        }
    }

    /// True where the cleft comes near the canal, taken as a straight tube.
    private func touches(_ cleft: Cleft, frame: VertebralFrame) -> Bool {
        let size = cleft.mask.geometry.size
        let reach = max(widthMM, heightMM) / 2 + Self.contactMM
        for i in cleft.mask.voxels.indices where cleft.mask.voxels[i] {
            let row = i / size.x
            let voxel = Index3(x: i - row * size.x, y: row % size.y, z: row / size.y)
            let offset = frame.local(cleft.mask.geometry.point(at: voxel)) - localMM
            let beyond = offset.y - min(max(offset.y, 0), depthMM ?? 0)
            if length([offset.x, beyond, offset.z]) <= reach { return true }
        }
        return false
    }
}
