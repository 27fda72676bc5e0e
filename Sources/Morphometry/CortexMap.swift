// The cortical shell of one body: its mass, its gaps, and what the scan can show of it.
import Domain

/// What was found on the shell of one vertebral body.
package struct CortexMap: Sendable {
    /// Gaps whose score reaches the threshold for a claim, strongest first.
    package var gaps: [CorticalGap]
    /// Weaker deficits, strongest first: too uncertain to report as gaps, of use for ranking places by risk.
    package var suspects: [CorticalGap]
    /// Deficits at the mouth of the basivertebral canal: a natural opening, reported as foramen and not as a defect.
    package var foramina: [CorticalGap]
    package var walls: [WallSummary]
    /// Area of each side clear of rims, pedicle junctions and foramen, mm². Where lung or other bone lies against it, gaps are not
    /// looked for: `WallSummary.analysedAreaMM2` is less by as much.
    package var readableAreaMM2: [BodyWall: Double]
    package var settings: Settings

    package init(
        gaps: [CorticalGap], suspects: [CorticalGap], foramina: [CorticalGap], walls: [WallSummary],
        readableAreaMM2: [BodyWall: Double], settings: Settings
    ) {
        self.gaps = gaps
        self.suspects = suspects
        self.foramina = foramina
        self.walls = walls
        self.readableAreaMM2 = readableAreaMM2
        self.settings = settings
    }

    /// The shell of one side of the body.
    package struct WallSummary: Sendable {
        package var wall: BodyWall
        /// Median mass of the shell per area, HU·mm: what is measured, free of blur.
        package var massHUMM: Double
        /// Median thickness of a blurred layer of compact bone (1200 HU, our choice) fitted to the profiles, mm. Where the shell's
        /// own HU is lower, the shell is thicker than this.
        package var equivalentThicknessMM: Double
        /// Area in which gaps were looked for, mm².
        package var analysedAreaMM2: Double
    }

    /// How the map was made.
    package struct Settings: Sendable, Hashable {
        package var pixelMM: Double
        package var sliceMM: Double
        package var sliceSpacingMM: Double
        /// Blur taken for the fit, estimated from the shell itself.
        package var blur: ScannerBlur
        /// Robust standard deviation of HU differences between neighbouring trabecular voxels, over √2: noise and texture.
        package var noiseHU: Double
        package var scoreThreshold: Double
        package var deficitThreshold: Double
        /// Nil when no width can be claimed on this scan.
        package var smallestClaimedWidthMM: Double?

        package init(
            pixelMM: Double, sliceMM: Double, sliceSpacingMM: Double, blur: ScannerBlur, noiseHU: Double,
            scoreThreshold: Double, deficitThreshold: Double, smallestClaimedWidthMM: Double?
        ) {
            self.pixelMM = pixelMM
            self.sliceMM = sliceMM
            self.sliceSpacingMM = sliceSpacingMM
            self.blur = blur
            self.noiseHU = noiseHU
            self.scoreThreshold = scoreThreshold
            self.deficitThreshold = deficitThreshold
            self.smallestClaimedWidthMM = smallestClaimedWidthMM
        }
    }

    /// How whole the readable shell of a side is, 0…1: one minus the share of its analysed area that gaps lack (our choice of
    /// definition). A gap counts with `areaMM2`, the area of a full hole lacking as much mass; a suspect with that area times its
    /// confidence; the basivertebral foramen not at all, being a natural opening.
    ///
    /// - Returns: nil where nothing of the side could be read.
    package func continuity(of wall: BodyWall) -> Double? {
        guard let summary = walls.first(where: { $0.wall == wall }), summary.analysedAreaMM2 > 0 else { return nil }
        func missing(_ found: [CorticalGap], weight: (CorticalGap) -> Double) -> Double {
            found.filter { $0.wall == wall }.reduce(0) { $0 + $1.areaMM2 * weight($1) }
        }
        let open = missing(gaps) { _ in 1 } + missing(suspects, weight: \.confidence)
        return min(max(1 - open / summary.analysedAreaMM2, 0), 1)
    }

    /// How much of some sides' readable area gaps were looked for in, 0…1; 0 where none of it is readable.
    package func analysedShare(of sides: some Sequence<BodyWall>) -> Double {
        let sides = Set(sides)
        let readable = sides.reduce(0) { $0 + (readableAreaMM2[$1] ?? 0) }
        let analysed = walls.filter { sides.contains($0.wall) }.reduce(0) { $0 + $1.analysedAreaMM2 }
        return readable > 0 ? min(analysed / readable, 1) : 0
    }

    /// Continuity of the superior endplate, 0…1 (`continuity(of:)`).
    package var superiorEndplateContinuity: Double? { continuity(of: .superiorEndplate) }
    /// Continuity of the inferior endplate, 0…1 (`continuity(of:)`).
    package var inferiorEndplateContinuity: Double? { continuity(of: .inferiorEndplate) }
    /// Continuity of the posterior wall, the foramen's mouth counted as whole, 0…1 (`continuity(of:)`).
    package var posteriorWallIntegrity: Double? { continuity(of: .posterior) }

    /// What can and cannot be seen on this scan, in words (docs/cortex.md).
    package var limits: String {
        let claim =
            settings.smallestClaimedWidthMM.map {
                "Gaps at least \(format($0)) mm wide and 4 mm long are looked for."
            } ?? "No width is claimed on this scan: gaps listed are hints."
        let measured =
            MeasuredSensitivity.of(pixelMM: settings.pixelMM, sliceMM: settings.sliceMM)?.sentence
            ?? "Detection was not measured on slices as thick as these."
        return """
            Pixel \(format(settings.pixelMM)) mm, slice \(format(settings.sliceMM)) mm, blur (standard deviation) \
            \(format(settings.blur.inPlaneSigmaMM)) mm in plane and \(format(settings.blur.axialSigmaMM)) mm across slices, \
            noise with texture \(format(settings.noiseHU)) HU. \(claim) An empty list does not prove a whole shell. \(measured) Blind within 2 mm of the rims, at the \
            pedicle junctions, at the basivertebral foramen, and where lung or other bone lies against the shell: gaps were looked for in \
            \(Int((100 * analysedShare(of: BodyWall.allCases)).rounded())) % of the rest. A shell that is thin everywhere shows as low mass, not as gaps.
            """
    }

    private func format(_ value: Double) -> String { String((value * 100).rounded() / 100) }
}
