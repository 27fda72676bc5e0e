// A rehearsal as the report words it.
import CementFlow
import Domain
import Imaging
import OutcomeModels

extension RehearsalSection {
    init(_ body: RehearsedBody, _ settings: DigitalBiopsySettings, level: VertebralLevel) {
        let (plan, result) = (body.rehearsal.plan, body.result)
        let request = settings.rehearsal
        let placedBy = request.tips.tips(of: level) == nil ? "approach" : "request"
        self.init(
            standing: """
                Every number here comes from simulated injections; none was compared with a patient. Permeability, viscosity and what lies \
                outside the body are uncertain by decades.
                """,
            model: "cement-flow 1", procedure: settings.procedure.rawValue, approach: request.approach.rawValue,
            cement: CementSection(plan.cement),
            needles: plan.needles.map { NeedleSection(tipLPSMM: $0.tipMM.list, placedBy: placedBy) },
            plannedVolumeML: result.plannedML, furthestVolumeML: result.plannedML * body.rehearsal.reach,
            runs: result.runs, seed: result.seed, spreads: result.spread.measurements, cellMM: body.cellMM,
            leakThresholdML: result.thresholdML,
            any: SimulatedLeakSection(result.any, plannedML: result.plannedML),
            curve: LeakageCurveSection(result.any), planned: nil, limits: Self.limits)
    }
}

extension RehearsalSection {
    fileprivate static let limits = [
        "A simulation on synthetic material laws: never compared with a cadaver or a patient.",
        "Intervals are of chance in the number of runs and of the spreads listed, not of the model's truth.",
        "Bone is a continuum without single struts; veins are one tube on each side and the basivertebral canal.",
    ]
}

extension CementSection {
    init(_ cement: Cement) {
        self.init(
            name: cement.name, consistencyPaSN: cement.consistency, exponent: cement.exponent,
            thickeningS: cement.thickeningS.isFinite ? cement.thickeningS : nil, source: cement.source)
    }
}

extension SimulatedLeakSection {
    /// - Parameter plannedML: where the curve is read; its last volume up to there counts.
    init(_ curve: LeakageCurve, plannedML: Double) {
        let n = curve.volumesML.lastIndex { $0 <= plannedML } ?? 0
        self.init(
            probabilityAtPlannedVolume: curve.probability[n], interval95: [curve.lower95[n], curve.upper95[n]],
            firstLeak: FirstLeakSection(curve.firstLeakML))
    }
}

extension FirstLeakSection {
    /// - Parameter volumesML: at which 5, 50 and 95 % of the runs had leaked.
    init(_ volumesML: [Double?]) {
        self.init(
            in5PercentOfRunsML: volumesML[0], in50PercentOfRunsML: volumesML[1], in95PercentOfRunsML: volumesML[2])
    }
}

extension LeakageCurveSection {
    init(_ curve: LeakageCurve) {
        self.init(
            volumesML: curve.volumesML, simulatedProbability: curve.probability, lower95: curve.lower95,
            upper95: curve.upper95)
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
            spread("viscosityLogSD", viscosityLogSD, "ln viscosity"),
            spread("needleTipSD", tipSDMM, "mm"), spread("gapSizeLogSD", defectLogSD, "ln size"),
        ]
    }
}

extension SIMD3<Double> {
    var list: [Double] { [x, y, z] }
}
