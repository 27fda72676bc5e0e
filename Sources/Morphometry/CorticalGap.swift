// One gap in the cortical shell.
import Domain
import Imaging

/// A place where the shell lacks mass that its surroundings have.
package struct CorticalGap: Sendable {
    /// The endplate, or the side of the body by the place of the gap (`BodySides`).
    package var wall: BodyWall
    /// Centre of the gap on the shell, LPS millimetres.
    package var centroidMM: PointMM
    /// The same in the vertebral frame: right to left, posterior to anterior, caudal to cranial, millimetres from the centre.
    package var localMM: SIMD3<Double>
    /// Unit vector along the gap's long axis, tangent to the shell, in the vertebral frame; its sign means nothing. A gap about as
    /// wide as long has no clear long axis.
    package var direction: SIMD3<Double>
    package var quadrant: BodyQuadrant
    package var third: BodyThird
    /// Integral of the deficit over the gap: the area of a full hole that lacks as much mass. Free of blur.
    package var areaMM2: Double
    /// Integral of the deficit across the gap, averaged along it. Free of blur; below 1 mm it says little.
    package var widthMM: Double
    /// Extent along the gap's long axis where the local width is at least half its greatest.
    package var lengthMM: Double
    /// How far the best slit filter's answer stands out from this vertebra's own shell (robust standard deviations).
    package var score: Double
    /// Mean deficit in that slit: 0 intact; a full hole 1 where it is wide, less where the blur fills it.
    package var deficit: Double
    /// How far the deficit speaks for a real gap, 0…1 (`GapTrust`, from phantoms; our choice); 0.5 at the threshold for a claim.
    package var confidence: Double

    package init(
        wall: BodyWall, centroidMM: PointMM, localMM: SIMD3<Double>, direction: SIMD3<Double>, quadrant: BodyQuadrant,
        third: BodyThird, areaMM2: Double, widthMM: Double, lengthMM: Double, score: Double, deficit: Double,
        confidence: Double
    ) {
        self.wall = wall
        self.centroidMM = centroidMM
        self.localMM = localMM
        self.direction = direction
        self.quadrant = quadrant
        self.third = third
        self.areaMM2 = areaMM2
        self.widthMM = widthMM
        self.lengthMM = lengthMM
        self.score = score
        self.deficit = deficit
        self.confidence = confidence
    }
}
