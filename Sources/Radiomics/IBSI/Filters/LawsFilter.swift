// Laws kernels of IBSI 2.
import Domain

/// Products of Laws' short kernels (Laws 1980), normalised to length 1, and the texture energy made of them.
struct LawsFilter: ConvolutionFilter {
    static let name = "laws"
    static let ibsiID = "JTXT"

    /// The kernels along x, y and, for a volume, z: `L5E5` or `L5E5E5`.
    var kernels: String
    var rotationInvariance = true
    var pooling = ResponsePooling.max
    /// The energy is the mean absolute response within this Chebyshev distance, voxels; nil gives the response itself.
    var energyDelta: Int?
    var boundary = BoundaryCondition.mirror

    func response(to image: GreyImage, cancellation: Cancellation) throws -> GreyImage {
        let axes = try axisKernels()
        let filter = SeparableFilter(axes: axes.map { [$0] }, boundary: boundary)
        var response = try filter.response(
            to: image, pooling: rotationInvariance ? pooling : nil, cancellation: cancellation)
        guard let energyDelta else { return response }
        guard energyDelta >= 0 else {
            throw RadiomicsError.filterInvalid(setting: "energyDelta", reason: "\(energyDelta) is below 0")
        }
        for voxel in response.values.indices { response.values[voxel] = abs(response.values[voxel]) }
        let mean = MeanFilter(
            support: 2 * energyDelta + 1, dimensions: axes.count == 2 ? .slices : .volume, boundary: boundary)
        return try mean.response(to: response, cancellation: cancellation)
    }

    private func axisKernels() throws(RadiomicsError) -> [[Double]] {
        let characters = Array(kernels.uppercased())
        let names = stride(from: 0, to: characters.count, by: 2).map {
            String(characters[$0..<min($0 + 2, characters.count)])
        }
        let axes = names.compactMap { kernelTable[$0] }
        guard axes.count == names.count, axes.count == 2 || axes.count == 3 else {
            throw .filterInvalid(
                setting: "kernels",
                reason: "\"\(kernels)\" is not two or three of \(kernelTable.keys.sorted().joined(separator: ", "))")
        }
        return axes.map { kernel in
            let norm = kernel.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return kernel.map { $0 / norm }
        }
    }
}

/// Level, edge, spot, wave and ripple (IBSI 2, table of Laws kernels).
private let kernelTable: [String: [Double]] = [
    "L3": [1, 2, 1], "L5": [1, 4, 6, 4, 1],
    "E3": [-1, 0, 1], "E5": [-1, -2, 0, 2, 1],
    "S3": [-1, 2, -1], "S5": [-1, 0, 2, 0, -1],
    "W5": [-1, 2, 0, -2, 1], "R5": [1, -4, 6, -4, 1],
]

extension LawsFilter {
    init(_ settings: FilterTable) throws(RadiomicsError) {
        self.init(
            kernels: try settings.required("kernels"),
            rotationInvariance: try settings.optional("rotationInvariance") ?? true,
            pooling: try settings.optional("pooling") ?? .max, energyDelta: try settings.optional("energyDelta"),
            boundary: try settings.optional("boundary") ?? .mirror)
    }
}
