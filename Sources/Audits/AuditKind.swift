// The five questions an audit can ask.

/// What kind of agreement is judged. The raw value is the name in routes and commands.
package enum AuditKind: String, Codable, CaseIterable, Sendable {
    /// Two methods, or a method and known values, on a continuous scale.
    case blandAltman = "bland-altman"
    /// Raters, operators and repeats: intraclass correlation, concordance, repeatability, kappa.
    case reliability
    /// A score, a probability or a call against a yes-or-no outcome.
    case classification
    /// Overlap and surface distances, measured case by case.
    case segmentation
    /// What reports predicted against what was seen after treatment.
    case outcomes
}
