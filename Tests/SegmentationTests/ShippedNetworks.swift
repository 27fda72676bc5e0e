// The networks that the project ships.
import Foundation
import NeuralNetworks
import ReferenceData

@testable import Segmentation

enum ShippedNetworks {
    static func weights(_ name: String) throws -> Weights {
        try Weights(
            mapping: ReferenceData.packageRoot.appendingPathComponent("deploy/models/\(name).safetensors"))
    }

    static func locator() throws -> SpineLocator { try SpineLocator(weights("osteon-locator")) }

    static func outliner() throws -> VertebraOutliner {
        try VertebraOutliner(weights("osteon-outliner"), execution())
    }

    static func execution() throws -> Execution { Execution(threads: 2, kernels: try Kernels.best()) }
}
