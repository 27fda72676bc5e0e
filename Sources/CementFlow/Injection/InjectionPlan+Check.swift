// What an injection must be to be computed.
import Imaging

extension InjectionPlan {
    /// - Throws: `CementFlowError`.
    func check(poresMM3: Double) throws {
        guard volumeMM3 > 0, volumeMM3 <= poresMM3 else {
            throw CementFlowError.volumeImplausible(volumeML: volumeMM3 / 1000, poresML: poresMM3 / 1000)
        }
        let values: [Double] =
            switch drive {
            case .flow(let flow): [flow]
            case .pressure(let pressure): [pressure]
            case .limited(let flow, let pressure, let cannula): [flow, pressure, cannula + .leastNonzeroMagnitude]
            }
        let shares = needles.map(\.share)
        guard !needles.isEmpty, values.allSatisfy({ $0 > 0 && $0 < .infinity }),
            shares.allSatisfy({ $0 >= 0 && $0 < .infinity }), shares.reduce(0, +) > 0
        else {
            throw CementFlowError.driveImplausible
        }
        let material = [cement.consistency, cement.exponent, marrowViscosity]
        guard material.allSatisfy({ $0 > 0 && $0 < .infinity }), cement.thickeningS > 0 else {
            throw CementFlowError.cementImplausible(name: cement.name)
        }
        for (n, needle) in needles.enumerated() {
            guard let first = needles[..<n].firstIndex(where: { length($0.tipMM - needle.tipMM) < needle.radiusMM })
            else { continue }
            throw CementFlowError.needlesCoincide(first: first, second: n)
        }
    }
}
