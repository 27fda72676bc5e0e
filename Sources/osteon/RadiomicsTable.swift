// Features as a table in PyRadiomics' columns: what names the case, diagnostics, features; a row for each region.
import Radiomics

/// The rows of a CSV (RFC 4180) as PyRadiomics' command writes it: the columns of the batch in their order, or Image and Mask;
/// Label where one was named; `diagnostics_…`, features. A value that is undefined is an empty cell. Where a case failed there is a last column,
/// Error.
struct RadiomicsTable {
    private var table = FeatureTable()

    init(
        _ cases: [RadiomicsCase], _ results: [Result<RadiomicsCase.Result, CommandFailure>],
        _ configuration: RadiomicsConfiguration
    ) {
        for (item, result) in zip(cases, results) {
            switch result {
            case .failure(let failure): table.add(item.columns + [("Error", failure.description)])
            case .success(let found):
                for region in found.regions {
                    var row = item.columns(label: region.label)
                    if configuration.additionalInfo { row += found.diagnostics(of: region, configuration).columns }
                    table.add(row + configuration.cells(of: region.features))
                }
            }
        }
    }

    var text: String { table.text(last: "Error") }
}

extension RadiomicsCase {
    /// What names the row of one label.
    fileprivate func columns(label: Int) -> [FeatureTable.Cell] {
        var row = columns
        if let place = row.firstIndex(where: { $0.name == "Label" }) {
            row[place].value = "\(label)"
        } else if labels != .standard {
            row.append(("Label", "\(label)"))
        }
        return row
    }
}

extension RadiomicsCase.Result {
    /// PyRadiomics' `diagnostics_` columns of one region.
    func diagnostics(of region: LabelFeatures, _ configuration: RadiomicsConfiguration) -> RegionDiagnostics {
        RegionDiagnostics(
            settings: configuration.described, images: configuration.describedImages, region, imageSHA256: imageSHA256,
            maskSHA256: maskSHA256)
    }
}
