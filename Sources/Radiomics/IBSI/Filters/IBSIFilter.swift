// The filter of the ibsi mode, as a parameter file names it.
import Domain
import Yams

/// One of the filters of IBSI 2 with its settings.
///
/// In a parameter file: `filter: {type: gabor, sigmaMM: 5, lambdaMM: 2, gamma: 1.5, thetaStepDegrees: 22.5}`; the keys are the
/// filter's properties, and those with a default may be left out.
package struct IBSIFilter: Sendable {
    let filter: any ConvolutionFilter

    init(_ filter: any ConvolutionFilter) { self.filter = filter }

    static let types: [any ConvolutionFilter.Type] = [
        MeanFilter.self, SampledLaplacianOfGaussian.self, LawsFilter.self, GaborFilter.self, StationaryWavelet.self,
        SimoncelliWavelet.self,
    ]

    /// The filter's code in the reference manual.
    package var ibsiID: String { type(of: filter).ibsiID }

    /// The filter's name in a parameter file.
    package var name: String { type(of: filter).name }

    /// The response map on the image's own grid. The image should be whole: filters reach beyond the region.
    ///
    /// - Throws: `RadiomicsError.filterInvalid`, or `FaultRecord` with code `job-cancelled`.
    func filtered(_ image: GreyImage, cancellation: Cancellation = Cancellation()) throws -> GreyImage {
        try filter.response(to: image, cancellation: cancellation)
    }
}

extension IBSIFilter: Hashable {
    package static func == (a: IBSIFilter, b: IBSIFilter) -> Bool { AnyHashable(a.filter) == AnyHashable(b.filter) }

    package func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(filter)) }
}

extension IBSIFilter: Codable {
    /// Reads a filter as it stands in a parameter file.
    ///
    /// - Throws: `RadiomicsError.filterInvalid` that names what is wrong.
    package init(yaml: String) throws(RadiomicsError) {
        do {
            self = try YAMLDecoder().decode(IBSIFilter.self, from: yaml)
        } catch DecodingError.dataCorrupted(let context) where context.underlyingError is RadiomicsError {
            // Yams wraps what a decoded type throws.
            throw context.underlyingError as? RadiomicsError ?? Self.notATable
        } catch {
            throw error as? RadiomicsError ?? Self.notATable
        }
    }

    private static let notATable = RadiomicsError.filterInvalid(
        setting: "type", reason: "the filter is not a table of keys and values")

    /// - Throws: `RadiomicsError.filterInvalid` that names an unknown or missing key, or a value that is not usable.
    package init(from decoder: any Decoder) throws {
        let settings = try FilterTable(decoder)
        let name: String = try settings.required("type")
        guard let type = Self.types.first(where: { $0.name == name }) else {
            let known = Self.types.map { $0.name }.joined(separator: ", ")
            throw RadiomicsError.filterInvalid(setting: "type", reason: "\"\(name)\" is not one of \(known)")
        }
        filter = try type.init(settings)
        try settings.requireAllRead()
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: FilterTable.Key.self)
        try container.encode(name, forKey: FilterTable.Key("type"))
        try filter.encode(to: encoder)
    }
}
