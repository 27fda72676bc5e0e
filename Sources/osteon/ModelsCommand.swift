// `osteon models`: what is installed, whether it is whole, how long it takes.
import ArgumentParser
import DeepFeatures
import Foundation
import NeuralNetworks

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List, verify and time the networks of deep features.",
        discussion: """
            A model is a line of models.lock (name, network, SHA-256) and a safetensors file beside it. The digital biopsy reports the
            embedding of each vertebral body by the first model of the list, or by the one that the setting deepFeatures names.

              osteon models                                  what is installed
              osteon models verify                           hash and every tensor of each; status 1 where one is wrong
              osteon models time --threads 1                 the embedding of a box of 128 x 128 x 128 voxels
              osteon models --models ./ours                  another folder (or OSTEON_MODELS=./ours)
              osteon analyze series.zip --output result --seed 0.3,3.5,36.5:L1 --set deepFeatures=NAME

            A network of your own: save its state_dict as safetensors, put it beside models.lock, and add an entry with its
            sha256sum (docs/deep-features.md has every key). Nothing of a file is used unless its hash is the one listed.
            """,
        subcommands: [ModelsList.self, ModelsVerify.self, ModelsTime.self], defaultSubcommand: ModelsList.self)

    /// Prints a value as JSON.
    static func printJSON(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}

extension InstalledModels {
    /// The folder, or that there is none.
    var place: String { folder.map { "in \($0.path)" } ?? "(no folder with models.lock was found)" }

    /// The model of this name, or all of them.
    /// - Throws: `CommandFailure` with the names that are known.
    func names(_ name: String?) throws -> [String] {
        let known = lock.models.map(\.name)
        guard let name else { return known }
        guard known.contains(name) else {
            throw CommandFailure(
                "There is no model \(name) \(place). Known: \(known.isEmpty ? "none" : known.joined(separator: ", ")).")
        }
        return [name]
    }
}
