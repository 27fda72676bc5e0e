// How cement resists flow: a power law that thickens with time.
import Foundation

/// A cement whose apparent viscosity is K(t) γ̇ⁿ⁻¹ with K(t) = K₀ exp(t/τ).
package struct Cement: Sendable, Hashable {
    package var name: String
    /// K₀: apparent viscosity at a shear rate of 1 1/s when injection begins, Pa·sⁿ.
    package var consistency: Double
    /// n: 1 for a Newtonian cement, below 1 where it thins under shear; > 0.
    package var exponent: Double
    /// τ: time in which the consistency grows e-fold, s; infinite for one that does not thicken.
    package var thickeningS: Double
    /// Where the numbers come from.
    package var source: String

    package init(
        name: String, consistency: Double, exponent: Double = 1, thickeningS: Double = .infinity, source: String
    ) {
        self.name = name
        self.consistency = consistency
        self.exponent = exponent
        self.thickeningS = thickeningS
        self.source = source
    }

    /// K(t), Pa·sⁿ.
    package func consistency(atS time: Double) -> Double { consistency * exp(time / thickeningS) }

    /// The factor m of µ = m |u|ⁿ⁻¹ in bone, with |u| the Darcy speed in mm/s: the shear rate in a pore is taken as |u|/√(kφ), the
    /// usual form with a shape factor of 1 (our choice; published factors lie near 1, Sochi 2010, Polymer 51:5007).
    package func boneFactor(atS time: Double, permeabilityMM2: Double, porosity: Double) -> Double {
        consistency(atS: time) * pow(permeabilityMM2 * porosity, (1 - exponent) / 2)
    }
}
