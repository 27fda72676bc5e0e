// Features as a table in PyRadiomics' columns: what names the case, diagnostics, features; a row for each region.
import Radiomics

/// The rows of a CSV (RFC 4180) as PyRadiomics' command writes it: Image, Mask, Label where one was named, the columns of the
/// batch, `diagnostics_…`, features. A value that is undefined is an empty cell. Where a case failed there is a last column,
/// Error.
struct RadiomicsTable {
    private var table = FeatureTable()

    init(
        _ cases: [RadiomicsCase], _ results: [Result<RadiomicsCase.Result, CommandFailure>],
        _ configuration: RadiomicsConfiguration
    ) {
        for (item, result) in zip(cases, results) {
            let names = [("Image", item.image), ("Mask", item.mask)] + item.columns
            switch result {
            case .failure(let failure): table.add(names + [("Error", failure.description)])
            case .success(let found):
                for region in found.regions {
                    var row = names
                    if item.labels != .standard { row.append(("Label", "\(region.label)")) }
                    if configuration.additionalInfo { row += found.diagnostics(of: region, configuration).columns }
                    table.add(row + configuration.cells(of: region.features))
                }
            }
        }
    }

    var text: String { table.text(last: "Error") }
}

extension RadiomicsCase.Result {
    /// PyRadiomics' `diagnostics_` columns of one region.
    func diagnostics(of region: LabelFeatures, _ configuration: RadiomicsConfiguration) -> RegionDiagnostics {
        RegionDiagnostics(
            settings: configuration.described, images: configuration.describedImages, region, imageSHA256: imageSHA256,
            maskSHA256: maskSHA256)
    }
}
