// How large a vertebra of each level usually is: the starting guess of every search, never its result.
import Domain

/// Typical adult size of a vertebra at one level.
///
/// Means of published morphometry rounded to whole millimetres (Panjabi 1991–1992, Spine 16:888, 16:861 and 17:299, for
/// the cervical, thoracic and lumbar spine). They start searches and scale sampling patches.
struct BodyProportions {
    /// Half of the body's width, right to left, millimetres.
    let halfWidthMM: Double
    /// Half of the body's depth, front to back, millimetres.
    let halfDepthMM: Double
    /// Distance from the disc above to the disc below, disc centre to disc centre, millimetres.
    let pitchMM: Double

    init(halfWidthMM: Double, halfDepthMM: Double, pitchMM: Double) {
        self.halfWidthMM = halfWidthMM
        self.halfDepthMM = halfDepthMM
        self.pitchMM = pitchMM
    }

    init(of level: VertebralLevel) {
        switch level {
        case ...VertebralLevel.C7: (halfWidthMM, halfDepthMM, pitchMM) = (11, 8.5, 19)
        case ...VertebralLevel.T3: (halfWidthMM, halfDepthMM, pitchMM) = (14, 10, 21)
        case ...VertebralLevel.T6: (halfWidthMM, halfDepthMM, pitchMM) = (14, 12.5, 23)
        case ...VertebralLevel.T9: (halfWidthMM, halfDepthMM, pitchMM) = (16, 14.5, 25)
        case ...VertebralLevel.T12: (halfWidthMM, halfDepthMM, pitchMM) = (19, 16, 29)
        case ...VertebralLevel.L3: (halfWidthMM, halfDepthMM, pitchMM) = (23, 17, 36)
        case ...VertebralLevel.S1: (halfWidthMM, halfDepthMM, pitchMM) = (25, 17.5, 37)
        // An unknown level lies somewhere between.
        default: (halfWidthMM, halfDepthMM, pitchMM) = (19, 16, 29)
        }
    }
}
