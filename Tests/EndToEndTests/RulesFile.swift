// Rules by which every pushed series of the patient starts an analysis.
import Foundation

/// A file that goes with its last reference.
final class RulesFile {
    private let url: URL

    var path: String { url.path }

    /// - Parameters:
    ///   - levels: how many of the patient's levels are measured.
    ///   - runs: of the rehearsal: with many of them a job takes long.
    ///   - radiomics: name of the configuration.
    init(levels: Int = 1, runs: Int = 0, radiomics: String = "none") throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("rules-\(UUID().uuidString).yaml")
        let targets = try Patient.shared.get().seeds.prefix(levels).map { seed in
            let parts = seed.split(separator: "=").last?.split(separator: ":") ?? []
            return "{level: \(parts[1]), seedLPSMM: [\(parts[0])]}"
        }
        let text = """
            rules:
              - name: all
                start:
                  analysis: digital-biopsy
                  parameters: {rehearsalRuns: \(runs), radiomics: \(radiomics)}
                  targets: [\(targets.joined(separator: ", "))]
            """
        try Data(text.utf8).write(to: url)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
