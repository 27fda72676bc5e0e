// Everything about one body that all its rehearsals share: cells, openings, needles, cement and volume.
import Domain
import Foundation
import Imaging
import Morphometry

/// The body of an order, ready to be injected.
struct RehearsalSetting {
    let order: RehearsalOrder
    let vertebra: Vertebra
    let volume: Volume
    let cleft: Cleft?
    /// At 1.5 mm, where the Monte Carlo runs: ranks exits as 1 mm does (docs/models/cement-flow.md).
    let cells: BodyCells
    let openings: [UncertainOpening]
    /// What the extended run opens: gaps that are there as likely as not; where there is none, every suspect, since that run only
    /// orders places and a guess orders better than nothing (our choice).
    let likelyOpenings: [ShellOpening]
    let parameters: BodyFlowParameters
    let cement: Cement
    let rule: VolumeRecommendation
    let plannedML: Double

    /// Runs go on to this many times the planned volume.
    static let reach = 1.5
    static let cellMM = 1.5
    static let headlineCellMM = 1.0
    /// Flow of a slow injection, mm³/s (Krebs 2005, Spine, PMID 15738774: 0.05 mL/s).
    static let flowMM3PerS = 50.0

    /// Balloons press cavities of this part of the planned cement volume (our choice: cement fills the cavity and some bone around it).
    static let balloonShare = 0.7
    /// The vein in a foramen is this part of the bony opening's diameter (our choice: the usual opening of 5 × 6 mm then has the usual
    /// channel of `BodyFlowParameters`).
    static let veinShare = 0.27

    /// - Throws: `CementFlowError` for an unknown cement.
    init(
        _ vertebra: Vertebra, in volume: Volume, cortex: CortexMap, cleft: Cleft?, foramen: BasivertebralForamen?,
        order: RehearsalOrder
    ) throws {
        self.order = order
        self.vertebra = vertebra
        self.volume = volume
        self.cleft = cleft
        cement = try Cement(named: order.cement)
        var parameters = BodyFlowParameters()
        if let foramen {
            parameters.foramenDiameterMM = Self.veinShare * (foramen.widthMM * foramen.heightMM).squareRoot()
        }
        self.parameters = parameters
        cells = BodyCells(vertebra, in: volume, cellMM: Self.cellMM, cleft: cleft?.mask)
        let thickness = parameters.cortexThicknessMM
        openings = (cortex.gaps + cortex.suspects).compactMap { gap in
            ShellOpening(gap, thicknessMM: thickness).map { UncertainOpening($0, probability: gap.confidence) }
        }
        let likely = openings.filter { $0.probability >= 0.5 }
        likelyOpenings = (likely.isEmpty ? openings : likely).map(\.opening)
        rule = VolumeRecommendation(bodyVolumeML: cells.volumeMM3 / 1000, gaps: cortex.gaps)
        plannedML = order.volumeML ?? (rule.rangeML.lowerBound + rule.rangeML.upperBound) / 2
    }

    /// The body at another cell size.
    func cells(ofMM cellMM: Double) -> BodyCells {
        cellMM == cells.grid.cellMM ? cells : BodyCells(vertebra, in: volume, cellMM: cellMM, cleft: cleft?.mask)
    }

    var endML: Double { plannedML * Self.reach }

    /// The needles of an approach, or the order's own tips.
    func needles(_ approach: RehearsalOrder.Approach) -> [NeedlePlan] {
        let planner = NeedlePlanner(vertebra, cells: cells)
        if let tips = order.tipsLPSMM, !tips.isEmpty, approach == orderedApproach { return planner.needles(at: tips) }
        return planner.needles(approach)
    }

    /// What the order's tips or words say.
    var orderedApproach: RehearsalOrder.Approach? {
        guard let tips = order.tipsLPSMM, !tips.isEmpty else { return order.approach }
        if tips.count > 1 { return .bilateral }
        let side = NeedlePlanner(vertebra, cells: cells).needles(at: tips)[0].side
        return side == .left ? .left : .right
    }

    func plan(_ needles: [NeedlePlan], cement: Cement) -> InjectionPlan {
        var plan = InjectionPlan(
            needles: needles.map { Needle(tipMM: $0.tipMM, share: 1 / Double(needles.count)) }, cement: cement,
            drive: .flow(mm3PerS: Self.flowMM3PerS), volumeMM3: plannedML * 1000)
        if order.procedure == .kyphoplasty {
            let balloon = Self.balloonShare * plannedML * 1000 / Double(needles.count)
            plan.procedure = .kyphoplasty(balloonsMM3: needles.map { _ in balloon })
        }
        return plan
    }

    func rehearsal(_ needles: [NeedlePlan], cement: Cement? = nil, runs: Int) -> Rehearsal {
        var rehearsal = Rehearsal(
            plan: plan(needles, cement: cement ?? self.cement), parameters: parameters, openings: openings)
        rehearsal.seed = order.seed
        rehearsal.runs = runs
        rehearsal.reach = Self.reach
        return rehearsal
    }

    /// One injection with every input at its middle value and the likely openings.
    func extendedRun(
        _ needles: [NeedlePlan], cellMM: Double = headlineCellMM, cancellation: Cancellation = Cancellation()
    ) throws -> ExtendedRun {
        let cells = self.cells(ofMM: cellMM)
        let model = BodyFlowModel(cells, parameters: parameters, openings: likelyOpenings)
        return try ExtendedRun(model, plan: plan(needles, cement: cement), cancellation: cancellation)
    }
}
