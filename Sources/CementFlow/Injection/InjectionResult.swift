// What an injection did: pressure, time, leaks and where the cement lies.
import Imaging

/// The course of one injection.
package struct InjectionResult: Sendable {
    /// The state at the start and after every step.
    package var steps: [Step]
    /// Cement in each cell of the domain's grid, mm³.
    package var cementMM3: [Double]
    /// Part of each cell's pores that is cement, 0…1.
    package var fill: [Float]
    /// The same at the volumes that the plan marks, as far as the injection went.
    package var marks: [(volumeMM3: Double, fill: [Float])] = []
    /// Cement that was at the needles' mouths from the start, mm³; not counted as injected.
    package var prefillMM3: Double
    /// What left through each exit first, in the order of volume.
    package var arrivals: [Arrival]
    /// Cement that could not go on at the end, mm³: a pocket of still marrow before the front.
    package var heldMM3: Double
    /// Injected and prefilled cement less what lies in the cells, has left and is held back, mm³: rounding only.
    package var imbalanceMM3: Double
    /// Pressures that the fast solver did not settle, so that the guard had to.
    package var guardedSolutions = 0

    /// The state at one injected volume.
    package struct Step: Sendable {
        package var volumeMM3: Double
        package var timeS: Double
        /// At the mouth of each needle, Pa.
        package var pressurePa: [Double]
        /// Through each needle, mm³/s.
        package var flowMM3PerS: [Double]
        /// Cement through each exit so far, mm³.
        package var leakedMM3: [Double]
        /// Cement through each opening of the domain so far, mm³.
        package var throughMM3: [Double]
        /// Iterations of the pressure solver for this state.
        package var iterations: Int
    }

    /// The first cement through an exit.
    package struct Arrival: Sendable {
        /// Index into the domain's exits.
        package var exit: Int
        package var exitName: String
        /// Injected volume and time at which the leak passed `thresholdMM3`.
        package var volumeMM3: Double
        package var timeS: Double
        /// The way of the cement from the needle to the exit, LPS millimetres, cell by cell.
        package var pathMM: [PointMM]

        /// Leaked volume that counts as an arrival, mm³ (our choice: ten cells of 1 mm).
        package static let thresholdMM3 = 10.0
    }

    /// The volume at which each exit's leak passed a threshold, mm³; nil for exits that stayed below it.
    package func firstLeakMM3(threshold: Double = Arrival.thresholdMM3) -> [Double?] {
        guard let exits = steps.first?.leakedMM3.count else { return [] }
        return (0..<exits).map { exit in crossing(threshold) { $0.leakedMM3[exit] }?.volumeMM3 }
    }

    /// Where a leak passes a threshold, linearly between steps; nil where it stays below.
    func crossing(_ threshold: Double, of leak: (Step) -> Double) -> (volumeMM3: Double, timeS: Double)? {
        guard let after = steps.firstIndex(where: { leak($0) >= threshold }), after > 0 else { return nil }
        let (a, b) = (steps[after - 1], steps[after])
        let part = (threshold - leak(a)) / (leak(b) - leak(a))
        return (a.volumeMM3 + part * (b.volumeMM3 - a.volumeMM3), a.timeS + part * (b.timeS - a.timeS))
    }

    /// A leak at an injected volume, linearly between steps; the last value beyond the end.
    func leak(atMM3 volume: Double, of leak: (Step) -> Double) -> Double {
        guard let after = steps.firstIndex(where: { $0.volumeMM3 >= volume }), after > 0 else {
            return steps.last.map(leak) ?? 0
        }
        let (a, b) = (steps[after - 1], steps[after])
        return leak(a) + (volume - a.volumeMM3) / (b.volumeMM3 - a.volumeMM3) * (leak(b) - leak(a))
    }
}
