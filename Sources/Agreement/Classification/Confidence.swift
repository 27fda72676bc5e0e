// From a confidence to the multiple of a standard error.

/// How many standard errors an interval of a confidence reaches to each side.
enum Confidence {
    /// - Throws: `parameterInvalid` unless the confidence lies between 0 and 1.
    static func normalMultiplier(_ confidence: Double) throws(AgreementError) -> Double {
        try check(confidence)
        return NormalDistribution().twoSided(confidence)
    }

    /// - Throws: as `normalMultiplier`.
    static func studentMultiplier(_ confidence: Double, _ degreesOfFreedom: Double) throws(AgreementError) -> Double {
        try check(confidence)
        return StudentT(degreesOfFreedom: degreesOfFreedom).twoSided(confidence)
    }

    static func check(_ confidence: Double) throws(AgreementError) {
        guard confidence > 0, confidence < 1 else {
            throw .parameterInvalid(name: "confidence", value: confidence, allowed: "between 0 and 1")
        }
    }
}
