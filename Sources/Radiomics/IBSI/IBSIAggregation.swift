// How texture matrices of slices and directions become one value.

/// Which slices and directions share a texture matrix, and over what its features are averaged; the raw value ends the names of
/// features of matrices that have directions.
///
/// Source: IBSI reference manual, chapter 3, "Aggregating features".
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

    var dimension: IBSISettings.Dimension { reach == .volume ? .volume : .slices }

    /// The manual's identifier of the aggregation.
    var ibsiID: String {
        switch self {
        case .slicesAveraged: "BTW3"
        case .slicesMerged: "SUJT"
        case .pooledAveraged: "JJUI"
        case .pooledMerged: "ZW7Z"
        case .volumeAveraged: "ITBB"
        case .volumeMerged: "IAZD"
        }
    }

    /// What is left of the aggregation for matrices without directions.
    var reach: IBSIReach {
        switch self {
        case .slicesAveraged, .slicesMerged: .slices
        case .pooledAveraged, .pooledMerged: .pooledSlices
        case .volumeAveraged, .volumeMerged: .volume
        }
    }

    /// Whether each direction has a matrix of its own.
    var separatesDirections: Bool {
        switch self {
        case .slicesAveraged, .pooledAveraged, .volumeAveraged: true
        case .slicesMerged, .pooledMerged, .volumeMerged: false
        }
    }
}

/// Where neighbours lie and which slices share a matrix; the raw value ends the names of features of matrices without directions.
enum IBSIReach: String {
    /// Neighbours within slices; one matrix per slice, features averaged over slices.
    case slices = "2D"
    /// Neighbours within slices; one matrix for all.
    case pooledSlices = "2.5D"
    /// Neighbours in the volume; one matrix.
    case volume = "3D"

    var directions: [Direction] { self == .volume ? Direction.all : Direction.inPlane }

    /// The manual's identifier of the aggregation.
    var ibsiID: String {
        switch self {
        case .slices: "8QNN"
        case .pooledSlices: "62GR"
        case .volume: "KOBO"
        }
    }
}
