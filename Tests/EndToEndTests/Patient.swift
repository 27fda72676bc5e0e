// A small synthetic patient, built once for all tests.
import Domain
import Foundation
import Imaging
import ImagingIO
import Phantoms

/// Three vertebrae on a coarse grid: enough for every stage, quick to compute.
struct Patient: Sendable {
    let study: Data
    let labels: Data
    /// `seed=x,y,z:LEVEL`, one for each level.
    let seeds: [String]
    let levels: [VertebralLevel]

    static let shared = Result { try Patient() }

    private init() throws {
        levels = [.L1, .L2, .L3]
        var recipe = PhantomRecipe(seed: 7, levels: levels)
        recipe.spacingMM = [1, 1, 1.5]
        let phantom = try PhantomBuilder.build(recipe)
        study = try inTemporaryFile("image.nii.gz") { try NIfTIWriter.write(phantom.volume, to: $0) }
        labels = try inTemporaryFile("labels.nii.gz") { try NIfTIWriter.write(phantom.labels, to: $0) }
        seeds = phantom.truth.vertebrae.filter { [.L1, .L2, .L3].contains($0.level) }.map { vertebra in
            let place = vertebra.bodyCentreLPSMM
            return String(format: "seed=%.2f,%.2f,%.2f:", place.x, place.y, place.z) + vertebra.level.rawValue
        }
    }

    /// The query that queues the analysis of these levels at once.
    /// - Parameters:
    ///   - runs: of the rehearsal.
    ///   - radiomics: name of the configuration; with `ge2025` a job takes some seconds longer.
    func query(_ count: Int, runs: Int = 0, radiomics: String = "none") -> String {
        "?analysis=digital-biopsy&set=rehearsalRuns=\(runs)&set=radiomics=\(radiomics)&"
            + seeds.prefix(count).joined(separator: "&")
    }
}
