// Reads a prediction out of a stored report, whichever version wrote it.

extension Prediction {
    /// The prediction for one vertebra.
    ///
    /// Reads `osteon.report/2` (evidence and a geometric map) and later ones (rehearsal and combined probabilities beside it). What a
    /// report lacks is left out; nothing is computed but the ranks of a map that gives scores alone.
    /// - Returns: nil where the report has no such vertebra.
    package init?(
        report: JSONValue, level: VertebralLevel, reportSHA256: String, featuresSHA256: String?
    ) {
        guard let vertebra = report["vertebrae"].list.first(where: { $0["level"].text == level.rawValue }) else {
            return nil
        }
        self.init(
            reportSchema: report["schema"].text ?? "unknown", reportSHA256: reportSHA256,
            analysis: AnalysisName(
                name: report["analysis"]["name"].text ?? "unknown",
                version: report["analysis"]["version"].text ?? "unknown"),
            softwareVersion: report["provenance"]["version"].text ?? "unknown")
        self.featuresSHA256 = featuresSHA256
        models = report["provenance"]["models"].list.compactMap(\.text)
        readRisk(vertebra["risk"])
        readMap(vertebra["leakageMap"])
        plan = RehearsedPlan(rehearsal: vertebra["rehearsal"])
        recommendedVolumeML = vertebra["recommendation"]["volumeRangeML"].pair
        hardLimitML = vertebra["recommendation"]["hardLimitML"].number
        measured = Self.measured(vertebra)
    }

    private mutating func readRisk(_ risk: JSONValue) {
        procedure = risk["baseline"]["procedure"].text
        ascertainment = risk["baseline"]["ascertainment"].text
        evidence.any = risk["any"]["probability"].probability
        for type in risk["types"].list {
            guard let name = type["type"].text else { continue }
            evidence.types[name] = type["estimate"]["probability"].probability
            rehearsal.types[name] = type["rehearsal"]["simulatedProbability"].probability
            combined.types[name] = type["combined"]["probability"].probability
        }
        rehearsal.any = risk["anyRehearsal"]["simulatedProbability"].probability
        combined.any = risk["anyCombined"]["probability"].probability
        for contribution in risk["any"]["contributions"].list {
            guard let name = contribution["predictor"].text else { continue }
            contributions[name] = contribution["logOdds"].number
        }
    }

    private mutating func readMap(_ map: JSONValue) {
        mapMethod = map["method"].text
        quadrants = RankedPlace.ranked(map["quadrants"].list, by: "quadrant")
        exits = RankedPlace.ranked(map["exits"].list, by: "exit")
    }

    /// Every measurement of the morphometry by name, the first of equal names; fracture as `StoredMeasure` names it.
    private static func measured(_ vertebra: JSONValue) -> [MeasuredValue] {
        let morphometry = vertebra["morphometry"]
        var values = measurements(in: morphometry)
        for name in ["compression", "genantGrade"] {
            if let value = morphometry["fracture"][name].number {
                values.append(MeasuredValue(name: name, value: value, unit: ""))
            }
        }
        if case .list(let gaps) = morphometry["cortex"]["gaps"] {
            values.append(MeasuredValue(name: "corticalGaps", value: Double(gaps.count), unit: ""))
        }
        var seen: Set<String> = []
        return values.filter { seen.insert($0.name).inserted }.sorted { $0.name < $1.name }
    }
}

extension Prediction {
    /// Whatever has a name, a value and a unit, wherever it stands.
    private static func measurements(in value: JSONValue) -> [MeasuredValue] {
        switch value {
        case .list(let values): values.flatMap(measurements)
        case .object(let members):
            if let name = value["name"].text, let number = value["value"].number, let unit = value["unit"].text {
                [MeasuredValue(name: name, value: number, unit: unit)]
            } else {
                members.sorted { $0.key < $1.key }.flatMap { measurements(in: $0.value) }
            }
        default: []
        }
    }
}

extension RehearsedPlan {
    /// nil where nothing was rehearsed.
    fileprivate init?(rehearsal: JSONValue) {
        guard case .object = rehearsal else { return nil }
        self.init(
            volumeML: rehearsal["plannedVolumeML"].number, approach: rehearsal["approach"].text,
            cement: rehearsal["cement"]["name"].text, runs: rehearsal["runs"].number)
    }
}

extension RankedPlace {
    /// The entries of a map with its own ranks, or by its scores where it gives none.
    fileprivate static func ranked(_ entries: [JSONValue], by name: String) -> [RankedPlace] {
        let places = entries.compactMap { entry in
            entry[name].text.map {
                RankedPlace(
                    place: $0, rank: entry["rank"].number.flatMap(Int.init(exactly:)) ?? 0,
                    score: entry["score"].number,
                    probability: entry["simulated"]["probabilityAtPlannedVolume"].probability)
            }
        }
        return
            places
            .map { place in
                guard place.rank < 1 else { return place }
                var place = place
                place.rank = 1 + places.count { ($0.score ?? 0) > (place.score ?? 0) }
                return place
            }
            .sorted { ($0.rank, $0.place) < ($1.rank, $1.place) }
    }
}

extension JSONValue {
    /// A member of an object; null where there is none.
    fileprivate subscript(name: String) -> JSONValue {
        if case .object(let members) = self { members[name] ?? .null } else { .null }
    }

    fileprivate var list: [JSONValue] { if case .list(let values) = self { values } else { [] } }

    fileprivate var text: String? { if case .text(let text) = self { text } else { nil } }

    fileprivate var number: Double? { if case .number(let number) = self, number.isFinite { number } else { nil } }

    /// A number from 0 to 1.
    fileprivate var probability: Double? { number.flatMap { (0...1).contains($0) ? $0 : nil } }

    /// Two numbers.
    fileprivate var pair: [Double]? {
        let numbers = list.compactMap(\.number)
        return numbers.count == 2 && list.count == 2 ? numbers : nil
    }
}
