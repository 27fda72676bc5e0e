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
    /// Slices above this leave no mass either: the profile of 8 mm holds too few of them (our choice).
    package static let thickestSliceForMassMM = 4.0

    /// - Parameters:
    ///   - vertebra: on a sub-grid of `volume`'s grid.
    ///   - volume: the scan, HU, not smoothed or sharpened after reconstruction.
    ///   - sliceThicknessMM: as the scanner reports it (DICOM (0018,0050)); the slice spacing is taken where it is nil.
    /// - Returns: the map, or why this scan allows none and what mass the shell has.
    /// - Throws: `MorphometryError`; `FaultRecord` when cancelled.
    package static func map(
        _ vertebra: Vertebra, in volume: Volume, sliceThicknessMM: Double?,
        cancellation: Cancellation = Cancellation()
    ) throws -> Result<CortexMap, Unmeasured> {
        let grid = ScanGrid(volume, sliceThicknessMM: sliceThicknessMM)
        guard grid.coarsestMM <= thickestSliceMM else {
            let walls = try mass(
                of: vertebra, in: volume, sliceThicknessMM: sliceThicknessMM, cancellation: cancellation)
            return .failure(tooThick(grid.coarsestMM, walls: try? walls.get()))
        }
        return .success(try mapAnyway(vertebra, in: volume, grid, cancellation: cancellation))
    }

    /// The shell's mass and thickness alone, side by side of the body: what remains on slices too thick for `map`.
    ///
    /// - Returns: one summary for each side with a readable shell, or why this scan allows none.
    /// - Throws: `MorphometryError`; `FaultRecord` when cancelled.
    package static func mass(
        of vertebra: Vertebra, in volume: Volume, sliceThicknessMM: Double?,
        cancellation: Cancellation = Cancellation()
    ) throws -> Result<[CortexMap.WallSummary], Unmeasured> {
        let grid = ScanGrid(volume, sliceThicknessMM: sliceThicknessMM)
        guard grid.coarsestMM <= thickestSliceForMassMM else {
            return .failure(
                Unmeasured(
                    item: "cortical mass",
                    reason:
                        "the slices or pixels are \(grid.coarsestMM) mm; above \(thickestSliceForMassMM) mm the profile "
                        + "across the shell is shorter than the blur"))
        }
        let shell = try ChartedShell(vertebra, in: volume, grid)
        return .success(
            try shell.charts.flatMap { chart in
                try cancellation.check()
                return shell.summaries(shell.fitted(chart))
            })
    }

    /// The map without asking whether the scan can show gaps.
    static func mapAnyway(
        _ vertebra: Vertebra, in volume: Volume, _ grid: ScanGrid, cancellation: Cancellation = Cancellation()
    ) throws -> CortexMap {
        let shell = try ChartedShell(vertebra, in: volume, grid)
        let smallest = smallestClaim(pixelMM: grid.pixelMM, sliceMM: grid.sliceMM)
        let trust = GapTrust(sliceMM: grid.sliceMM, smallestWidthMM: smallest)
        var candidates: [CorticalGap] = []
        var walls: [CortexMap.WallSummary] = []
        var readableAreaMM2: [BodyWall: Double] = [:]
        for chart in shell.charts {
            try cancellation.check()
            let fitted = shell.fitted(chart)
            walls += shell.summaries(fitted)
            readableAreaMM2.merge(shell.readableAreaMM2(of: chart), uniquingKeysWith: +)
            let detector = GapDetector(fitted, blur: shell.blur, sides: shell.sides, trust: trust)
            candidates += detector.candidates(bodyHeight: shell.surface.heightRange, frame: vertebra.frame)
        }
        let settings = CortexMap.Settings(
            pixelMM: grid.pixelMM, sliceMM: grid.sliceMM, sliceSpacingMM: volume.geometry.spacingMM.z, blur: shell.blur,
            noiseHU: noise(of: vertebra, in: volume),
            scoreThreshold: trust.claimScore, deficitThreshold: GapTrust.claimDeficit,
            smallestClaimedWidthMM: smallest)
        return sorted(
            candidates, foramen: BasivertebralMouth(shell.surface), walls: walls, readableAreaMM2: readableAreaMM2,
            settings: settings)
    }

    private static func tooThick(_ coarsestMM: Double, walls: [CortexMap.WallSummary]?) -> Unmeasured {
        let masses = walls?.map { "\($0.wall.rawValue) \(Int($0.massHUMM.rounded()))" }.joined(separator: ", ")
        return Unmeasured(
            item: "cortical gaps",
            reason: """
                the slices or pixels are \(coarsestMM) mm; above \(thickestSliceMM) mm the cortical shell cannot be told from disc \
                and trabeculae: \(MeasuredSensitivity.onThickSlices) \
                \(masses.map { "The mass of the shell alone (HU mm): \($0)" } ?? "Its mass cannot be read either")
                """)
    }

    private static func sorted(
        _ candidates: [CorticalGap], foramen: BasivertebralMouth, walls: [CortexMap.WallSummary],
        readableAreaMM2: [BodyWall: Double], settings: CortexMap.Settings
    ) -> CortexMap {
        let ranked = candidates.sorted { ($0.confidence, $0.score) > ($1.confidence, $1.score) }
        let defects = ranked.filter { !foramen.holds($0) }
        return CortexMap(
            gaps: defects.filter { GapTrust.isClaimed($0, settings) },
            suspects: defects.filter { !GapTrust.isClaimed($0, settings) },
            foramina: ranked.filter(foramen.holds), walls: walls, readableAreaMM2: readableAreaMM2,
            settings: settings)
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
