// The radiomics of a scan's vertebral bodies as they are handed out: sections of the report, a document, a table.
import Domain
import Radiomics

/// The features of every vertebral body of a scan, or why there are none.
package struct BodyRadiomics: Sendable {
    /// What was found for one body.
    enum Finding: Sendable {
        case measured(LabelFeatures, RadiomicsSection)
        case omitted(Omission)
    }

    /// nil when no radiomics were asked for.
    let request: RadiomicsRequest?
    let findings: [(level: VertebralLevel, finding: Finding)]

    init(_ request: RadiomicsRequest?, _ levels: [VertebralLevel], _ findings: [Finding]?) {
        self.request = request
        let none = Omission(item: RadiomicsRequest.setting, reason: "not asked for (radiomics: none)")
        self.findings = levels.enumerated().map { ($1, findings?[$0] ?? .omitted(none)) }
    }

    /// The document that `/features` serves.
    /// - Parameters:
    ///   - report: the report of the same run.
    ///   - maskSHA256: of the label map of the bodies, as it is served.
    package func document(of report: Report, maskSHA256: String) -> FeaturesReport {
        FeaturesReport(
            report, maskSHA256: maskSHA256,
            vertebrae: findings.map { level, finding in
                switch finding {
                case .omitted(let omission):
                    FeaturesReport.Entry(
                        level: level, region: nil, diagnostics: [:], features: [], omissions: [omission])
                case .measured(let found, let region):
                    FeaturesReport.Entry(
                        level: level, region: region,
                        diagnostics: Dictionary(
                            diagnostics(of: found, report, maskSHA256).map { ($0.name, $0.value) },
                            uniquingKeysWith: { first, _ in first }),
                        features: found.features.map {
                            FeatureSection(name: $0.name, value: $0.value, reason: $0.reason, ibsiID: $0.ibsiID)
                        }, omissions: [])
                }
            })
    }

    /// The same as a CSV in PyRadiomics' columns, a row for each body.
    package func table(of report: Report, maskSHA256: String) -> String {
        var table = FeatureTable()
        for (level, finding) in findings {
            var row: [FeatureTable.Cell] = [
                ("Image", report.study.id), ("Mask", Artifact.Name.bodies.rawValue), ("Label", "\(level.labelValue)"),
                ("Level", level.rawValue),
            ]
            if case .measured(let found, _) = finding, let configuration = request?.configuration {
                if configuration.additionalInfo { row += diagnostics(of: found, report, maskSHA256) }
                row += configuration.cells(of: found.features)
            }
            table.add(row)
        }
        return table.text()
    }

    private func diagnostics(of found: LabelFeatures, _ report: Report, _ maskSHA256: String) -> [FeatureTable.Cell] {
        guard let configuration = request?.configuration else { return [] }
        return RegionDiagnostics(
            settings: configuration.described, images: configuration.describedImages, found,
            imageSHA256: report.study.inputSHA256, maskSHA256: maskSHA256
        ).columns
    }
}
