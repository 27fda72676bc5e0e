// Features as a JSON document with its provenance.
import Domain
import Foundation
import Radiomics

/// `osteon.radiomics/1`: enough to make the numbers again.
struct RadiomicsDocument: Encodable {
    var schema = "osteon.radiomics/1"
    var disclaimer = Report.disclaimerText
    var software = "osteon"
    var version = SoftwareVersion.current
    var configuration: Configuration
    var cases: [Case]

    struct Configuration: Encodable {
        var name: String
        /// The parameter file as it was read.
        var parameters: String
        var settings: [String: String]
        var imageTypes: [String: String]
        var omissions: [Omission]
    }

    struct Case: Encodable {
        var image: String
        var mask: String
        var inputSHA256: [String: String]?
        var warnings: [String]?
        var timingsMS: [StageTiming]?
        var regions: [Region]?
        var error: String?
    }

    struct Region: Encodable {
        var label: Int
        var diagnostics: [String: String]?
        /// Name, value or reason, IBSI identifier.
        var features: [FeatureValue]
    }

    init(
        _ cases: [RadiomicsCase], _ results: [Result<RadiomicsCase.Result, CommandFailure>],
        _ parameters: RadiomicsParameters
    ) {
        let settings = parameters.file.settings
        configuration = Configuration(
            name: parameters.name, parameters: parameters.yaml,
            settings: Self.dictionary(settings.described), imageTypes: Self.dictionary(settings.describedImages),
            omissions: parameters.file.omissions)
        self.cases = zip(cases, results).map { item, result in
            switch result {
            case .failure(let failure): Case(image: item.image, mask: item.mask, error: failure.description)
            case .success(let found):
                Case(
                    image: item.image, mask: item.mask,
                    inputSHA256: ["image": found.imageSHA256, "mask": found.maskSHA256], warnings: found.warnings,
                    timingsMS: found.timingsMS,
                    regions: found.regions.map { region in
                        Region(
                            label: region.label,
                            diagnostics: settings.additionalInfo
                                ? Self.dictionary(
                                    found.diagnostics(of: region, settings).columns.map { ($0.name, $0.value) })
                                : nil,
                            features: region.features)
                    })
            }
        }
    }

    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
        }
    }

    private static func dictionary(_ entries: [(key: String, value: String)]) -> [String: String] {
        Dictionary(entries.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}
