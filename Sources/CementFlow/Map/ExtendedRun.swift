// One injection carried on far beyond any plan, so that every opening has its turn.
import Domain
import Imaging

/// An injection with every input at its middle value that goes on until most of the body is full.
///
/// Its first leaks order places however unlikely a leak is by the planned volume. No such volume is ever injected.
package struct ExtendedRun: Sendable {
    /// The fill at the planned volume is its first mark.
    package var result: InjectionResult
    package var grid: FlowGrid
    /// Through each exit, in the order of `FlowExit.allCases`.
    package var exits: [Leak]
    /// In the order of `BodyQuadrant.allCases`; the foramen counts in none.
    package var quadrants: [Leak]
    /// In the order of `RehearsalResult.sectorOrder`; the foramen counts in none.
    package var sectors: [Leak]
    /// Places that cement left by, the first first.
    package var places: [(place: BodyFlowModel.Place, leak: Leak)]

    /// What left at one place; the lesser leaked first.
    package struct Leak: Sendable, Hashable, Comparable {
        /// mL injected when the leak passed its threshold; nil where it never did.
        package var firstML: Double?
        /// In the whole run, mL: orders places that stayed below the threshold.
        package var leakedML: Double

        package static func < (a: Leak, b: Leak) -> Bool {
            (a.firstML ?? .infinity, -a.leakedML) < (b.firstML ?? .infinity, -b.leakedML)
        }
    }

    /// What is injected, as a part of the pores (our choice: gaps far from the needle, in the posterior wall above all, then have had
    /// their turn; all of it but for rounding).
    static let share = 0.99

    /// - Parameter plan: its volume is the planned one.
    init(_ model: BodyFlowModel, plan: InjectionPlan, cancellation: Cancellation) throws {
        var extended = plan
        extended.marksMM3 = [plan.volumeMM3]
        extended.volumeMM3 = max(plan.volumeMM3, Self.share * model.domain.poreVolumeMM3)
        let result = try model.domain.inject(extended, cancellation: cancellation)
        let threshold = InjectionResult.Arrival.thresholdMM3
        func leak(_ leak: (InjectionResult.Step) -> Double) -> Leak {
            Leak(
                firstML: result.crossing(threshold, of: leak).map { $0.volumeMM3 / 1000 },
                leakedML: (result.steps.last.map(leak) ?? 0) / 1000)
        }
        func through(_ isCounted: (BodyFlowModel.Place) -> Bool) -> Leak {
            let counted = model.places.indices.filter { isCounted(model.places[$0]) }
            return leak { step in counted.reduce(0) { $0 + step.throughMM3[$1] } }
        }
        self.result = result
        grid = model.domain.grid
        exits = FlowExit.allCases.map { exit in leak { $0.leakedMM3[exit.index] } }
        quadrants = BodyQuadrant.allCases.map { quadrant in through { $0.quadrant == quadrant } }
        sectors = RehearsalResult.sectorOrder.map { sector in
            through { $0.quadrant == sector.quadrant && $0.third == sector.third }
        }
        places = model.places.indices.map { n in (model.places[n], leak { $0.throughMM3[n] }) }
            .filter { $0.1.leakedML > 0 }.sorted { $0.1 < $1.1 }
    }

    /// Through an exit of the map: the first of its ways.
    package func leak(at exit: LeakageMap.Exit) -> Leak {
        let ways = FlowExit.allCases.filter { $0.mapExit == exit }.map { exits[$0.index] }
        return Leak(firstML: ways.compactMap(\.firstML).min(), leakedML: ways.reduce(0) { $0 + $1.leakedML })
    }

    func firstPlace(of exit: LeakageMap.Exit) -> BodyFlowModel.Place? {
        places.first { $0.place.exit.mapExit == exit && $0.leak.firstML != nil }?.place
    }
}
