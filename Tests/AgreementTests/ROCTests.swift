// ROC curves, their areas and DeLong's tests against pROC and scikit-learn, and by hand.
import Agreement
import Testing

@Suite struct ROCTests {
    @Test func `areas, variances and intervals are those of pROC and scikit-learn`() throws {
        for set in try ClassificationGolden.read().sets {
            let cases = try ScoredCases(scores: set.first, outcomes: set.outcomes)
            let area = try AreaUnderROC(cases)
            let interval = try area.estimate().interval
            expectClose(area.area, set.expected.auc, "\(set.name):auc")
            expectClose(area.area, set.expected.sklearnAUC, "\(set.name):auc sklearn")
            expectClose(area.standardError.map { $0 * $0 }, set.expected.aucVariance, "\(set.name):auc variance")
            expectClose(interval?.lower, set.expected.aucLower, "\(set.name):auc lower")
            expectClose(interval?.upper, set.expected.aucUpper, "\(set.name):auc upper")
        }
    }

    @Test func `DeLong's paired and unpaired tests are those of pROC`() throws {
        for set in try ClassificationGolden.read().sets {
            let paired = try DeLongTest.paired(first: set.first, second: set.second, outcomes: set.outcomes)
            expectClose(paired.statistic, set.expected.pairedZ, "\(set.name):paired z")
            expectClose(paired.pValue, set.expected.pairedP, "\(set.name):paired p")
            expectClose(paired.difference.interval?.lower, set.expected.pairedLower, "\(set.name):paired lower")
            expectClose(paired.difference.interval?.upper, set.expected.pairedUpper, "\(set.name):paired upper")
            let unpaired = try DeLongTest.unpaired(
                ScoredCases(scores: set.first, outcomes: set.outcomes),
                ScoredCases(scores: set.second, outcomes: set.outcomes))
            expectClose(unpaired.statistic, set.expected.unpairedT, "\(set.name):unpaired t")
            expectClose(unpaired.degreesOfFreedom, set.expected.unpairedDF, "\(set.name):unpaired df")
            expectClose(unpaired.pValue, set.expected.unpairedP, "\(set.name):unpaired p")
        }
    }

    @Test func `the aneurysm patients of Turck et al 2010 give pROC's areas`() throws {
        // pROC's data set aSAH (Turck et al 2010); pROC's own output, also quoted in lectures: S100B 0.731 (0.630 to 0.833),
        // NDKA 0.612, DeLong p = 0.1643. The page of BMC Bioinformatics 12:77 was not compared.
        let set = try #require(try ClassificationGolden.read().sets.first { $0.name == "aSAH" })
        let test = try DeLongTest.paired(first: set.first, second: set.second, outcomes: set.outcomes)
        let interval = try #require(try test.first.estimate().interval)
        #expect(abs(test.first.area - 0.731) < 0.0005)
        #expect(abs(interval.lower - 0.630) < 0.0005)
        #expect(abs(interval.upper - 0.833) < 0.0005)
        #expect(abs(test.second.area - 0.612) < 0.0005)
        #expect(abs(test.pValue - 0.164) < 0.0005)
    }

    @Test func `the curve has scikit-learn's points and its trapezia add up to the area`() throws {
        for set in try ClassificationGolden.read().sets {
            let cases = try ScoredCases(scores: set.first, outcomes: set.outcomes)
            let points = ROCCurve(cases).points
            #expect(points.count == set.expected.rocTPR.count)
            for (point, expected) in zip(points, zip(set.expected.rocFPR, set.expected.rocTPR)) {
                #expect(abs(1 - point.specificity - expected.0) < 1e-12)
                #expect(abs(point.sensitivity - expected.1) < 1e-12)
            }
            var sum = 0.0
            for (left, right) in zip(points, points.dropFirst()) {
                sum += (left.specificity - right.specificity) * (left.sensitivity + right.sensitivity) / 2
            }
            #expect(abs(sum - set.expected.auc) < 1e-12)
        }
    }

    @Test func `average precision is scikit-learn's`() throws {
        for set in try ClassificationGolden.read().sets {
            let curve = PrecisionRecallCurve(try ScoredCases(scores: set.first, outcomes: set.outcomes))
            expectClose(curve.averagePrecision, set.expected.averagePrecision, "\(set.name):ap")
        }
    }

    @Test func `two of each class by hand`() throws {
        // Positives score 3 and 2, negatives 2 and 1: of four comparisons three are won and one is tied.
        let cases = try ScoredCases(scores: [3, 2, 2, 1], outcomes: [true, true, false, false])
        let area = try AreaUnderROC(cases)
        #expect(area.area == 0.875)
        // Placements 1, 0.75 and 0.75, 1: each variance 1/32, over two cases each.
        #expect(abs((area.standardError ?? 0) - (1.0 / 32).squareRoot()) < 1e-15)
        #expect(ROCCurve(cases).youden.threshold == 3)
        #expect(try area.estimate(scale: .logit).interval.map { $0.upper < 1 && $0.lower > 0 } == true)
    }

    @Test func `a score that separates the classes has no interval and says why`() throws {
        let area = try AreaUnderROC(ScoredCases(scores: [4, 3, 2, 1], outcomes: [true, true, false, false]))
        #expect(area.area == 1)
        #expect(try area.estimate().interval == nil)
        #expect(area.intervalReason != nil)
    }

    @Test func `cases that cannot be ranked say why`() throws {
        #expect(throws: AgreementError.classMissing(column: "outcomes", missing: "1")) {
            try ScoredCases(scores: [1, 2], outcomes: [false, false])
        }
        #expect(throws: AgreementError.classMissing(column: "outcomes", missing: "0")) {
            try ScoredCases(scores: [1, 2], outcomes: [true, true])
        }
        #expect(throws: AgreementError.notFinite(row: 2, column: "scores")) {
            try ScoredCases(scores: [1, .nan, 2], outcomes: [true, false, true])
        }
        #expect(
            throws: AgreementError.lengthsDiffer(first: "scores", firstCount: 1, second: "outcomes", secondCount: 2)
        ) {
            try ScoredCases(scores: [1], outcomes: [true, false])
        }
        #expect(throws: AgreementError.constantColumn(column: "scores")) {
            try AreaUnderROC(ScoredCases(scores: [1, 1, 1], outcomes: [true, false, true]))
        }
        let outcomes = [true, false, true, false, true]
        #expect(throws: AgreementError.varianceVanishes(what: "the difference of the two areas")) {
            try DeLongTest.paired(first: [1, 2, 3, 4, 5], second: [2, 4, 6, 8, 10], outcomes: outcomes)
        }
        #expect(throws: AgreementError.parameterInvalid(name: "confidence", value: 95, allowed: "between 0 and 1")) {
            try AreaUnderROC(ScoredCases(scores: [1, 2, 3, 4, 5], outcomes: outcomes)).estimate(confidence: 95)
        }
    }
}
