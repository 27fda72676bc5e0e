// Left, right and two needles compared on two grids with the same chance.
import Domain
import Foundation
import Imaging
import Morphometry
import Phantoms

@testable import CementFlow

/// How alike two grids rank the approaches to one phantom.
struct ApproachAgreement: Sendable {
    /// From least to most leakage, as `ApproachChoice` orders them.
    let coarse: [RehearsalOrder.Approach]
    let fine: [RehearsalOrder.Approach]
    let coarseChoice: RehearsalOrder.Approach
    let fineChoice: RehearsalOrder.Approach
    /// Greatest difference between the grids in an approach's share of leaking runs at the planned volume.
    let greatestDifference: Double
    /// What the coarse grid's first leaks leave to be gained: the fine grid's share of leaking runs with the approach that the coarse
    /// grid takes, less that with the approach that the fine grid takes.
    let regret: Double

    static let cells = (coarseMM: ApproachComparison.cellMM, fineMM: RehearsalSetting.cellMM)

    init(seed: UInt64, runs: Int) throws {
        let recipe = PhantomRecipe.withExit(seed: seed, pixelMM: 0.7)
        let body = try RehearsedBody(try PhantomBuilder.build(recipe), recipe.levels[0])
        // A comparison takes a quarter of an order's runs.
        let order = RehearsalOrder(runs: 4 * runs, seed: seed)
        let setting = try RehearsalSetting(
            body.vertebra, in: body.volume, cortex: body.trueCortex(), cleft: nil, foramen: nil, order: order)
        func outcomes(_ cellMM: Double) throws -> [ApproachOutcome] {
            try ApproachComparison(
                setting, cellMM: cellMM, threads: 1, cancellation: Cancellation(), progress: { _ in }
            ).outcomes
        }
        func ranked(_ outcomes: [ApproachOutcome]) -> [RehearsalOrder.Approach] {
            outcomes.sorted {
                ($0.leakage.burden(order.thresholds), $0.score) < ($1.leakage.burden(order.thresholds), $1.score)
            }.map(\.approach)
        }
        let (a, b) = (try outcomes(Self.cells.coarseMM), try outcomes(Self.cells.fineMM))
        (coarse, fine) = (ranked(a), ranked(b))
        let choices = (
            ApproachChoice(a, order: order).outcome.approach, ApproachChoice(b, order: order).outcome.approach
        )
        (coarseChoice, fineChoice) = choices
        greatestDifference = zip(a, b).map { abs($0.leakage.any - $1.leakage.any) }.max() ?? 0
        func share(_ approach: RehearsalOrder.Approach) -> Double {
            b.first { $0.approach == approach }?.leakage.any ?? 0
        }
        regret = share(choices.0) - share(choices.1)
    }
}
