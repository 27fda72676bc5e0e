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
    private static let names = [locator, outliner]

    let models: InstalledModels

    /// The networks by name and version, for the provenance.
    var modelNames: [String] {
        models.lock.models.filter { Self.names.contains($0.name) }.map { "\($0.name) \($0.version)" }
    }

    /// - Throws: `AnalysisError.modelMissing`.
    func check() throws(AnalysisError) {
        for name in Self.names where !isInstalled(name) { throw .modelMissing(name) }
    }

    private var isInstalled: Bool { Self.names.allSatisfy(isInstalled) }

    private func isInstalled(_ name: String) -> Bool { models.lock.models.contains { $0.name == name } }

    /// What the network says of a scan.
    /// - Throws: `NeuralNetworkError`; `FaultRecord` when cancelled.
    func maps(of input: AnalysisInput, progress: (Double) -> Void) throws -> SpineMaps {
        try spineLocator().maps(of: input.volume, execution(input), progress: progress)
    }

    /// - Throws: `NeuralNetworkError`; `SegmentationError` where there is no spine or the anchor lies away from it; `FaultRecord` when cancelled.
    func spine(
        in input: AnalysisInput, maps: SpineMaps, anchor: LevelAnchor?, progress: (Double) -> Void
    ) throws -> FoundSpine {
        let execution = try execution(input)
        let magnified = MagnifiedRow(volume: input.volume, locator: try spineLocator(), execution: execution)
        return try AutomaticSegmentation.segment(
            input.volume, maps: maps, outliner: try vertebraOutliner(execution), magnified: magnified,
            anchor: anchor?.seed, cancellation: input.cancellation, progress: progress)
    }

    /// Segments clicked vertebrae: with the networks where they are installed, by edges alone where not.
    /// - Throws: `NeuralNetworkError`; `SegmentationError` where a click cannot be used; `FaultRecord` when cancelled.
    func vertebrae(
        at seeds: [VertebraSeed], in input: AnalysisInput, progress: (Double) -> Void
    ) throws -> SpineSegmentation {
        guard isInstalled else {
            var plain = try SeededSegmentation.segment(
                input.volume, seeds: seeds, cancellation: input.cancellation, progress: progress)
            plain.warnings.append(
                "\(Self.locator) or \(Self.outliner) is not installed: the clicked vertebrae were outlined by edges alone."
            )
            return plain
        }
        let execution = try execution(input)
        let guided = GuidedSegmentation(
            locator: try spineLocator(), outliner: try vertebraOutliner(execution), execution: execution)
        return try guided.segment(
            input.volume, seeds: seeds, cancellation: input.cancellation, progress: progress)
    }

    private func spineLocator() throws -> SpineLocator { try SpineLocator(models.weights(of: Self.locator)) }

    private func vertebraOutliner(_ execution: Execution) throws -> VertebraOutliner {
        try VertebraOutliner(models.weights(of: Self.outliner), execution)
    }

    private func execution(_ input: AnalysisInput) throws -> Execution {
        Execution(threads: input.threads, kernels: try Kernels.best(), cancellation: input.cancellation)
    }
}
