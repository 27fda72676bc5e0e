// One opening through the shell: the law of its conduit and of the flow that narrows towards it.
import Foundation

/// The shape of an opening through a shell of some thickness.
package struct Passage: Sendable, Hashable {
    package enum Shape: Sendable, Hashable {
        /// A slit: permeability w²/12 (flow between plates).
        case fissure(lengthMM: Double, widthMM: Double)
        /// A round channel: permeability d²/32 (Hagen–Poiseuille).
        case tube(diameterMM: Double)
    }

    package var shape: Shape
    /// Length of the way through, mm.
    package var thicknessMM: Double

    package init(_ shape: Shape, thicknessMM: Double) {
        self.shape = shape
        self.thicknessMM = thicknessMM
    }

    /// Cross-section, mm².
    package var areaMM2: Double {
        switch shape {
        case .fissure(let length, let width): length * width
        case .tube(let diameter): .pi * diameter * diameter / 4
        }
    }

    /// Pressure drop of the conduit alone per flow and viscosity, 1/mm³.
    package var conduitResistance: Double {
        let permeability =
            switch shape {
            case .fissure(_, let width): width * width / 12
            case .tube(let diameter): diameter * diameter / 32
            }
        return thicknessMM / (areaMM2 * permeability)
    }

    /// Radius of the half ball with the same access resistance, mm.
    ///
    /// Flow from a half space into an ellipse with half axes a ≥ b meets K(e)/(2πka), e² = 1 − (b/a)²; a half ball of radius ρ meets
    /// 1/(2πkρ). Hence ρ = a/K(e); a slit is taken as the ellipse of its area and proportions, a = l/√π, b = w/√π.
    package var accessRadiusMM: Double {
        let (length, width): (Double, Double) =
            switch shape {
            case .fissure(let length, let width): (max(length, width), min(length, width))
            case .tube(let diameter): (diameter * .pi.squareRoot() / 2, diameter * .pi.squareRoot() / 2)
            }
        // K(e) = π / (2 AGM(1, b/a)): the arithmetic-geometric mean converges quadratically.
        var mean = 1.0
        var geometric = width / length
        while mean - geometric > 1e-9 {
            (mean, geometric) = ((mean + geometric) / 2, (mean * geometric).squareRoot())
        }
        return length / Double.pi.squareRoot() * 2 * mean / .pi
    }

    /// Access resistance of one side per viscosity, 1/mm³.
    package func accessResistance(permeabilityMM2: Double) -> Double {
        1 / (2 * .pi * permeabilityMM2 * accessRadiusMM)
    }
}
