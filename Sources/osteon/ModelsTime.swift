// `osteon models time`: how long an embedding takes here.
import ArgumentParser
import DeepFeatures
import Domain
import Foundation
import Imaging
import NeuralNetworks

struct ModelsTime: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "time", abstract: "Time the embedding of a box of 128 x 128 x 128 voxels.",
        discussion: """
            Cutting, resizing, standardising and the network, after one run that is not counted. The box is noise: the time does not
            depend on what is seen.
            """)

    @Argument(help: "One model; all by default.")
    var name: String?

    @OptionGroup var models: ModelsOption

    @Option(
        help: "How many threads may compute at once; all cores by default. The values are the same bits for any number."
    )
    var threads = ProcessInfo.processInfo.activeProcessorCount

    @Option(help: "How many runs are counted.")
    var runs = 5

    @Flag(help: "Write JSON.")
    var json = false

    func validate() throws {
        guard (1...1024).contains(threads) else { throw ValidationError("--threads must be from 1 to 1024.") }
        guard (1...1000).contains(runs) else { throw ValidationError("--runs must be from 1 to 1000.") }
    }

    func run() throws {
        try CommandFailure.explaining {
            let installed = try models.installed()
            let names = try installed.names(name).filter { name != nil || installed.encoderNames.contains($0) }
            let timings = try names.map { try timing(of: $0, installed) }
            if json { return try ModelsCommand.printJSON(timings) }
            if timings.isEmpty { print("No encoder is installed", installed.place) }
            for timing in timings { print(timing.text) }
        }
    }

    private func timing(of name: String, _ installed: InstalledModels) throws -> ModelTiming {
        let clock = ContinuousClock()
        var encoder: Encoder?
        let loading = try clock.measure { encoder = try installed.encoder(named: name) }
        guard let encoder else { throw CommandFailure("The model \(name) could not be built.") }
        let (volume, region) = Self.box(marginMM: encoder.description.marginMM)
        let kernels = try Kernels.best()
        let execution = Execution(threads: threads, kernels: kernels)
        func once() throws { _ = try encoder.embeddings(of: [region], in: volume, execution)[0].get() }
        try once()
        let times = try (0..<runs).map { _ in try clock.measure { try once() } / .milliseconds(1) }.sorted()
        return ModelTiming(
            name: name, threads: threads, kernels: kernels.name, runs: runs, loadingMS: loading / .milliseconds(1),
            leastMS: times[0], medianMS: (times[(runs - 1) / 2] + times[runs / 2]) / 2)
    }

    /// A volume of noise and a region in it whose box is 128³ with the margin.
    private static func box(marginMM: Double) -> (Volume, IndexBox) {
        let (edge, margin) = (128, Int(marginMM.rounded(.up)))
        let size = Index3(x: edge + 2, y: edge + 2, z: edge + 2)
        let voxels = (0..<size.count).map { Float($0 * 7919 % 2003 - 500) }
        let (lower, extent) = (1 + margin, edge - 2 * margin)
        return (
            Volume(geometry: Geometry(size: size, spacingMM: [1, 1, 1]), voxels: voxels),
            IndexBox(
                lower: Index3(x: lower, y: lower, z: lower), size: Index3(x: extent, y: extent, z: extent))
        )
    }
}

/// How long a model took.
private struct ModelTiming: Encodable {
    let name: String
    let threads: Int
    let kernels: String
    let runs: Int
    /// Hash, weights and packing, once per process.
    let loadingMS: Double
    let leastMS: Double
    let medianMS: Double

    var text: String {
        String(
            format: "%@: least %.1f ms, median %.1f ms of %d on %d thread%@ (%@); loading %.1f ms", name, leastMS,
            medianMS,
            runs, threads, threads == 1 ? "" : "s", kernels, loadingMS)
    }
}
