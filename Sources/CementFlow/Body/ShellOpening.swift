// A hole in the shell of a body, as it is given to the flow.
import Domain
import Morphometry

/// A gap, foramen or vein hole in the shell.
package struct ShellOpening: Sendable, Hashable {
    package var exit: FlowExit
    /// Centre on the shell, in the frame, mm.
    package var localMM: SIMD3<Double>
    /// Along the long side, in the frame; made tangential to the wall where it is placed.
    package var direction: SIMD3<Double>
    package var passage: Passage

    package init(exit: FlowExit, localMM: SIMD3<Double>, direction: SIMD3<Double> = [1, 0, 0], passage: Passage) {
        self.exit = exit
        self.localMM = localMM
        self.direction = direction
        self.passage = passage
    }

    /// A gap of the cortex map as a fissure through the shell, laid along the gap's own direction.
    ///
    /// - Returns: nil for a gap without length or width.
    package init?(_ gap: CorticalGap, thicknessMM: Double, sizeFactor: Double = 1) {
        let length = max(gap.lengthMM, gap.widthMM) * sizeFactor
        let width = min(gap.lengthMM, gap.widthMM) * sizeFactor
        guard length > 0, width > 0 else { return nil }
        self.init(
            exit: FlowExit(gap.wall), localMM: gap.localMM, direction: gap.direction,
            passage: Passage(.fissure(lengthMM: length, widthMM: width), thicknessMM: thicknessMM))
    }

    /// The quadrant of the body in which it lies; nil for the basivertebral foramen, which lies on the midline.
    package var quadrant: BodyQuadrant? {
        exit == .basivertebralForamen ? nil : BodyQuadrant(localMM: localMM)
    }
}
