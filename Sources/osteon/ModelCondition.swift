// What an installed model is, and whether its file is the one that is listed.
import DeepFeatures
import Domain
import Foundation
import NeuralNetworks

/// One entry of models.lock beside the file that it names.
struct ModelCondition: Encodable {
    let name: String
    let version: String
    /// Absent for a model that is no encoder.
    let architecture: String?
    let inputSize: Int?
    let marginMM: Double?
    let file: String
    let bytes: Int
    /// As listed.
    let sha256: String
    /// Absent where the file cannot be read.
    let foundSHA256: String?
    /// Numbers of the file: weights, and statistics of normalisation. Absent where the file was not opened.
    let parameters: Int?
    let card: String?
    let licence: String
    let origin: String
    let isWhole: Bool
    /// Why it is not.
    let problem: String?

    /// - Parameter building: whether the network is built too, which reads every tensor.
    init(_ name: String, of installed: InstalledModels, building: Bool) throws {
        guard let model = installed.lock.models.first(where: { $0.name == name }) else {
            throw NeuralNetworkError.modelUnknown(name: name, known: installed.lock.models.map(\.name))
        }
        self.name = name
        version = model.version
        architecture = model.encoder?.summary
        inputSize = model.encoder?.inputSize
        marginMM = model.encoder?.marginMM
        file = model.file
        bytes = model.bytes
        sha256 = model.sha256
        licence = model.licence
        origin = model.origin
        card = model.card.flatMap { installed.folder?.appendingPathComponent($0).path }
        var (parameters, found, problem): (Int?, String?, String?) = (nil, nil, nil)
        do {
            parameters = try installed.weights(of: name).numberCount
            found = model.sha256
            if building, model.encoder != nil { _ = try installed.encoder(named: name) }
        } catch let error as NeuralNetworkError {
            if case .modelChanged(_, _, let other) = error { found = other }
            problem = "\(error.detail) \(error.fix)"
        }
        self.parameters = parameters
        foundSHA256 = found
        self.problem = problem
        isWhole = problem == nil
    }

    /// As lines for a person.
    var text: String {
        let lines: [(String, String?)] = [
            ("architecture", architecture ?? "no encoder"),
            ("input", inputSize.map { "\($0) x \($0) x \($0) voxels, margin \(marginMM ?? 0) mm" }),
            ("parameters", parameters.map { String($0) }),
            ("size", bytes < 1_000_000 ? "\(bytes) bytes" : String(format: "%.1f MB", Double(bytes) / 1e6)),
            ("SHA-256", isWhole ? "\(sha256), as listed" : sha256), ("problem", problem), ("card", card),
            ("licence", licence), ("origin", origin),
        ]
        return "\(name) \(version)\n"
            + lines.compactMap { label, value in
                value.map { "  \(label.padding(toLength: 14, withPad: " ", startingAt: 0))\($0)" }
            }.joined(separator: "\n")
    }
}

extension EncoderDescription {
    /// `resnet3d, depth 10, width 40`.
    var summary: String {
        if let resnet3d {
            return "resnet3d, depth \(resnet3d.depth), width \(resnet3d.width)"
        }
        return vit3d.map { "vit3d, patch \($0.patch), \($0.features) features, \($0.layers) layers, \($0.heads) heads" }
            ?? architecture
    }
}
