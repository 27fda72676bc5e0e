// Each architecture against PyTorch.
import Foundation
import NeuralNetworks
import ReferenceData
import Testing

/// A Python with torch, torchvision, vit-pytorch, dynamic-network-architectures and safetensors.
private let python = ProcessInfo.processInfo.environment["OSTEON_TORCH_PYTHON"]

@Suite struct ArchitectureParityTests {
    // 1e-4: single-precision sums through tens of layers in another order than PyTorch's.
    @Test func `small networks equal PyTorch's within 1e-4 on every kernel set and any number of threads`() throws {
        for network in ArchitectureCase.small {
            let golden = try GoldenFile(network.name)
            for kernels in Kernels.available {
                let once = try compare(network, golden, Execution(threads: 1, kernels: kernels))
                let twice = try compare(network, golden, Execution(threads: 2, kernels: kernels))
                #expect(once == twice, "\(network.name), \(kernels.name)")
            }
        }
    }

    @Test(.enabled(if: python != nil, "set OSTEON_TORCH_PYTHON to a Python with torch to compare full-size networks"))
    func `full-size networks equal PyTorch's within 1e-4 for three input sizes each`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-golden-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let script = Process()
        script.executableURL = URL(fileURLWithPath: try #require(python))
        script.arguments = [
            ReferenceData.packageRoot.appendingPathComponent("training/golden/networks.py").path, "large", folder.path,
        ]
        try script.run()
        script.waitUntilExit()
        try #require(script.terminationStatus == 0)
        let execution = Execution(threads: 2, kernels: try Kernels.best())
        for network in ArchitectureCase.large {
            try compare(network, try GoldenFile(network.name, in: folder), execution)
        }
    }

    @discardableResult
    private func compare(
        _ network: ArchitectureCase, _ golden: GoldenFile, _ execution: Execution
    ) throws -> [Tensor] {
        var all: [Tensor] = []
        for (number, shape) in network.inputs.enumerated() {
            for (part, output) in try network.run(golden.weights, picture(shape), execution).enumerated() {
                let difference = try golden.difference(of: output, from: "golden.\(number).\(part)")
                #expect(difference < 1e-4, "\(network.name) \(shape), output \(part), \(execution.kernels.name)")
                if python != nil { print("parity \(network.name) \(shape) output \(part): \(difference)") }
                all.append(output)
            }
        }
        return all
    }
}
