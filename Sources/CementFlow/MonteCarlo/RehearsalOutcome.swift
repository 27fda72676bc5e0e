// What one run of a rehearsal came to.
import Domain
import Imaging

/// One injection of a rehearsal: what it took for true, and what leaked when.
///
/// A leak counts once `InjectionResult.Arrival.thresholdMM3` went through the place; its volume is what had been injected by then, up
/// to the end of the run (`Rehearsal.reach` times the planned volume).
package struct RehearsalOutcome: Sendable {
    /// 0-based; with the rehearsal's seed it makes the run repeatable.
    package var run: Int
    package var permeabilityFactor: Double
    package var viscosityFactor: Double
    /// Where the tips lay in this run, LPS millimetres.
    package var tipsMM: [PointMM]
    /// Volume of the first leak through each exit, mL, in the order of `FlowExit.allCases`; nil where none leaked.
    package var exitsML: [Double?]
    /// Through each quadrant's walls, in the order of `BodyQuadrant.allCases`.
    package var quadrantsML: [Double?]
    /// Through each sector's walls: quadrants in their order, each upper, middle, lower (`RehearsalResult.sectorOrder`).
    package var sectorsML: [Double?]
    /// Through each of the rehearsal's openings, in their order; nil also where this run had no such opening.
    package var openingsML: [Double?]
    package var anyML: Double?
    /// Every place of the shell that leaked, the first first.
    package var leaks: [Leak]
    /// Cement through each exit at the planned volume, mL.
    package var leakedML: [Double]
    /// Highest pressure at a needle up to the planned volume, Pa.
    package var peakPressurePa: Double
    /// The way of the cement to each exit that it reached, the first first.
    package var arrivals: [InjectionResult.Arrival]

    /// What went through one opening or patch of cortex.
    package struct Leak: Sendable {
        package var place: BodyFlowModel.Place
        package var firstML: Double
        /// At the planned volume, mL.
        package var leakedML: Double
    }

    init(
        _ result: InjectionResult, places: [BodyFlowModel.Place], plan: InjectionPlan, plannedMM3: Double,
        draw: RehearsalDraw, openings: Int, run: Int
    ) {
        self.run = run
        permeabilityFactor = draw.permeabilityFactor
        viscosityFactor = draw.viscosityFactor
        tipsMM = plan.needles.map(\.tipMM)
        let threshold = InjectionResult.Arrival.thresholdMM3
        func first(_ leak: (InjectionResult.Step) -> Double) -> Double? {
            result.crossing(threshold, of: leak).map { $0.volumeMM3 / 1000 }
        }
        func through(_ isCounted: (BodyFlowModel.Place) -> Bool) -> Double? {
            let counted = places.indices.filter { isCounted(places[$0]) }
            return first { step in counted.reduce(0) { $0 + step.throughMM3[$1] } }
        }
        exitsML = FlowExit.allCases.map { exit in first { $0.leakedMM3[exit.index] } }
        quadrantsML = BodyQuadrant.allCases.map { quadrant in through { $0.quadrant == quadrant } }
        sectorsML = RehearsalResult.sectorOrder.map { sector in
            through { $0.quadrant == sector.quadrant && $0.third == sector.third }
        }
        anyML = first { $0.leakedMM3.reduce(0, +) }
        leaks = places.indices.compactMap { n in
            first { $0.throughMM3[n] }.map {
                Leak(
                    place: places[n], firstML: $0, leakedML: result.leak(atMM3: plannedMM3) { $0.throughMM3[n] } / 1000)
            }
        }.sorted { $0.firstML < $1.firstML }
        var openingsML = [Double?](repeating: nil, count: openings)
        for leak in leaks {
            if let number = leak.place.number { openingsML[draw.presentOpenings[number]] = leak.firstML }
        }
        self.openingsML = openingsML
        leakedML = FlowExit.allCases.map { exit in
            result.leak(atMM3: plannedMM3) { $0.leakedMM3[exit.index] } / 1000
        }
        peakPressurePa =
            result.steps.filter { $0.volumeMM3 <= plannedMM3 * (1 + 1e-9) }.flatMap(\.pressurePa).max() ?? 0
        arrivals = result.arrivals
    }
}
