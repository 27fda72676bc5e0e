// What every filter of the second IBSI chapter has in common.
import Domain

/// A convolutional filter of IBSI 2 (Whybra et al., Radiology 310:e231319, 2024; reference manual arXiv:2006.05470).
protocol ConvolutionFilter: Encodable, Hashable, Sendable {
    /// The filter's name in a parameter file.
    static var name: String { get }

    /// The filter's code in the reference manual.
    static var ibsiID: String { get }

    /// Reads the settings of a parameter file.
    init(_ settings: FilterTable) throws(RadiomicsError)

    /// The filter's response map, on the image's own grid.
    ///
    /// - Throws: `RadiomicsError` when the settings or the image's spacing do not suit the filter; `FaultRecord` with code
    ///   `job-cancelled` when it was asked to stop.
    func response(to image: GreyImage, cancellation: Cancellation) throws -> GreyImage
}

/// Whether a filter works on each slice by itself or on the volume.
package enum FilterDimensions: Int, Codable, CaseIterable, Sendable {
    case slices = 2
    case volume = 3
}

/// How the responses to a rotated kernel become one.
package enum ResponsePooling: String, Codable, CaseIterable, Sendable {
    case average
    case max
}
