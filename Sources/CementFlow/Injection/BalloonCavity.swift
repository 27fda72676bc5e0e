// Kyphoplasty: the cavities that balloons leave in the bone, which cement fills first.
import Domain
import Imaging

extension InjectionPlan {
    /// How the bone is prepared.
    package enum Procedure: Sendable, Hashable {
        /// Percutaneous vertebroplasty (PVP): cement goes straight into bone.
        case vertebroplasty
        /// Percutaneous kyphoplasty (PKP): before cement comes, a balloon around each needle's tip has pressed a cavity of this volume,
        /// mm³, one per needle.
        case kyphoplasty(balloonsMM3: [Double])
    }
}

extension FlowDomain {
    /// The domain with the cavities that balloons pressed, filled with marrow.
    ///
    /// A cavity takes the cells nearest to the needle's tip up to its volume, so that a balloon that meets the wall grows the other
    /// way; two balloons share no cell. The bone that was there lies in a compacted rim around it. Around the tip because the tip is
    /// where the balloon lay when cement comes (our choice).
    ///
    /// - Throws: `CementFlowError.balloonsImplausible`.
    func pressed(byBalloons volumesMM3: [Double], at tipsMM: [PointMM]) throws -> FlowDomain {
        let cell = grid.cellMM * grid.cellMM * grid.cellMM
        let bone = porosity.indices.filter { porosity[$0] > 0 }
        let room = Double(bone.count) * cell
        guard volumesMM3.count == tipsMM.count, volumesMM3.allSatisfy({ $0 > 0 }),
            volumesMM3.reduce(0, +) <= Self.mostCavity * room
        else {
            throw CementFlowError.balloonsImplausible(
                volumesML: volumesMM3.map { $0 / 1000 }, needles: tipsMM.count, bodyML: room / 1000)
        }
        var result = self
        var isCavity = [Bool](repeating: false, count: grid.count)
        var isRim = isCavity
        for (volume, tip) in zip(volumesMM3, tipsMM) {
            let order = bone.filter { !isCavity[$0] }.map { (cell: $0, away: length(grid.centre(of: $0) - tip)) }
                .sorted { ($0.away, $0.cell) < ($1.away, $1.cell) }
            let taken = max(Int((volume / cell).rounded()), 1)
            for place in order.prefix(taken) { isCavity[place.cell] = true }
            let edge = order[taken - 1].away + max(Self.rimMM, grid.cellMM)
            for place in order.dropFirst(taken).prefix(while: { $0.away <= edge }) { isRim[place.cell] = true }
        }
        var solid = 0.0
        for i in bone where isCavity[i] {
            solid += 1 - porosity[i]
            result.porosity[i] = 1
            result.permeabilityMM2[i] = pointwiseMax(permeabilityMM2[i], permeabilityMM2[i] * Self.cavityFactor)
        }
        let rim = bone.filter { isRim[$0] && !isCavity[$0] }
        for i in rim {
            result.porosity[i] = max(porosity[i] - solid / Double(rim.count), Self.leastRimPorosity)
            result.permeabilityMM2[i] *= Self.rimFactor
        }
        return result
    }

    /// An open space: this many times the permeability of the bone that was there (our choice, as for a cleft).
    private static let cavityFactor = 1000.0
    /// Compacted bone around a balloon: its width, at least one cell, mm, and its permeability over that of the bone there (our
    /// choice; no measurement was found).
    private static let rimMM = 1.5
    private static let rimFactor = 0.1
    /// Compacted bone keeps some pores (our choice).
    private static let leastRimPorosity = 0.3
    /// The largest part of a body that balloons can press (our choice).
    private static let mostCavity = 0.5
}
