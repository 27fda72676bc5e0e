// The locating network that the project ships.
import Foundation
import NeuralNetworks
import ReferenceData

@testable import Segmentation

enum ShippedLocator {
    static func weights() throws -> Weights {
        try Weights(
            mapping: ReferenceData.packageRoot.appendingPathComponent("deploy/models/osteon-locator.safetensors"))
    }

    static func execution() throws -> Execution { Execution(threads: 2, kernels: try Kernels.best()) }
}
