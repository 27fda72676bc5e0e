// Maps the cortical shell of a vertebral body and finds its gaps.
import Domain
import Imaging

/// Cortical mass below the scanner's resolution, and gaps in it (docs/cortex.md).
///
/// The mask's surface is laid out in three charts (side wall, two endplates). On each normal a thin blurred layer is fitted, its
/// place smoothed, its mass read; gaps are places whose mass falls short of their neighbourhood (`GapDetector`).
package enum CortexMapper {
    /// Slices above this are too thick to tell the shell from its surroundings (docs/cortex.md).
    package static let thickestSliceMM = 2.0

    /// - Parameters:
    ///   - vertebra: on a sub-grid of `volume`'s grid.
    ///   - volume: the scan, HU, not smoothed or sharpened after reconstruction.
    ///   - sliceThicknessMM: as the scanner reports it (DICOM (0018,0050)); the slice spacing is taken where it is nil.
    /// - Returns: the map, or why this scan allows none.
    /// - Throws: `MorphometryError`; `FaultRecord` when cancelled.
    package static func map(
        _ vertebra: Vertebra, in volume: Volume, sliceThicknessMM: Double?,
        cancellation: Cancellation = Cancellation()
    ) throws -> Result<CortexMap, Unmeasured> {
        try vertebra.requireInside(volume)
        let spacing = volume.geometry.spacingMM
        let slice = max(sliceThicknessMM ?? spacing.z, spacing.z)
        let coarsest = max(spacing.x, spacing.y, slice)
        guard coarsest <= thickestSliceMM else { return .failure(tooThick(coarsest)) }
        let field = try BodyField(vertebra)
        let nominal = ScannerBlur(spacingMM: spacing, sliceThicknessMM: slice)
        let surface = try BodySurface(field, level: vertebra.level).movedToShell(
            frame: vertebra.frame, volume: volume, blur: nominal)
        let shell = ReadableShell(surface, vertebra: vertebra, volume: volume)
        let blur = nominal.fitted(to: surface, shell: shell, frame: vertebra.frame, volume: volume)
        let height = surface.heightRange
        var candidates: [CorticalGap] = []
        var walls: [CortexMap.WallSummary] = []
        for (chart, isReadable) in [
            (surface.wall, shell.wall), (surface.superior, shell.superior), (surface.inferior, shell.inferior),
        ] {
            try cancellation.check()
            let layer = CortexLayer(chart, frame: vertebra.frame, volume: volume, blur: blur)
            walls += summaries(chart, layer: layer, isReadable: isReadable)
            candidates += GapDetector(chart, layer: layer, isReadable: isReadable).candidates(
                bodyHeight: height, frame: vertebra.frame)
        }
        let settings = CortexMap.Settings(
            pixelMM: max(spacing.x, spacing.y), sliceMM: slice, sliceSpacingMM: spacing.z, blur: blur,
            noiseHU: noise(of: vertebra, in: volume), scoreThreshold: GapDetector.claimScore,
            deficitThreshold: GapDetector.claimDeficit,
            smallestClaimedWidthMM: smallestClaim(pixelMM: max(spacing.x, spacing.y), sliceMM: slice))
        return .success(sorted(candidates, foramen: BasivertebralMouth(surface), walls: walls, settings: settings))
    }

    private static func tooThick(_ coarsestMM: Double) -> Unmeasured {
        Unmeasured(
            item: "cortical gaps and cortical mass",
            reason:
                "the slices or pixels are \(coarsestMM) mm; above \(thickestSliceMM) mm the cortical shell cannot be told "
                + "from disc and trabeculae")
    }

    private static func sorted(
        _ candidates: [CorticalGap], foramen: BasivertebralMouth, walls: [CortexMap.WallSummary],
        settings: CortexMap.Settings
    ) -> CortexMap {
        let ranked = candidates.sorted { $0.score > $1.score }
        let defects = ranked.filter { !foramen.holds($0) }
        func isClaimed(_ gap: CorticalGap) -> Bool {
            gap.score >= GapDetector.claimScore && gap.deficit >= GapDetector.claimDeficit
        }
        return CortexMap(
            gaps: defects.filter(isClaimed), suspects: defects.filter { !isClaimed($0) },
            foramina: ranked.filter(foramen.holds), walls: walls, settings: settings)
    }

    private static func summaries(
        _ chart: SurfaceChart, layer: CortexLayer, isReadable: [Bool]
    ) -> [CortexMap.WallSummary] {
        var points: [BodyWall: [Int]] = [:]
        for i in 0..<chart.count where isReadable[i] { points[chart.wallName(at: i), default: []].append(i) }
        return BodyWall.allCases.compactMap { wall in
            guard let indices = points[wall] else { return nil }
            return CortexMap.WallSummary(
                wall: wall, massHUMM: Double(median(of: indices.map { layer.massHUMM[$0] })),
                equivalentThicknessMM: Double(median(of: indices.map { Float(layer.equivalentThicknessMM(at: $0)) })),
                analysedAreaMM2: Double(indices.count) * chart.pitchMM * chart.pitchMM)
        }
    }

    /// See docs/cortex.md.
    private static func smallestClaim(pixelMM: Double, sliceMM: Double) -> Double? {
        if sliceMM <= 1.0, pixelMM <= 0.5 { return 1 }
        return sliceMM <= 1.5 || pixelMM <= 1.0 ? 2 : nil
    }

    /// Robust standard deviation of differences between trabecular neighbours along x, over √2.
    private static func noise(of vertebra: Vertebra, in volume: Volume) -> Double {
        let region = TrabecularRegion.mask(of: vertebra)
        let size = region.geometry.size
        var differences: [Float] = []
        for z in 0..<size.z {
            for y in 0..<size.y {
                let from = volume.geometry.offset(
                    x: vertebra.lowerIndex.x, y: vertebra.lowerIndex.y + y, z: vertebra.lowerIndex.z + z)
                for x in 0..<size.x - 1 where region[x, y, z] && region[x + 1, y, z] {
                    differences.append(abs(volume.voxels[from + x + 1] - volume.voxels[from + x]))
                }
            }
        }
        return differences.isEmpty ? 0 : 1.4826 * Double(median(of: differences)) / 2.0.squareRoot()
    }
}

/// The mouth of the basivertebral canal in the middle of the posterior wall.
private struct BasivertebralMouth {
    private let halfHeightMM: Double

    init(_ surface: BodySurface) {
        let height = surface.heightRange
        halfHeightMM = Self.heightShare * (height.upperBound - height.lowerBound)
    }

    /// True for a deficit of the posterior wall near the midline and mid-height.
    func holds(_ gap: CorticalGap) -> Bool {
        gap.wall == .posterior && abs(gap.localMM.x) < Self.halfWidthMM && abs(gap.localMM.z) < halfHeightMM
    }

    /// The foramen lies at the midline, nearer the upper rim at T10–L4 and the lower rim at L5 (Tzika 2021,
    /// 10.1007/s00276-021-02690-0); a zone that covers both, and an error of the midline (our choice): a deficit whose middle
    /// lies further out leaves half of the foramen's usual width closed.
    private static let halfWidthMM = 2.5
    private static let heightShare = 0.25
}
