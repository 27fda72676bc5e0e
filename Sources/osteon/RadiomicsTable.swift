// Features as a table in PyRadiomics' columns: what names the case, diagnostics, features; a row for each region.
import Domain
import Radiomics

/// The rows of a CSV (RFC 4180) as PyRadiomics' command writes it: Image, Mask, Label where one was named, the columns of the
/// batch, `diagnostics_…`, features. A value that is undefined is an empty cell. Where a case failed there is a last column,
/// Error.
struct RadiomicsTable {
    private var rows: [[(name: String, value: String)]] = []
    private let hasErrors: Bool

    init(
        _ cases: [RadiomicsCase], _ results: [Result<RadiomicsCase.Result, CommandFailure>], settings: RadiomicsSettings
    ) {
        for (item, result) in zip(cases, results) {
            let names = [("Image", item.image), ("Mask", item.mask)] + item.columns
            switch result {
            case .failure(let failure): rows.append(names + [("Error", failure.description)])
            case .success(let found):
                for region in found.regions {
                    var row = names
                    if item.labels != .standard { row.append(("Label", "\(region.label)")) }
                    if settings.additionalInfo {
                        row += RadiomicsDiagnostics(settings, region, found).columns
                    }
                    rows.append(row + region.features.map { ($0.name, $0.value.map { "\($0)" } ?? "") })
                }
            }
        }
        hasErrors = results.contains { if case .failure = $0 { true } else { false } }
    }

    var text: String {
        var header: [String] = []
        var known: Set<String> = []
        // Rows that hold features come first, so that their order is the order of the columns.
        for row in rows.sorted(by: { $0.count > $1.count }) {
            for (name, _) in row where name != "Error" && known.insert(name).inserted { header.append(name) }
        }
        if hasErrors { header.append("Error") }
        let cells = rows.map { row in
            let values = Dictionary(row, uniquingKeysWith: { first, _ in first })
            return header.map { values[$0] ?? "" }
        }
        return ([header] + cells).map { $0.map(Self.cell).joined(separator: ",") + "\n" }.joined()
    }

    /// Quotes a cell where RFC 4180 asks for it.
    private static func cell(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
