// The viscosity of what fills each cell, as cement arrives, shears and thickens.
import Foundation
import Imaging

/// Viscosities on the grid.
final class CellViscosity {
    /// Of each cell's filling: f µc + (1 − f) µm, Pa·s.
    let filling: Field<Double>
    let isNewtonian: Bool
    /// Of the cement in each cell, Pa·s, 0 where there was none; nil for a Newtonian cement, which has one viscosity.
    var cement: Field<Double>? { isNewtonian ? nil : sheared }
    /// Of the cement at the needle's mouth now, Pa·s.
    private(set) var typicalViscosity: Double

    private let domain: FlowDomain
    private let plan: InjectionPlan
    /// Of the cement in each cell, Pa·s; empty for a Newtonian cement, which has one viscosity.
    private let sheared: Field<Double>
    private var timeS = 0.0

    init(_ domain: FlowDomain, plan: InjectionPlan, needles: [NeedleOnGrid]) {
        self.domain = domain
        self.plan = plan
        isNewtonian = plan.cement.exponent == 1
        filling = Field(repeating: plan.marrowViscosity, count: domain.grid.count)
        typicalViscosity = plan.cement.consistency
        sheared = Field(repeating: 0, count: isNewtonian ? 0 : domain.grid.count)
    }

    /// Takes in where cement is and how old it is.
    func update(_ sweep: FrontSweep, atS time: Double) {
        let growth = plan.cement.consistency(atS: time) / plan.cement.consistency(atS: timeS)
        timeS = time
        let marrow = plan.marrowViscosity
        let (mu, cement, pore) = (filling.start, sweep.cement.start, sweep.pore.start)
        if isNewtonian {
            typicalViscosity = plan.cement.consistency(atS: time)
            for cell in sweep.reached {
                let i = Int(cell)
                mu[i] = marrow + min(cement[i] / pore[i], 1) * (typicalViscosity - marrow)
            }
            return
        }
        typicalViscosity *= growth
        for cell in sweep.reached {
            let i = Int(cell)
            // A cell that cement enters takes on the viscosity of the cell that it came from.
            if sheared.start[i] == 0 {
                let origin = sweep.origin.start[i]
                sheared.start[i] = origin >= 0 ? sheared.start[Int(origin)] : 0
                if sheared.start[i] == 0 { sheared.start[i] = typicalViscosity }
            } else {
                sheared.start[i] *= growth
            }
            mu[i] = marrow + min(cement[i] / pore[i], 1) * (sheared.start[i] - marrow)
        }
    }

    /// Moves each cement cell's viscosity towards that of its present speed, µ = m |u|ⁿ⁻¹.
    func shear(_ sweep: FrontSweep, pressure: NeedlePressure) {
        guard !isNewtonian else { return }
        let n = plan.cement.exponent
        let (tx, ty, tz, out) = (
            pressure.faces.x.start, pressure.faces.y.start, pressure.faces.z.start, pressure.faces.out.start
        )
        let p = pressure.unit.start
        let strides = domain.grid.strides
        // Mean of what passes a cell's two faces on each axis, without sign: a needle's cell loses on both sides.
        let scale = pressure.flowMM3PerS / (2 * domain.grid.cellMM * domain.grid.cellMM)
        let (mu, cement, pore) = (filling.start, sweep.cement.start, sweep.pore.start)
        for cell in sweep.reached {
            let i = Int(cell)
            let x = abs(tx[i] * (p[i] - p[i + 1])) + abs(tx[i - 1] * (p[i] - p[i - 1]))
            let y = abs(ty[i] * (p[i] - p[i + strides.y])) + abs(ty[i - strides.y] * (p[i] - p[i - strides.y]))
            let z = abs(tz[i] * (p[i] - p[i + strides.z])) + abs(tz[i - strides.z] * (p[i] - p[i - strides.z]))
            let speed = max(scale * (x * x + y * y + z * z).squareRoot(), scale * out[i] * p[i], Self.leastSpeed)
            let k = domain.permeabilityMM2[i]
            let factor = plan.cement.boneFactor(
                atS: timeS, permeabilityMM2: cbrt(k.x * k.y * k.z), porosity: domain.porosity[i])
            let wanted = factor * pow(speed, n - 1)
            sheared.start[i] = pow(sheared.start[i], 1 - Self.damping) * pow(wanted, Self.damping)
            mu[i] = plan.marrowViscosity + min(cement[i] / pore[i], 1) * (sheared.start[i] - plan.marrowViscosity)
        }
        let mouth = pressure.needles.flatMap { $0.cells }
        typicalViscosity = mouth.reduce(0) { $0 + sheared.start[$1.cell] } / Double(mouth.count)
    }

    /// Pressure at the mouth of a needle in a field, Pa.
    ///
    /// A Newtonian cement's needle stands above its cells by the lattice's well correction. A power law has none: there the mean
    /// pressure on a shell two to three cells away is led inwards by the closed form of a sphere, dp/dr = −(m/k) (q/4πr²)ⁿ; until
    /// cement fills the shell, the closed form starts at the radius that the needle's cells stand for.
    ///
    /// - Parameters:
    ///   - flow: of this needle, mm³/s, which sets how the cement shears.
    ///   - fieldFlow: flow of this needle in the field, mm³/s.
    func mouthPressure(
        of needle: NeedleOnGrid, flow: Double, fieldFlow: Double, in field: Field<Double>, _ sweep: FrontSweep
    ) -> Double {
        let cells = needle.cells.reduce(0) { $0 + $1.weight * field.start[$1.cell] }
        if isNewtonian {
            // While cement fills only a few cells their staircase shows in the difference of two large numbers. Pressure falls away
            // from the needle, so that the shell's mean is a lower bound.
            let shell = needle.shell.reduce(0) { $0 + field.start[$1.cell] } / Double(max(needle.shell.count, 1))
            return max(cells + fieldFlow * typicalViscosity * needle.wellCorrection, shell)
        }
        let n = plan.cement.exponent
        let factor = plan.cement.boneFactor(
            atS: timeS, permeabilityMM2: needle.permeabilityMM2, porosity: domain.porosity[needle.cells[0].cell])
        let slope = flow > 0 ? fieldFlow / flow * factor / needle.permeabilityMM2 * pow(flow / (4 * .pi), n) : 0
        let radius = needle.needle.radiusMM
        let isFilled = needle.shell.allSatisfy {
            sweep.cement.start[$0.cell] >= 0.999 * sweep.pore.start[$0.cell]
        }
        guard isFilled, !needle.shell.isEmpty else {
            return cells + slope * radialIntegral(from: radius, to: needle.cellsRadiusMM, exponent: n)
        }
        let sum = needle.shell.reduce(0) {
            $0 + field.start[$1.cell] + slope * radialIntegral(from: radius, to: $1.radiusMM, exponent: n)
        }
        return sum / Double(needle.shell.count)
    }

    /// The flow that a pressure drives, from the resistance at the present flow: R grows as Qⁿ⁻¹, so p as Qⁿ.
    func flow(at pressure: Double, resistance: Double, now: Double) -> Double {
        guard resistance > 0 else { return now }
        if isNewtonian { return pressure / resistance }
        return now * pow(pressure / (resistance * now), 1 / plan.cement.exponent)
    }

    /// Below this speed a power-law cement does not thicken any more, mm/s (our choice: keeps viscosities finite).
    private static let leastSpeed = 1e-4
    /// Part of the way, in the logarithm, that one update goes (measured: full steps oscillate).
    private static let damping = 0.7
}

/// ∫ r⁻²ⁿ dr.
private func radialIntegral(from inner: Double, to outer: Double, exponent n: Double) -> Double {
    let power = 1 - 2 * n
    return abs(power) < 1e-9 ? log(outer / inner) : (pow(outer, power) - pow(inner, power)) / power
}
