// How often a ranking puts first what then happened.
import Agreement

/// Where one vertebra leaked, and how the places had been ranked.
struct PlaceRanking {
    /// By the position of the place.
    let leaked: [Bool]
    /// 1 for the highest; equal ones share a rank.
    let ranks: [Double]

    /// nil where a place was not told or not ranked, or nothing leaked.
    init?(leaked: [Bool?], ranks: [Double?]) {
        let (known, ranked) = (leaked.compactMap { $0 }, ranks.compactMap { $0 })
        guard known.count == leaked.count, ranked.count == ranks.count, known.contains(true) else { return nil }
        (self.leaked, self.ranks) = (known, ranked)
    }

    /// The places within the first so many ranks; nil where ties leave it open which they are.
    func first(_ count: Int) -> Set<Int>? {
        let within = ranks.indices.filter { ranks[$0] <= Double(count) }
        return within.count == count ? Set(within) : nil
    }
}

/// Hits of the first and the first two ranks over many vertebrae.
struct PlaceHits {
    /// Fewer vertebrae than this give counts and no rate (our choice: the exact interval of 10 is still some 60 points wide).
    static let fewest = 10

    /// A rate, what chance would give, and why it is missing if it is.
    struct Rate {
        var hits = 0
        var cases = 0
        /// The mean over the cases of the chance that ranks drawn at random hit.
        var chance: Double { cases == 0 ? 0 : chances / Double(cases) }
        fileprivate var chances = 0.0

        func estimate(confidence: Double) throws -> Estimate? {
            guard cases >= PlaceHits.fewest else { return nil }
            return try ProportionInterval.clopperPearson.estimate(
                successes: hits, trials: cases, confidence: confidence)
        }
    }

    /// Vertebrae whose places were told and ranked.
    let cases: Int
    /// Of these, those whose highest rank is shared: the ranking names no place, and no hit is counted for or against it.
    private(set) var undecided = 0
    private(set) var first = Rate()
    private(set) var firstTwo = Rate()
    /// By the position of the place: leaks there, and how often it was ranked first.
    private(set) var places: [Rate]
    /// The part of the cases that naming the commonest place always would hit, known only afterwards.
    private(set) var commonest = Rate()

    init(_ rankings: [PlaceRanking], places count: Int) {
        cases = rankings.count
        places = [Rate](repeating: Rate(), count: count)
        for ranking in rankings {
            let leaked = Double(ranking.leaked.count { $0 })
            let places = Double(count)
            if let top = ranking.first(1)?.first {
                Self.add(ranking.leaked[top], chance: leaked / places, to: &first)
                for place in ranking.leaked.indices where ranking.leaked[place] {
                    Self.add(place == top, chance: 1 / places, to: &self.places[place])
                }
            } else {
                undecided += 1
            }
            if let two = ranking.first(2) {
                // Both of two drawn at random miss with (n - k)(n - k - 1) / (n (n - 1)).
                let miss = (places - leaked) * (places - leaked - 1) / (places * (places - 1))
                Self.add(two.contains { ranking.leaked[$0] }, chance: 1 - miss, to: &firstTwo)
            }
        }
        let totals = (0..<count).map { place in rankings.count { $0.leaked[place] } }
        commonest.hits = totals.max() ?? 0
        commonest.cases = cases
    }

    private static func add(_ isHit: Bool, chance: Double, to rate: inout Rate) {
        rate.cases += 1
        rate.hits += isHit ? 1 : 0
        rate.chances += chance
    }
}
