// Reads a prediction out of a stored report, whichever version wrote it.

extension Prediction {
    /// The prediction for one vertebra.
    ///
    /// Reads `osteon.report/2` (evidence and a geometric map) and later ones (rehearsal and combined probabilities beside it). What a
    /// report lacks is left out; nothing is computed but ranks, by probability where the map has them and else by score.
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
        }
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

    /// Measurements by name, the first of equal names; fracture and cortex as `StoredMeasure` names them.
    private static func measured(_ vertebra: JSONValue) -> [MeasuredValue] {
        let morphometry = vertebra["morphometry"]
        var values = (morphometry["measurements"].list + morphometry["cortex"]["walls"].list).compactMap { entry in
            entry["name"].text.flatMap { name in
                entry["value"].number.map { MeasuredValue(name: name, value: $0, unit: entry["unit"].text ?? "") }
            }
        }
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

extension RankedPlace {
    /// The entries of a map, ranked.
    fileprivate static func ranked(_ entries: [JSONValue], by name: String) -> [RankedPlace] {
        let places = entries.compactMap { entry in
            entry[name].text.map {
                RankedPlace(
                    place: $0, rank: 1, score: entry["score"].number, probability: entry["probability"].probability)
            }
        }
        let isSimulated = !places.isEmpty && places.allSatisfy { $0.probability != nil }
        func weight(_ place: RankedPlace) -> Double { (isSimulated ? place.probability : place.score) ?? 0 }
        return
            places
            .map { place in
                var place = place
                place.rank = 1 + places.count { weight($0) > weight(place) }
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
