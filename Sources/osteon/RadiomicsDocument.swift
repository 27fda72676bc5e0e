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
        /// `pyradiomics` or `ibsi`.
        var mode: String
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
        _ asked: RadiomicsConfiguration
    ) {
        configuration = Configuration(
            name: asked.name, mode: asked.mode.name, parameters: asked.yaml,
            settings: Self.dictionary(asked.described), imageTypes: Self.dictionary(asked.describedImages),
            omissions: asked.omissions)
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
                            diagnostics: asked.additionalInfo
                                ? Self.dictionary(
                                    found.diagnostics(of: region, asked).columns.map { ($0.name, $0.value) })
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
