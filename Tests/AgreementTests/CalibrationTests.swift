// Brier, calibration and decision curves against scikit-learn, statsmodels and SciPy, and by hand.
import Agreement
import Foundation
import Testing

@Suite struct CalibrationTests {
    private func forecasts(_ set: ClassificationGolden.Case) throws -> Forecasts {
        try Forecasts(probabilities: set.probabilities, outcomes: set.outcomes)
    }

    @Test func `the Brier score is scikit-learn's and its parts are Murphy's`() throws {
        for set in try ClassificationGolden.read().sets {
            for (bins, parts) in [
                (ProbabilityBins.distinct, set.expected.murphyDistinct), (.equalWidth(10), set.expected.murphyTenths),
            ] {
                let brier = try BrierScore(forecasts(set), bins: bins)
                expectClose(brier.score, set.expected.brier, "\(set.name):brier")
                expectClose(brier.reliability, parts[0], "\(set.name) \(bins):reliability")
                expectClose(brier.resolution, parts[1], "\(set.name) \(bins):resolution")
                expectClose(brier.uncertainty, parts[2], "\(set.name):uncertainty")
                let murphy = brier.reliability - brier.resolution + brier.uncertainty
                let within = brier.withinBinVariance - brier.withinBinCovariance
                #expect(abs(murphy + within - brier.score) < 1e-14)
                if bins == .distinct { #expect(abs(within) < 1e-15) }
            }
        }
    }

    @Test func `calibration curves have scikit-learn's points`() throws {
        for set in try ClassificationGolden.read().sets {
            for (bins, observed, mean) in [
                (ProbabilityBins.equalWidth(5), set.expected.uniformObserved, set.expected.uniformMean),
                (.quantiles(5), set.expected.quantileObserved, set.expected.quantileMean),
            ] {
                let points = try CalibrationCurve(forecasts(set), bins: bins).points
                #expect(points.count == observed.count, "\(set.name) \(bins)")
                for (point, expected) in zip(points, zip(observed, mean)) {
                    expectClose(point.observed.value, expected.0, "\(set.name) \(bins):observed")
                    expectClose(point.meanPredicted, expected.1, "\(set.name) \(bins):predicted")
                }
            }
        }
    }

    @Test func `calibration lines are statsmodels' logistic regressions`() throws {
        for set in try ClassificationGolden.read().sets {
            let line = try CalibrationLine(forecasts(set))
            let (joint, large) = (set.expected.calibration, set.expected.inTheLarge)
            expectClose(line.intercept.value, joint[0], "\(set.name):intercept")
            expectClose(line.slope.value, joint[1], "\(set.name):slope")
            expectClose(line.interceptStandardError, joint[2], "\(set.name):intercept error")
            expectClose(line.slopeStandardError, joint[3], "\(set.name):slope error")
            expectClose(line.interceptInTheLarge.value, large[0], "\(set.name):in the large")
            expectClose(line.interceptInTheLargeStandardError, large[1], "\(set.name):in the large error")
        }
    }

    @Test func `Hosmer and Lemeshow's test has SciPy's probabilities`() throws {
        for set in try ClassificationGolden.read().sets {
            let expected = set.expected.hosmerLemeshow
            let test = try HosmerLemeshow(forecasts(set), groups: 5)
            #expect(test.groups == Int(expected[1]))
            expectClose(test.statistic, expected[0], "\(set.name):hl")
            expectClose(test.pValue, expected[2], "\(set.name):hl p")
            let development = try HosmerLemeshow(forecasts(set), groups: 5, sample: .development)
            expectClose(development.pValue, expected[3], "\(set.name):hl p development")
        }
    }

    @Test func `net benefit is what its formula gives`() throws {
        for set in try ClassificationGolden.read().sets {
            let points = try DecisionCurve(forecasts(set), thresholds: [0.1, 0.2, 0.35, 0.5]).points
            for (index, point) in points.enumerated() {
                expectClose(point.model, set.expected.netBenefit[index], "\(set.name):net benefit")
                expectClose(point.treatAll, set.expected.netBenefitAll[index], "\(set.name):treat all")
            }
        }
    }

    @Test func `four patients by hand`() throws {
        let forecasts = try Forecasts(
            probabilities: [0.25, 0.25, 0.75, 0.75], outcomes: [false, true, true, true])
        let brier = try BrierScore(forecasts)
        // (1 + 9 + 1 + 1) / 16 / 4; groups' shares 1/2 and 1, prevalence 3/4.
        #expect(brier.score == 0.1875)
        #expect(brier.reliability == 0.0625)
        #expect(brier.resolution == 0.0625)
        #expect(brier.uncertainty == 0.1875)
        // At one half two are treated, both rightly; treating all wins three and loses one.
        let point = try DecisionCurve(forecasts, thresholds: [0.5]).points[0]
        #expect(point.model == 0.5)
        #expect(point.treatAll == 0.5)
    }

    @Test func `forecasts that are right have slope 1 and intercept 0`() throws {
        // Of ten cases at 0.2 two have the outcome, of ten at 0.6 six.
        let probabilities = [Double](repeating: 0.2, count: 10) + [Double](repeating: 0.6, count: 10)
        let outcomes = (0..<20).map { $0 < 10 ? $0 < 2 : $0 < 16 }
        let line = try CalibrationLine(Forecasts(probabilities: probabilities, outcomes: outcomes))
        #expect(abs(line.slope.value - 1) < 1e-12)
        #expect(abs(line.intercept.value) < 1e-12)
        #expect(abs(line.interceptInTheLarge.value) < 1e-12)
        #expect(abs(line.observedOverExpected - 1) < 1e-12)
    }

    @Test func `forecasts that cannot be judged say why`() throws {
        #expect(throws: AgreementError.outOfRange(row: 2, column: "probabilities", value: 1.5, allowed: "0 to 1")) {
            try Forecasts(probabilities: [0.5, 1.5], outcomes: [true, false])
        }
        #expect(throws: AgreementError.notFinite(row: 1, column: "probabilities")) {
            try Forecasts(probabilities: [.nan, 0.5], outcomes: [true, false])
        }
        #expect(throws: AgreementError.classMissing(column: "outcomes", missing: "0")) {
            try Forecasts(probabilities: [0.2, 0.5], outcomes: [true, true])
        }
        let outcomes = [false, false, true, true]
        #expect(throws: AgreementError.separated) {
            try CalibrationLine(Forecasts(probabilities: [0.1, 0.3, 0.3, 0.8], outcomes: outcomes))
        }
        #expect(throws: AgreementError.constantColumn(column: "probabilities")) {
            try CalibrationLine(Forecasts(probabilities: [0.3, 0.3, 0.3, 0.3], outcomes: outcomes))
        }
        #expect(throws: AgreementError.self) {
            try CalibrationLine(Forecasts(probabilities: [0, 0.9, 0.3, 0.8], outcomes: outcomes))
        }
        #expect(throws: AgreementError.tooFew(what: "groups of risk", count: 1, required: 2)) {
            try HosmerLemeshow(Forecasts(probabilities: [0.3, 0.3, 0.3, 0.3], outcomes: outcomes))
        }
        #expect(throws: AgreementError.parameterInvalid(name: "threshold", value: 1, allowed: "between 0 and 1")) {
            try DecisionCurve(Forecasts(probabilities: [0.1, 0.9, 0.3, 0.8], outcomes: outcomes), thresholds: [1])
        }
    }
}
