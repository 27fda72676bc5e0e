// The mean filter of IBSI 2.
import Domain

/// The mean of a cube (or square) of voxels around each voxel.
struct MeanFilter: ConvolutionFilter {
    static let name = "mean"
    static let ibsiID = "S60F"

    /// Voxels along an edge of the support, odd.
    var support: Int
    var dimensions = FilterDimensions.volume
    var boundary = BoundaryCondition.mirror

    func response(to image: GreyImage, cancellation: Cancellation) throws -> GreyImage {
        guard support > 0, !support.isMultiple(of: 2) else {
            throw RadiomicsError.filterInvalid(setting: "support", reason: "\(support) is not a positive odd number")
        }
        let kernel = [Double](repeating: 1 / Double(support), count: support)
        let filter = SeparableFilter(axes: Array(repeating: [kernel], count: dimensions.rawValue), boundary: boundary)
        return try filter.response(to: image, pooling: nil, cancellation: cancellation)
    }
}

extension MeanFilter {
    init(_ settings: FilterTable) throws(RadiomicsError) {
        self.init(
            support: try settings.required("support"), dimensions: try settings.optional("dimensions") ?? .volume,
            boundary: try settings.optional("boundary") ?? .mirror)
    }
}
