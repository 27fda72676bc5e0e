// A rehearsal as the report words it.
import CementFlow
import Domain
import Imaging

extension RehearsalSection {
    init(_ body: BodyRehearsal) throws {
        let result = body.monteCarlo
        let cement = try Cement(named: body.order.cement)
        self.init(
            standing: """
                Every number here comes from simulated injections; none was compared with a patient. Permeability, viscosity and what lies \
                outside the body are uncertain by decades.
                """,
            model: "cement-flow 1", procedure: body.order.procedure.rawValue, approach: body.approach.rawValue,
            cement: CementSection(cement), needles: body.needles.map(NeedleSection.init),
            plannedVolumeML: body.plannedML.shown,
            furthestVolumeML: (result.any.volumesML.last ?? body.plannedML).shown,
            runs: result.runs, seed: result.seed, spreads: result.spread.measurements,
            cellMM: result.grid.cellMM, leakCountsFromML: result.thresholdML,
            any: FirstLeaks(body).section(result.any) { [$0.anyML] }, curve: LeakageCurveSection(result.any),
            planned: PlannedInjectionSection(
                body.headline, plannedML: body.plannedML, furthestML: result.any.volumesML.last ?? body.plannedML),
            limits: Self.limits)
    }

    private static let limits = [
        "A simulation: never compared with a cadaver or a patient.",
        "Intervals are of chance in the number of runs and of the spreads listed, not of the model's truth.",
        "Bone is a continuum without single struts; veins are one tube on each side and the basivertebral canal.",
        "Gaps that the cortex map cannot see are not rehearsed; those it holds for possible are there in part of the runs.",
    ]
}

extension PlannedInjectionSection {
    /// - Parameter furthestML: leaks beyond are not told, for no run goes on to them.
    init(_ run: ExtendedRun, plannedML: Double, furthestML: Double) {
        let steps = run.result.steps.filter { $0.volumeMM3 <= 1000 * plannedML * (1 + 1e-9) }
        self.init(
            cellMM: run.grid.cellMM,
            firstLeaks: run.result.arrivals.filter { $0.volumeMM3 <= 1000 * furthestML }.map {
                PlannedLeakSection(exit: $0.exitName, volumeML: ($0.volumeMM3 / 1000).shown, timeS: $0.timeS.shown)
            },
            peakPressureKPa: ((steps.flatMap(\.pressurePa).max() ?? 0) / 1000).shown,
            enclosedMarrowML: run.enclosedMarrowML.shown)
    }
}

extension ExtendedRun {
    /// Cells less than half full at the planned volume from which no way of such cells leads out of the body.
    fileprivate var enclosedMarrowML: Double {
        guard let fill = result.marks.first?.fill else { return 0 }
        let open = VoxelMask(geometry: grid.geometry, voxels: fill.map { $0 < 0.5 })
        // The grid's rim is outside the body.
        let outside = open.component(holding: Index3(x: 0, y: 0, z: 0), .six)
        return open.subtracting(outside).volumeML
    }
}

extension CementSection {
    init(_ cement: Cement) {
        self.init(
            name: cement.name, consistencyPaSN: cement.consistency, exponent: cement.exponent,
            thickeningS: cement.thickeningS.isFinite ? cement.thickeningS : nil, source: cement.source)
    }
}

extension NeedleSection {
    init(_ needle: NeedlePlan) {
        self.init(
            entrySide: needle.side.rawValue, tipLPSMM: needle.tipMM.shown, pedicleLPSMM: needle.pedicleMM?.shown)
    }
}

extension LeakageCurveSection {
    init(_ curve: LeakageCurve) {
        self.init(
            volumesML: curve.volumesML, simulatedProbability: curve.probability.map(\.shown),
            lower95: curve.lower95.map(\.shown), upper95: curve.upper95.map(\.shown))
    }
}

extension RehearsalSpread {
    /// As the report lists them.
    fileprivate var measurements: [Measurement] {
        func spread(_ name: String, _ value: Double, _ unit: String) -> Measurement {
            Measurement(name: name, value: value, unit: unit, source: "our choice (docs/models/cement-flow.md)")
        }
        return [
            spread("permeabilityLogSD", permeabilityLogSD, "ln k"),
            spread("viscosityLogSD", viscosityLogSD, "ln viscosity"), spread("needleTipSD", tipSDMM, "mm"),
            spread("gapSizeLogSD", defectLogSD, "ln size"), spread("segmentationSD", segmentationSDMM, "mm"),
        ]
    }
}

extension Double {
    /// To four decimals: what a report shows of a simulated number.
    var shown: Double { (self * 10_000).rounded() / 10_000 }
}

extension SIMD3<Double> {
    var list: [Double] { [x, y, z] }
    /// To a hundredth of a millimetre.
    var shown: [Double] { list.map { ($0 * 100).rounded() / 100 } }
}

extension ClosedRange<Double> {
    var list: [Double] { [lowerBound.shown, upperBound.shown] }
}
