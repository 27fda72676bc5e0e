// How forecasts are grouped before predicted and observed are compared.

/// A grouping of probabilities. An edge belongs to the group below it.
package enum ProbabilityBins: Sendable, Hashable {
    /// One group per distinct probability.
    case distinct
    /// So many groups of equal width over 0…1.
    case equalWidth(Int)
    /// So many groups between equally spaced quantiles, by linear interpolation (Hyndman and Fan 1996, Am Stat 50:361, type 7).
    /// Tied probabilities stay together, so that groups can differ in size or be missing.
    case quantiles(Int)

    /// A group's cases, added up.
    struct Group {
        var count = 0
        var positives = 0
        var probabilitySum = 0.0
        var meanProbability: Double { probabilitySum / Double(count) }
        var share: Double { Double(positives) / Double(count) }
    }

    /// Each case's group, and the groups that hold cases, lowest probability first.
    func grouped(_ forecasts: Forecasts) throws(AgreementError) -> (places: [Int], groups: [Group]) {
        let edges = try edges(forecasts.probabilities)
        var places = forecasts.probabilities.map { Self.edgesBelow($0, edges) }
        var groups = [Group](repeating: Group(), count: edges.count + 1)
        for (index, place) in places.enumerated() {
            groups[place].count += 1
            groups[place].positives += forecasts.outcomes[index] ? 1 : 0
            groups[place].probabilitySum += forecasts.probabilities[index]
        }
        var kept = 0
        let renumbered = groups.map { group in
            defer { kept += group.count > 0 ? 1 : 0 }
            return kept
        }
        for index in places.indices { places[index] = renumbered[places[index]] }
        return (places, groups.filter { $0.count > 0 })
    }

    /// The inner edges, ascending.
    private func edges(_ probabilities: [Double]) throws(AgreementError) -> [Double] {
        switch self {
        case .distinct:
            return Set(probabilities).sorted().dropLast()
        case .equalWidth(let count):
            try Self.check(count)
            return (1..<count).map { Double($0) / Double(count) }
        case .quantiles(let count):
            try Self.check(count)
            let sorted = probabilities.sorted()
            return (1..<count).map { part in
                // Whole and remainder of part · (n − 1) / count, exact in integers so that ties fall alike everywhere.
                let (place, rest) = (part * (sorted.count - 1)).quotientAndRemainder(dividingBy: count)
                guard rest > 0 else { return sorted[place] }
                return sorted[place] + (sorted[place + 1] - sorted[place]) * Double(rest) / Double(count)
            }
        }
    }

    private static func check(_ count: Int) throws(AgreementError) {
        guard (2...1000).contains(count) else {
            throw .parameterInvalid(name: "bins", value: Double(count), allowed: "2 to 1000")
        }
    }

    private static func edgesBelow(_ value: Double, _ edges: [Double]) -> Int {
        var low = 0
        var high = edges.count
        while low < high {
            let middle = (low + high) / 2
            if edges[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
