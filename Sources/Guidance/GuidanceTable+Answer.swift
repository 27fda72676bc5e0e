// From a reading to its answer: pure arithmetic over the table's runs, well below a millisecond.
import Domain
import Foundation

extension GuidanceTable {
    /// Risks for which the volume left is told (our choice).
    private static let risks = [0.05, 0.1]
    /// A way with a smaller part of the first leaks is not named (our choice).
    private static let leastShown = 0.01

    /// What the simulated injections near these needles say, given that nothing has leaked yet.
    ///
    /// - Throws: `GuidanceError`.
    package func answer(_ query: GuidanceQuery) throws(GuidanceError) -> GuidanceAnswer {
        try check(query)
        let now = query.volumeSoFarML
        let tips = query.needles.map { frame.local($0.tipLPSMM) }
        let kernels = tips.map { TipKernel(at: $0, tips: runs.map(\.tipMM)) }
        let groups = query.needles.indices.map { n in
            observations(at: tips[n], weights: kernels[n].weights, share: query.needles[n].share)
        }
        let all = LeakIncidence(groups, fromML: 0)
        let ahead = LeakIncidence(groups, fromML: now)
        // Where no run is left, those that leaked before still name the hazards.
        let hazards = hazards(ahead.endML == nil ? all : ahead, tips: tips)
        let lookAhead = query.thresholds.lookAheadML
        let soon = GuidanceAnswer.Probability(ahead.probability(untilML: now + lookAhead), ahead)
        let before = GuidanceAnswer.Probability(all.probability(untilML: now), all)
        return GuidanceAnswer(
            level: level,
            needles: query.needles.indices.map { n in
                GuidanceAnswer.NeedleFigures(
                    tipLPSMM: query.needles[n].tipLPSMM, share: query.needles[n].share,
                    bandwidthMM: shown(kernels[n].bandwidthMM, 10),
                    effectiveRuns: shown(LeakIncidence([groups[n]], fromML: now).effectiveRuns, 10))
            },
            volumeSoFarML: now,
            warning: GuidanceAnswer.Warning(ahead, soon: soon, before: before, next: hazards.first, query: query),
            nextHazard: hazards.first, otherHazards: Array(hazards.dropFirst()),
            firstLeakML: [0.05, 0.5, 0.95].map { ahead.volumeML(reaching: $0).map { shown($0, 100) } },
            volumeLeft: Self.risks.map { GuidanceAnswer.VolumeLeft(risk: $0, ahead, from: now) },
            lookAhead: GuidanceAnswer.LookAhead(volumeML: lookAhead, probability: soon), leakedBefore: before,
            tableEndsML: shown(all.endML ?? 0, 100), conditions: conditions, thresholds: query.thresholds,
            limits: GuidanceAnswer.limits(effectiveRuns: ahead.effectiveRuns, needles: query.needles.count))
    }

    /// The table's runs as if their tips had been at a needle's.
    private func observations(
        at tip: SIMD3<Double>, weights: [Double], share: Double
    ) -> [LeakIncidence.Observation] {
        let distances = ways.map { DistanceScaling.distanceMM(tip, $0.localMM) }
        return runs.indices.map { n in
            let run = runs[n]
            var first = LeakIncidence.Observation(weight: weights[n], volumeML: run.endML / share, way: nil)
            for (way, volume) in run.firstLeakML.enumerated() where way < ways.count {
                guard let volume else { continue }
                let distance = DistanceScaling.distanceMM(run.tipMM, ways[way].localMM)
                let moved = volume * pow(distances[way] / distance, distanceExponents[way]) / share
                if moved < first.volumeML {
                    first.volumeML = moved
                    first.way = way
                }
            }
            return first
        }
    }

    /// Likeliest first.
    private func hazards(_ incidence: LeakIncidence, tips: [SIMD3<Double>]) -> [GuidanceAnswer.Hazard] {
        let byWay = Dictionary(grouping: incidence.steps, by: \.way)
        let parts = byWay.map { way, steps in (way: way, steps: steps, part: steps.reduce(0) { $0 + $1.increment }) }
        return parts.filter { $0.part >= Self.leastShown }.sorted { ($1.part, $0.way) < ($0.part, $1.way) }
            .map { entry in
                let way = ways[entry.way]
                let byNeedle = tips.indices.map { n in
                    entry.steps.reduce(0) { $0 + ($1.group == n ? $1.increment : 0) }
                }
                let needle = tips.indices.max { byNeedle[$0] < byNeedle[$1] } ?? 0
                return GuidanceAnswer.Hazard(
                    exit: way.exit, passage: way.passage, type: way.type, hazard: way.hazard,
                    placeLPSMM: shown(frame.originLPSMM + frame.vectorLPS(way.localMM), 10),
                    probability: GuidanceAnswer.Probability(entry.part, incidence),
                    firstLeakML: [0.05, 0.5, 0.95].map { shown(quantile($0 * entry.part, of: entry.steps), 100) },
                    needle: needle, direction: Direction(local: way.localMM - tips[needle], frame: frame))
            }
    }

    /// The volume at which the increments reach a sum.
    private func quantile(_ wanted: Double, of steps: [LeakIncidence.Step]) -> Double {
        var sum = 0.0
        for step in steps {
            sum += step.increment
            if sum >= wanted - 1e-12 { return step.volumeML }
        }
        return steps.last?.volumeML ?? 0
    }
}

extension GuidanceAnswer.Probability {
    fileprivate init(_ value: Double, _ incidence: LeakIncidence) {
        let interval = incidence.interval(value)
        self.init(
            value: shown(value, 1000), lower: shown(interval.lowerBound, 1000), upper: shown(interval.upperBound, 1000))
    }
}

extension GuidanceAnswer.VolumeLeft {
    fileprivate init(risk: Double, _ incidence: LeakIncidence, from now: Double) {
        func left(_ total: Double?) -> Double? { total.map { shown(max($0 - now, 0), 100) } }
        guard incidence.endML != nil else {
            // Every simulated injection has leaked before or ended: nothing is left that one could count on.
            self.init(risk: risk, volumeML: 0, lowerML: 0, upperML: 0)
            return
        }
        let limits = incidence.volumesML(reaching: risk, fromML: now)
        self.init(
            risk: risk, volumeML: left(incidence.volumeML(reaching: risk)), lowerML: left(limits.earliest),
            upperML: left(limits.latest))
    }
}
