// Where the models of deep features are.
import ArgumentParser
import DeepFeatures
import Foundation

/// `--models`, which several commands take.
struct ModelsOption: ParsableArguments {
    @Option(
        name: .customLong("models"),
        help: ArgumentHelp(
            "Folder of models.lock and the weights; by default $OSTEON_MODELS, else models beside the program, share/osteon/models, or deploy/models of the checkout.",
            valueName: "folder"))
    var folder: String?

    /// What is installed; nothing where no folder is named and none is found.
    /// - Throws: `NeuralNetworkError` where a folder is named or found and its list cannot be read.
    func installed() throws -> InstalledModels {
        let named = folder ?? ProcessInfo.processInfo.environment["OSTEON_MODELS"].flatMap { $0.isEmpty ? nil : $0 }
        if let named { return try InstalledModels(folder: URL(fileURLWithPath: named, isDirectory: true)) }
        return try Self.standardFolder.map { try InstalledModels(folder: $0) } ?? .none
    }

    /// The first usual place that has a list.
    private static var standardFolder: URL? {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        var places = [
            program.appendingPathComponent("models"),
            program.deletingLastPathComponent().appendingPathComponent("share/osteon/models"),
        ]
        var folder = program
        while folder.path != "/" {
            folder.deleteLastPathComponent()
            guard exists(folder.appendingPathComponent("Package.swift")) else { continue }
            places.append(folder.appendingPathComponent("deploy/models"))
        }
        return places.first { exists($0.appendingPathComponent("models.lock")) }
    }

    private static func exists(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }
}
