// What is injected, through which needles, and how exactly it is computed.

/// One injection.
package struct InjectionPlan: Sendable, Hashable {
    package var needles: [Needle]
    package var cement: Cement
    /// Viscosity of the marrow that the cement displaces, Pa·s.
    package var marrowViscosity: Double
    package var drive: Drive
    package var procedure: Procedure = .vertebroplasty
    /// Volume to inject, mm³.
    package var volumeMM3: Double
    /// Volumes at which the result keeps the fill of all cells, mm³.
    package var marksMM3: [Double] = []
    package var accuracy: Accuracy

    package init(
        needles: [Needle], cement: Cement, marrowViscosity: Double = Self.usualMarrowViscosity, drive: Drive,
        volumeMM3: Double, accuracy: Accuracy = Accuracy()
    ) {
        self.needles = needles
        self.cement = cement
        self.marrowViscosity = marrowViscosity
        self.drive = drive
        self.volumeMM3 = volumeMM3
        self.accuracy = accuracy
    }

    /// What drives the cement.
    package enum Drive: Sendable, Hashable {
        /// A flow through all needles together, mm³/s, shared among them by `Needle.share`.
        case flow(mm3PerS: Double)
        /// One pressure at the mouth of every needle, Pa.
        case pressure(Double)
        /// The flow as long as the pressure that it takes stays below the limit, then the pressure: Q = min(Q, p/(R + R_cannula)).
        /// The cannula's resistance is per viscosity of the cement, 1/mm³ (`Cannula`).
        case limited(mm3PerS: Double, pressure: Double, cannulaResistance: Double)
    }

    /// How finely the injection is computed.
    package struct Accuracy: Sendable, Hashable {
        /// Largest volume between two solutions of the pressure, mm³: about 100 cells of 1 mm (docs/models/cement-flow.md).
        package var stepMM3: Double
        /// First steps: largest part of the volume already in place.
        package var ramp: Double
        /// Missing balance of the cells over the flow at which the pressure counts as solved (1e-2: leaks and pressure within
        /// 0.5 % of a solution to 1e-5, docs/models/cement-flow.md).
        package var tolerance: Double
        /// A passage that carries more of the flow than this ends a step when the cell before it is full (our choice).
        package var cutShare: Double
        /// Iterations of the fast solver before the guard takes over: twice what the slowest measured case took from a cold start
        /// (docs/models/cement-flow.md).
        package var patience = 500

        package init(stepMM3: Double = 100, ramp: Double = 0.3, tolerance: Double = 1e-2, cutShare: Double = 0.05) {
            self.stepMM3 = stepMM3
            self.ramp = ramp
            self.tolerance = tolerance
            self.cutShare = cutShare
        }
    }

    /// Marrow at body temperature: 0.05–0.4 Pa·s and thinning under shear (unverified; taken as Newtonian, our choice).
    package static let usualMarrowViscosity = 0.2
}
