// How texture matrices of slices and directions become one value.

/// Which slices and directions share a texture matrix, and over what its features are averaged.
///
/// Source: IBSI reference manual, chapter 3, "Aggregating features". Matrices without directions (zones, dependence,
/// neighbourhood difference) know three of the six: `slicesAveraged`, `slicesPooled` and `volume`.
package enum IBSIAggregation: String, Sendable, CaseIterable {
    /// One matrix per slice and direction; features averaged over all.
    case slicesAveraged = "2D_averaged"
    /// One matrix per slice, directions merged; features averaged over slices.
    case slicesMerged = "2D_merged"
    /// One matrix per direction, slices merged; features averaged over directions.
    case pooledAveraged = "2.5D_averaged"
    /// One matrix: all slices and in-plane directions merged.
    case pooledMerged = "2.5D_merged"
    /// One matrix per direction of the volume; features averaged over directions.
    case volumeAveraged = "3D_averaged"
    /// One matrix: all directions of the volume merged.
    case volumeMerged = "3D_merged"

    var dimension: IBSISettings.Dimension {
        switch self {
        case .slicesAveraged, .slicesMerged, .pooledAveraged, .pooledMerged: .slices
        case .volumeAveraged, .volumeMerged: .volume
        }
    }
}
