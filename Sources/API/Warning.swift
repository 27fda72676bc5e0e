// Warnings beside an answer, as PS3.18 words them.

/// Values of the field Warning.
enum Warning {
    /// `299 <service>: …` (PS3.18 11.7.3.2).
    static func text(_ words: String) -> String { "299 osteon: \(words)" }

    static let moreResults = "299 osteon \"There are additional results that can be requested with offset\""
    static let literalMatching =
        "299 osteon \"The fuzzymatching parameter is not supported. Only literal matching has been performed.\""
    static let alreadyCanceled = text("The UPS is already in the requested state of CANCELED.")
    static let alreadyCompleted = text("The UPS is already in the requested state of COMPLETED.")
}
