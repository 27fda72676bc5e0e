// Confusion tables against scikit-learn and statsmodels, and by hand.
import Agreement
import Testing

@Suite struct ConfusionTests {
    @Test func `the metrics of a two-by-two table are those of scikit-learn, statsmodels and epiR`() throws {
        for set in try ClassificationGolden.read().sets {
            let cases = try ScoredCases(scores: set.first, outcomes: set.outcomes)
            let table = try BinaryConfusion(cases, threshold: set.expected.threshold)
            let expected = set.expected
            let wilson = try table.metrics()
            let exact = try table.metrics(interval: .clopperPearson)
            func value(_ name: String) -> Double? { wilson.first { $0.name == name }?.estimate?.value }
            expectClose(value("f1"), expected.f1, "\(set.name):f1")
            expectClose(value("mcc"), expected.mcc, "\(set.name):mcc")
            expectClose(value("balancedAccuracy"), expected.balancedAccuracy, "\(set.name):balanced")
            expectClose(value("positiveLikelihoodRatio"), expected.positiveLikelihoodRatio, "\(set.name):lr+")
            expectClose(value("negativeLikelihoodRatio"), expected.negativeLikelihoodRatio, "\(set.name):lr-")
            for (name, limits) in [
                ("positiveLikelihoodRatio", expected.positiveRatioLimits),
                ("negativeLikelihoodRatio", expected.negativeRatioLimits),
            ] {
                let interval = wilson.first { $0.name == name }?.estimate?.interval
                expectClose(interval?.lower, limits[0], "\(set.name):\(name) lower")
                expectClose(interval?.upper, limits[1], "\(set.name):\(name) upper")
            }
            let proportions = [
                ("sensitivity", expected.sensitivity, expected.sensitivityWilson, expected.sensitivityExact),
                ("specificity", expected.specificity, expected.specificityWilson, expected.specificityExact),
                ("ppv", expected.ppv, expected.ppvWilson, expected.ppvExact),
                ("npv", expected.npv, expected.npvWilson, expected.npvExact),
                ("accuracy", expected.accuracy, expected.accuracyWilson, expected.accuracyExact),
            ]
            for (name, share, wilsonLimits, exactLimits) in proportions {
                expectClose(value(name), share, "\(set.name):\(name)")
                for (metrics, limits) in [(wilson, wilsonLimits), (exact, exactLimits)] {
                    let interval = metrics.first { $0.name == name }?.estimate?.interval
                    expectClose(interval?.lower, limits[0], "\(set.name):\(name) lower")
                    expectClose(interval?.upper, limits[1], "\(set.name):\(name) upper")
                }
            }
        }
    }

    @Test func `the averages over classes are those of scikit-learn`() throws {
        for (number, set) in try ClassificationGolden.read().multiclass.enumerated() {
            let table = try MulticlassConfusion(truth: set.truth, predicted: set.predicted, classes: set.classes)
            expectClose(table.matthewsCorrelation, set.expected.mcc, "\(number):mcc K")
            expectClose(table.balancedAccuracy, set.expected.balancedAccuracy, "\(number):balanced K")
            for (average, expected) in [
                (MulticlassConfusion.Average.micro, set.expected.micro), (.macro, set.expected.macro),
                (.weighted, set.expected.weighted),
            ] {
                let figures = table.averaged(average)
                expectClose(figures.precision, expected[0], "\(number):\(average) precision")
                expectClose(figures.recall, expected[1], "\(number):\(average) recall")
                expectClose(figures.f1, expected[2], "\(number):\(average) f1")
            }
        }
    }

    @Test func `a cell that is empty leaves no NaN but a reason`() throws {
        let table = try BinaryConfusion(truePositives: 0, falsePositives: 0, falseNegatives: 2, trueNegatives: 3)
        for metric in try table.metrics() {
            #expect(metric.estimate?.value.isFinite ?? true)
            #expect(metric.estimate?.interval != nil || metric.reason != nil, "\(metric.name)")
        }
        #expect(try table.metrics().first { $0.name == "ppv" }?.estimate == nil)
    }

    @Test func `no success of ten has an upper limit of 0.3085 exactly and 0.2775 by Wilson`() throws {
        // 1 - 0.025^(1/10), and z^2 / (10 + z^2).
        let exact = try ProportionInterval.clopperPearson.estimate(successes: 0, trials: 10)
        #expect(abs((exact.interval?.upper ?? 0) - 0.308_497_1) < 1e-7)
        #expect(exact.interval?.lower == 0)
        let wilson = try ProportionInterval.wilson.estimate(successes: 0, trials: 10)
        #expect(abs((wilson.interval?.upper ?? 0) - 0.277_532_8) < 1e-7)
    }

    @Test func `tables that hold nothing say so`() {
        #expect(throws: AgreementError.tooFew(what: "cases", count: 0, required: 1)) {
            try BinaryConfusion(truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0)
        }
        #expect(throws: AgreementError.tooFew(what: "trials", count: 0, required: 1)) {
            try ProportionInterval.wilson.estimate(successes: 0, trials: 0)
        }
    }
}
