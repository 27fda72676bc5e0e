// What is to be rehearsed: procedure, cement, volume, needles, and how many runs.
import Imaging

/// The order for the rehearsal of one body.
package struct RehearsalOrder: Sendable, Hashable {
    package var procedure: Procedure
    /// Name of a cement (`Cement.named`).
    package var cement: String
    /// Planned volume, mL; nil takes the middle of the published range (`VolumeRecommendation`).
    package var volumeML: Double?
    /// Nil takes the approach that leaks least in the comparison.
    package var approach: Approach?
    /// Planned needle tips, one or two, LPS millimetres; nil places them by `NeedlePlan`.
    package var tipsLPSMM: [PointMM]?
    /// Runs of the Monte Carlo, > 0. Comparisons of approaches and cements take a quarter of them, at least 20 (our choice).
    package var runs: Int
    package var seed: UInt64
    package var thresholds: Thresholds

    package init(
        procedure: Procedure = .vertebroplasty, cement: String = Cement.mediumViscosity.name, volumeML: Double? = nil,
        approach: Approach? = nil, tipsLPSMM: [PointMM]? = nil, runs: Int = 200, seed: UInt64 = 1,
        thresholds: Thresholds = Thresholds()
    ) {
        self.procedure = procedure
        self.cement = cement
        self.volumeML = volumeML
        self.approach = approach
        self.tipsLPSMM = tipsLPSMM
        self.runs = runs
        self.seed = seed
        self.thresholds = thresholds
    }

    package enum Procedure: String, Sendable, Codable, CaseIterable {
        case vertebroplasty = "PVP"
        case kyphoplasty = "PKP"
    }

    /// Through which pedicle, the patient's side.
    package enum Approach: String, Sendable, Codable, CaseIterable {
        case left, right, bilateral
    }

    /// Simulated probabilities of leakage that a recommended volume stays under, 0…1 (both our choice: no accepted level exists).
    package struct Thresholds: Sendable, Hashable, Codable {
        package var any: Double
        package var canal: Double

        package init(any: Double = 0.10, canal: Double = 0.05) {
            self.any = any
            self.canal = canal
        }
    }
}
