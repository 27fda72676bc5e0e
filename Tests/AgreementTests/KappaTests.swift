// Kappa against statsmodels, scikit-learn, psych and irrCAC, and by hand.
import Agreement
import Testing

private struct Golden: Decodable {
    struct Cohen: Decodable {
        let name: String
        let counts: [[Int]]
        let psych: [Double]
        let expected: [String: [String: Double]]
    }
    struct Fleiss: Decodable {
        let name: String
        let counts: [[Int]]
        let statsmodels: Double
        let irrCAC: [Double]
    }
    let cohen: [Cohen]
    let fleiss: [Fleiss]
}

private func names(_ count: Int) -> [String] { (0..<count).map { "c\($0)" } }

@Suite struct KappaTests {
    @Test func `Cohen's kappa, its errors, test and interval are those of statsmodels, scikit-learn and psych`() throws
    {
        for set in try GoldenJSON.read("categorical.json", as: Golden.self).cohen {
            let pairs = try RatingPairs(categories: names(set.counts.count), counts: set.counts)
            for weights in CohenKappa.Weights.allCases {
                let kappa = try CohenKappa(pairs, weights: weights)
                let expected = try #require(set.expected[weights.rawValue])
                func check(_ value: Double?, _ name: String) throws {
                    expectClose(value, try #require(expected[name]), "\(set.name) \(weights):\(name)")
                }
                try check(kappa.kappa.value, "kappa")
                try check(kappa.kappa.value, "sklearn")
                try check(kappa.standardError, "standardError")
                try check(kappa.nullStandardError, "nullStandardError")
                try check(kappa.statistic, "z")
                try check(kappa.kappa.interval?.lower, "lower")
                // statsmodels does not cut the interval off at 1.
                let upper = min(1, try #require(expected["upper"]))
                expectClose(kappa.kappa.interval?.upper, upper, "\(set.name) \(weights):upper")
                let p = try #require(expected["p"])
                // A tail of the normal distribution loses as many digits as z squared has: z = 15 leaves 1e-13.
                #expect(abs((kappa.pValue ?? .infinity) - p) <= 1e-9 * p, "\(set.name) \(weights) p")
            }
            expectClose(try CohenKappa(pairs).kappa.value, set.psych[0], "\(set.name):psych")
            expectClose(
                try CohenKappa(pairs, weights: .quadratic).kappa.value, set.psych[1], "\(set.name):psych weighted")
        }
    }

    // Psychol Bull 1969;72:323. The counts are those of psych 2.2.9 (example of cohen.kappa, “Fleiss, Cohen and Everitt”); the value to
    // three places is from psych too, and its agreement with the printed page is from memory.
    @Test func `Fleiss, Cohen and Everitt's 200 patients give kappa 0.429`() throws {
        let pairs = try RatingPairs(categories: names(3), counts: [[106, 10, 4], [22, 28, 10], [2, 12, 6]])
        let kappa = try CohenKappa(pairs)
        #expect(abs(kappa.kappa.value - 0.429) < 0.0005)
        #expect(abs(kappa.standardError - 0.055) < 0.0015)
    }

    @Test func `Fleiss' kappa and its interval are those of statsmodels and irrCAC`() throws {
        for set in try GoldenJSON.read("categorical.json", as: Golden.self).fleiss {
            let kappa = try FleissKappa(counts: set.counts, categories: names(set.counts[0].count))
            expectClose(kappa.kappa.value, set.statsmodels, "\(set.name):fleiss")
            expectClose(kappa.kappa.value, set.irrCAC[0], "\(set.name):irrCAC kappa")
            expectClose(kappa.standardError, set.irrCAC[1], "\(set.name):irrCAC se")
            expectClose(kappa.kappa.interval?.lower, max(-1, set.irrCAC[2]), "\(set.name):irrCAC lower")
            expectClose(kappa.kappa.interval?.upper, min(1, set.irrCAC[3]), "\(set.name):irrCAC upper")
        }
    }

    @Test func `the kappas of Fleiss' categories weigh up to the whole`() throws {
        let kappa = try FleissKappa(counts: [[3, 0, 0], [0, 3, 0], [1, 1, 1], [2, 1, 0]], categories: names(3))
        var sum = 0.0
        var weights = 0.0
        for category in kappa.categories {
            let weight = category.share * (1 - category.share)
            sum += weight * (category.kappa ?? 0)
            weights += weight
        }
        #expect(abs(sum / weights - kappa.kappa.value) < 1e-14)
    }

    @Test func `ratings are counted as they are given`() throws {
        let ratings = [["a", "a", "b"], ["b", "b", "b"], ["a", "a", "a"]]
        let kappa = try FleissKappa(ratings: ratings, categories: ["a", "b"])
        #expect(kappa == (try FleissKappa(counts: [[2, 1], [0, 3], [3, 0]], categories: ["a", "b"])))
        // Agreement (1/3 + 1 + 1) / 3 = 7/9, by chance (5/9)² + (4/9)² = 41/81: kappa (63 - 41) / (81 - 41).
        #expect(abs(kappa.kappa.value - 0.55) < 1e-14)
        #expect(throws: AgreementError.categoryUnknown(row: 1, column: "rater 2")) {
            try FleissKappa(ratings: [["a", "x"]], categories: ["a", "b"])
        }
    }

    @Test func `what cannot be rated says why`() throws {
        #expect(
            throws: AgreementError.lengthsDiffer(
                first: "first rater", firstCount: 1, second: "second rater", secondCount: 0)
        ) {
            try RatingPairs(first: ["a"], second: [], categories: ["a", "b"])
        }
        #expect(throws: AgreementError.categoryUnknown(row: 2, column: "second rater")) {
            try RatingPairs(first: ["a", "b"], second: ["a", "x"], categories: ["a", "b"])
        }
        #expect(throws: AgreementError.categoryRepeated(name: "a")) {
            try RatingPairs(first: ["a"], second: ["a"], categories: ["a", "a"])
        }
        #expect(throws: AgreementError.constantColumn(column: "both raters")) {
            try CohenKappa(RatingPairs(first: ["a", "a"], second: ["a", "a"], categories: ["a", "b"]))
        }
        #expect(throws: AgreementError.unbalanced(row: 2, column: "raters", count: 2, expected: 3)) {
            try FleissKappa(counts: [[3, 0], [1, 1]], categories: ["a", "b"])
        }
        #expect(throws: AgreementError.constantColumn(column: "ratings")) {
            try FleissKappa(counts: [[3, 0], [3, 0]], categories: ["a", "b"])
        }
    }

    @Test func `two raters who never differ have kappa 1 and no width`() throws {
        let kappa = try CohenKappa(RatingPairs(categories: ["a", "b"], counts: [[4, 0], [0, 3]]))
        #expect(kappa.kappa.value == 1)
        #expect(kappa.kappa.interval == Interval(lower: 1, upper: 1))
    }
}
