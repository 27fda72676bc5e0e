// The soft tissue or disc outside an opening, into which leaked cement spreads.
import Foundation

/// Tissue outside an opening: leaked cement fills a hemisphere on its mouth.
///
/// Pressure drop per flow of a point sink in a half space, from the mouth's radius a to infinity, cement up to R and tissue fluid
/// beyond: (µc (1/a − 1/R) + µt/R) / (2πk), with R³ = a³ + 3V/(2πφ).
package struct OuterTissue: Sendable, Hashable {
    package var permeabilityMM2: Double
    /// Part of the tissue that cement can fill, 0…1.
    package var porosity: Double
    /// Radius of a circle with the opening's area, mm.
    package var mouthRadiusMM: Double

    package init(permeabilityMM2: Double, porosity: Double, mouthRadiusMM: Double) {
        self.permeabilityMM2 = permeabilityMM2
        self.porosity = porosity
        self.mouthRadiusMM = mouthRadiusMM
    }

    /// Pressure over flow, Pa·s/mm³, after `leakedMM3` of cement went through the mouth.
    package func resistance(leakedMM3: Double, cementViscosity: Double, fluidViscosity: Double) -> Double {
        let a = mouthRadiusMM
        let front = cbrt(a * a * a + 3 * leakedMM3 / (2 * .pi * porosity))
        return (cementViscosity * (1 / a - 1 / front) + fluidViscosity / front) / (2 * .pi * permeabilityMM2)
    }
}
