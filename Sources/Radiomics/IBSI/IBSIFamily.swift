// The families of features of the IBSI reference manual.

/// A family of features; the raw value starts their names.
///
/// Source: IBSI reference manual, chapter 3.
package enum IBSIFamily: String, Sendable, CaseIterable {
    case morphology
    case localIntensity = "local_intensity"
    case statistics = "intensity_statistics"
    case histogram = "intensity_histogram"
    case volumeHistogram = "intensity_volume_histogram"
    case cooccurrence = "glcm"
    case runLength = "glrlm"
    case sizeZone = "glszm"
    case distanceZone = "gldzm"
    case neighbourhoodDifference = "ngtdm"
    case neighbourhoodDependence = "ngldm"
}
