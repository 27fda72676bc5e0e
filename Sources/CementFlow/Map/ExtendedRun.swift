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
    /// Volume of the first leak through each exit, mL, in the order of `FlowExit.allCases`; nil where it never leaked.
    package var exitsML: [Double?]
    /// In the order of `BodyQuadrant.allCases`; the foramen counts in none.
    package var quadrantsML: [Double?]
    /// In the order of `RehearsalResult.sectorOrder`; the foramen counts in none.
    package var sectorsML: [Double?]
    /// Places that leaked, the first first.
    package var places: [(place: BodyFlowModel.Place, firstML: Double)]

    /// The part of the pores that is filled (our choice: at 0.8 gaps far from the needle have leaked and numbers stay tame).
    static let share = 0.8

    /// - Parameter plan: its volume is the planned one.
    init(_ model: BodyFlowModel, plan: InjectionPlan, cancellation: Cancellation) throws {
        var extended = plan
        extended.marksMM3 = [plan.volumeMM3]
        extended.volumeMM3 = max(plan.volumeMM3, Self.share * model.domain.poreVolumeMM3)
        let result = try model.domain.inject(extended, cancellation: cancellation)
        let threshold = InjectionResult.Arrival.thresholdMM3
        func first(_ leak: (InjectionResult.Step) -> Double) -> Double? {
            result.crossing(threshold, of: leak).map { $0.volumeMM3 / 1000 }
        }
        func through(_ isCounted: (BodyFlowModel.Place) -> Bool) -> Double? {
            let counted = model.places.indices.filter { isCounted(model.places[$0]) }
            return first { step in counted.reduce(0) { $0 + step.throughMM3[$1] } }
        }
        self.result = result
        grid = model.domain.grid
        exitsML = FlowExit.allCases.map { exit in first { $0.leakedMM3[exit.index] } }
        quadrantsML = BodyQuadrant.allCases.map { quadrant in through { $0.quadrant == quadrant } }
        sectorsML = RehearsalResult.sectorOrder.map { sector in
            through { $0.quadrant == sector.quadrant && $0.third == sector.third }
        }
        places = model.places.indices.compactMap { n in
            first { $0.throughMM3[n] }.map { (model.places[n], $0) }
        }.sorted { $0.1 < $1.1 }
    }

    /// First leak through an exit of the map, mL.
    package func firstML(of exit: LeakageMap.Exit) -> Double? {
        FlowExit.allCases.filter { $0.mapExit == exit }.compactMap { exitsML[$0.index] }.min()
    }

    func firstPlace(of exit: LeakageMap.Exit) -> BodyFlowModel.Place? {
        places.first { $0.place.exit.mapExit == exit }?.place
    }
}
