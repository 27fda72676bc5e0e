// How far many raters agree on categories beyond chance.
import Foundation

/// Fleiss' kappa: every subject rated by the same number of raters, not necessarily the same people
/// (Fleiss 1971, Psychol Bull 76:378).
package struct FleissKappa: Sendable, Hashable {
    /// One category against all others.
    package struct Category: Sendable, Hashable, Codable {
        package let name: String
        /// nil where no rater, or every rater, used the category.
        package let kappa: Double?
        /// The part of all ratings in this category.
        package let share: Double
    }

    /// 1 is perfect, 0 is chance. Its interval: kappa ± t(n − 1) · `standardError`, cut off at −1 and 1.
    package let kappa: Estimate
    package let subjects: Int
    package let raters: Int
    package let observedAgreement: Double
    package let expectedAgreement: Double
    /// Subjects as the sample, raters fixed (Gwet 2021, Educ Psychol Meas 81:781, the linearised variance).
    /// nil with one subject, where there is no interval either.
    package let standardError: Double?
    /// Under kappa = 0 (Fleiss, Nee and Landis 1979, Psychol Bull 86:974).
    package let nullStandardError: Double
    /// kappa / `nullStandardError`.
    package let statistic: Double
    /// Two-sided, of kappa = 0.
    package let pValue: Double
    package let categories: [Category]

    /// - Parameter counts: per subject, how many raters chose each category (counts[subject][category]).
    /// - Throws: `tooFew` for no subjects, fewer than two raters or categories; `lengthsDiffer`; `unbalanced`
    ///   (rows count from 1); `constantColumn` where all ratings are one category: kappa is 0 / 0.
    package init(counts: [[Int]], categories names: [String], confidence: Double = 0.95) throws(AgreementError) {
        let raters = try Self.raters(counts, names)
        let subjects = Double(counts.count)
        let perSubject = Double(raters)
        let pairs = perSubject * (perSubject - 1)
        let share = names.indices.map { category in
            Double(counts.reduce(0) { $0 + $1[category] }) / (subjects * perSubject)
        }
        let agreements = counts.map { row in row.reduce(0.0) { $0 + Double($1 * ($1 - 1)) } / pairs }
        let observed = agreements.reduce(0, +) / subjects
        let expected = share.reduce(0) { $0 + $1 * $1 }
        guard share.filter({ $0 > 0 }).count > 1 else { throw .constantColumn(column: "ratings") }
        let value = (observed - expected) / (1 - expected)
        var squares = 0.0
        for (row, agreement) in zip(counts, agreements) {
            let chance = zip(row, share).reduce(0) { $0 + $1.1 * Double($1.0) / perSubject }
            let linearised =
                (agreement - expected) / (1 - expected) - 2 * (1 - value) * (chance - expected) / (1 - expected)
            squares += (linearised - value) * (linearised - value)
        }
        // Σ p (1 − p) and Σ p (1 − p) (1 − 2p) of the null variance.
        let spread = 1 - expected
        let skew = share.reduce(0) { $0 + $1 * (1 - $1) * (1 - 2 * $1) }
        nullStandardError = (2 * (spread * spread - skew) / (subjects * pairs)).squareRoot() / spread
        statistic = value / nullStandardError
        pValue = 2 * NormalDistribution().survival(abs(statistic))
        self.subjects = counts.count
        self.raters = raters
        observedAgreement = observed
        expectedAgreement = expected
        self.categories = names.enumerated().map { category, name in
            let part = share[category]
            let split = counts.reduce(0.0) { $0 + Double($1[category] * (raters - $1[category])) }
            return Category(
                name: name, kappa: part > 0 && part < 1 ? 1 - split / (subjects * pairs * part * (1 - part)) : nil,
                share: part)
        }
        guard counts.count > 1 else {
            standardError = nil
            kappa = Estimate(value, nil, confidence: confidence)
            return
        }
        let error = (squares / (subjects * (subjects - 1))).squareRoot()
        let half = try Confidence.studentMultiplier(confidence, subjects - 1) * error
        standardError = error
        kappa = Estimate(
            value, Interval(lower: max(-1, value - half), upper: min(1, value + half)), confidence: confidence)
    }

    /// - Parameter ratings: per subject, every rater's category.
    /// - Throws: as `init(counts:categories:confidence:)`, and `categoryUnknown` (rows count from 1), `categoryRepeated`.
    package init(
        ratings: [[String]], categories names: [String], confidence: Double = 0.95
    ) throws(AgreementError) {
        var places: [String: Int] = [:]
        for (place, name) in names.enumerated() {
            guard places.updateValue(place, forKey: name) == nil else { throw .categoryRepeated(name: name) }
        }
        var counts = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: ratings.count)
        for (row, ratings) in ratings.enumerated() {
            for (rater, rating) in ratings.enumerated() {
                guard let place = places[rating] else {
                    throw .categoryUnknown(row: row + 1, column: "rater \(rater + 1)")
                }
                counts[row][place] += 1
            }
        }
        try self.init(counts: counts, categories: names, confidence: confidence)
    }

    private static func raters(_ counts: [[Int]], _ names: [String]) throws(AgreementError) -> Int {
        guard let first = counts.first else { throw .tooFew(what: "subjects", count: 0, required: 1) }
        guard names.count >= 2 else { throw .tooFew(what: "categories", count: names.count, required: 2) }
        let raters = first.reduce(0, +)
        guard raters >= 2 else { throw .tooFew(what: "raters", count: raters, required: 2) }
        for (row, counts) in counts.enumerated() {
            guard counts.count == names.count else {
                throw .lengthsDiffer(
                    first: "row \(row + 1)", firstCount: counts.count, second: "categories", secondCount: names.count)
            }
            if let count = counts.first(where: { $0 < 0 }) {
                throw .parameterInvalid(name: "count", value: Double(count), allowed: "0 or more")
            }
            let total = counts.reduce(0, +)
            guard total == raters else {
                throw .unbalanced(row: row + 1, column: "raters", count: total, expected: raters)
            }
        }
        return raters
    }
}
