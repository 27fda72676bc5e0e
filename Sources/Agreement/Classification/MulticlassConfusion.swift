// A confusion table of several classes and the figures read from it.

/// Counts of predicted classes (columns) per true class (rows).
package struct MulticlassConfusion: Sendable, Hashable {
    /// How per-class figures become one.
    package enum Average: String, Sendable, Codable, CaseIterable {
        /// Counts are added before the ratio is made: every case weighs the same.
        case micro
        /// The plain mean: every class weighs the same.
        case macro
        /// The mean weighted by the true cases of each class.
        case weighted
    }

    /// The figures of one class against all others. An undefined ratio is nil.
    package struct ClassFigures: Sendable, Hashable, Codable {
        package let name: String
        /// True cases of the class.
        package let support: Int
        package let precision: Double?
        package let recall: Double?
        package let specificity: Double?
        package let f1: Double?
    }

    /// Precision, recall and F1 over all classes.
    package struct AverageFigures: Sendable, Hashable, Codable {
        package let average: Average
        package let precision: Double
        package let recall: Double
        package let f1: Double
    }

    package let table: RatingPairs

    /// - Throws: what `RatingPairs` throws.
    package init(truth: [String], predicted: [String], classes: [String]) throws(AgreementError) {
        table = try RatingPairs(first: truth, second: predicted, categories: classes)
    }

    /// The truth is the table's first rater.
    package init(_ table: RatingPairs) { self.table = table }

    private var correct: Int { table.counts.indices.reduce(0) { $0 + table.counts[$1][$1] } }
    private var supports: [Int] { table.counts.map { $0.reduce(0, +) } }
    private var calls: [Int] { table.counts.indices.map { column in table.counts.reduce(0) { $0 + $1[column] } } }

    /// The part of cases called right.
    package func accuracy(
        interval: ProportionInterval = .wilson, confidence: Double = 0.95
    ) throws(AgreementError) -> Estimate {
        try interval.estimate(successes: correct, trials: table.subjects, confidence: confidence)
    }

    /// The mean recall of the classes that occur.
    package var balancedAccuracy: Double {
        let recalls = perClass.compactMap(\.recall)
        return recalls.reduce(0, +) / Double(recalls.count)
    }

    /// Gorodkin's correlation of K categories (2004, Comput Biol Chem 28:367), which is Matthews' for two; nil where one class
    /// holds all true or all predicted cases.
    package var matthewsCorrelation: Double? {
        let total = Double(table.subjects)
        let true2 = supports.reduce(0.0) { $0 + Double($1) * Double($1) }
        let called2 = calls.reduce(0.0) { $0 + Double($1) * Double($1) }
        let both = zip(supports, calls).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let product = (total * total - true2) * (total * total - called2)
        return product > 0 ? (Double(correct) * total - both) / product.squareRoot() : nil
    }

    /// In the order of the classes.
    package var perClass: [ClassFigures] {
        let supports = supports
        let calls = calls
        func ratio(_ part: Int, _ whole: Int) -> Double? { whole > 0 ? Double(part) / Double(whole) : nil }
        return table.categories.enumerated().map { place, name in
            let hits = table.counts[place][place]
            let rest = table.subjects - supports[place]
            return ClassFigures(
                name: name, support: supports[place], precision: ratio(hits, calls[place]),
                recall: ratio(hits, supports[place]),
                specificity: ratio(rest - calls[place] + hits, rest),
                f1: ratio(2 * hits, supports[place] + calls[place]))
        }
    }

    /// Undefined ratios count as 0 and classes that neither occur nor are called are left out
    /// (as scikit-learn's `precision_recall_fscore_support` with its default labels).
    package func averaged(_ average: Average) -> AverageFigures {
        guard average != .micro else {
            let share = Double(correct) / Double(table.subjects)
            return AverageFigures(average: average, precision: share, recall: share, f1: share)
        }
        let classes = perClass.filter { $0.f1 != nil }
        let weights = classes.map { average == .macro ? 1 : Double($0.support) }
        let sum = weights.reduce(0, +)
        func mean(_ figure: (ClassFigures) -> Double?) -> Double {
            zip(classes, weights).reduce(0) { $0 + $1.1 * (figure($1.0) ?? 0) } / sum
        }
        return AverageFigures(average: average, precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1))
    }
}
