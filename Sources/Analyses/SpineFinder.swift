// Finds the spine of a scan with the installed network.
import DeepFeatures
import Domain
import Imaging
import NeuralNetworks
import Segmentation

/// What `segment` does, and `digital-biopsy` without targets.
struct SpineFinder: Sendable {
    /// The network that finds the spine and the one that looks at each vertebra, by their names in `models.lock`.
    static let locator = "osteon-locator"
    static let outliner = "osteon-outliner"

    let models: InstalledModels

    /// The networks by name and version, for the provenance.
    var modelNames: [String] {
        models.lock.models.filter { [Self.locator, Self.outliner].contains($0.name) }.map { "\($0.name) \($0.version)" }
    }

    /// - Throws: `AnalysisError.modelMissing`.
    func check() throws(AnalysisError) {
        for name in [Self.locator, Self.outliner] where !models.lock.models.contains(where: { $0.name == name }) {
            throw .modelMissing(name)
        }
    }

    /// What the network says of a scan.
    /// - Throws: `NeuralNetworkError`; `FaultRecord` when cancelled.
    func maps(of input: AnalysisInput, progress: (Double) -> Void) throws -> SpineMaps {
        try SpineLocator(models.weights(of: Self.locator)).maps(
            of: input.volume, execution(input), progress: progress)
    }

    /// - Throws: `NeuralNetworkError`; `SegmentationError` where there is no spine or the anchor lies away from it; `FaultRecord` when cancelled.
    func spine(
        in input: AnalysisInput, maps: SpineMaps, anchor: LevelAnchor?, progress: (Double) -> Void
    ) throws -> FoundSpine {
        let outliner = try VertebraOutliner(models.weights(of: Self.outliner), execution(input))
        return try AutomaticSegmentation.segment(
            input.volume, maps: maps, outliner: outliner, anchor: anchor?.seed, cancellation: input.cancellation,
            progress: progress)
    }

    private func execution(_ input: AnalysisInput) throws -> Execution {
        Execution(threads: input.threads, kernels: try Kernels.best(), cancellation: input.cancellation)
    }
}
