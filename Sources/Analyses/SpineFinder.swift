// Finds the spine of a scan with the installed network.
import DeepFeatures
import Domain
import Imaging
import NeuralNetworks
import Segmentation

/// What `segment` does, and `digital-biopsy` without targets.
struct SpineFinder: Sendable {
    /// The network that finds the spine, by its name in `models.lock`.
    static let model = "osteon-locator"

    let models: InstalledModels

    /// The network by name and version, for the provenance.
    var modelNames: [String] {
        models.lock.models.filter { $0.name == Self.model }.map { "\($0.name) \($0.version)" }
    }

    /// - Throws: `AnalysisError.modelMissing`.
    func check() throws(AnalysisError) {
        guard models.lock.models.contains(where: { $0.name == Self.model }) else { throw .modelMissing(Self.model) }
    }

    /// What the network says of a scan.
    /// - Throws: `NeuralNetworkError`; `FaultRecord` when cancelled.
    func maps(of input: AnalysisInput, progress: (Double) -> Void) throws -> SpineMaps {
        let execution = Execution(
            threads: input.threads, kernels: try Kernels.best(), cancellation: input.cancellation)
        return try SpineLocator(models.weights(of: Self.model)).maps(of: input.volume, execution, progress: progress)
    }

    /// - Throws: `SegmentationError` where there is no spine or the anchor lies away from it; `FaultRecord` when cancelled.
    func spine(
        in input: AnalysisInput, maps: SpineMaps, anchor: LevelAnchor?, progress: (Double) -> Void
    ) throws -> FoundSpine {
        try AutomaticSegmentation.segment(
            input.volume, maps: maps, anchor: anchor?.seed, cancellation: input.cancellation, progress: progress)
    }
}
