// What the rehearsal found at one exit, and of one type of leakage.
import Imaging

/// One of the six exits, rehearsed.
package struct RehearsedExit: Sendable {
    /// Simulated probability of a leak by volume, with its interval and the volumes of the first leak.
    package var curve: LeakageCurve
    /// First leak in the extended run (`ExtendedRun`), mL; nil where it never leaked.
    package var extendedFirstLeakML: Double?
    /// Mean over the runs of what had leaked at the planned volume, mL.
    package var meanLeakML: Double
    /// The ways that make up the exit, likeliest first: the wall itself, a vein, the foramen.
    package var ways: [Way]
    /// The typical way of the cement: from the needle's tip to the opening, LPS millimetres, as the run in the middle of all runs that
    /// leaked here took it. Nil where no run did.
    package var pathMM: [PointMM]?
    /// In plain words what lies there, where, and what is behind it.
    package var hazard: String

    /// A way out within an exit.
    package struct Way: Sendable {
        package var exit: FlowExit
        package var type: LeakageType
        package var curve: LeakageCurve
    }
}

/// One type of leakage, rehearsed.
package struct RehearsedType: Sendable {
    package var type: LeakageType
    /// Runs that leaked this way by the planned volume.
    package var leaks: Int
    package var runs: Int
    package var curve: LeakageCurve
}

/// One of 36 axial beams of 10° from the body's centre (after Zderic 2016, J Orthop Translat 8:40, whose beams start at the cannula).
package struct AxialBeam: Sendable, Hashable {
    /// Middle of the beam, degrees clockwise as on an axial slice seen from the feet: 0 anterior (12 o'clock), 90 the patient's left.
    package var degrees: Double
    /// How far the cement reaches at the planned volume, from the body's axis, at any height, mm: the farthest cell that is half full
    /// in half of the runs. 0 where none is.
    package var reachMM: Double
    /// The same for one run in twenty.
    package var farReachMM: Double
    /// From the axis to the wall at the level of the body's middle, mm.
    package var wallMM: Double
    /// Runs in which cement left through an opening in this beam by the planned volume, 0…1, with its 95 % interval of chance.
    package var leakProbability: Double
    package var interval95: ClosedRange<Double>
}
