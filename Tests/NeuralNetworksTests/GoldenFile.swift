// Numbers that PyTorch computed, and the inputs that it computed them from.
import Foundation
import NeuralNetworks
import Testing

/// Weights and outputs that `training/golden/networks.py` wrote with PyTorch.
struct GoldenFile {
    let weights: Weights

    /// Tests/NeuralNetworksTests/Golden: made by `networks.py small`; each file names its origin in its metadata.
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")

    /// About as many numbers are stored of a large output.
    private static let samples = 400

    init(_ name: String, in folder: URL = folder) throws {
        weights = try Weights(mapping: folder.appendingPathComponent("\(name).safetensors"))
    }

    /// The numbers stored under a name, whatever their shape.
    func values(_ name: String) throws -> [Float] { try weights.tensor(name, try #require(weights.shape(name))) }

    /// The largest difference to PyTorch's numbers, of which large outputs store a regular sample.
    func difference(of output: Tensor, from name: String) throws -> Float {
        let golden = try values(name)
        let step = output.values.count == golden.count ? 1 : max(1, output.values.count / Self.samples)
        let sample = stride(from: 0, to: output.values.count, by: step).map { output.values[$0] }
        try #require(sample.count == golden.count, "\(name): \(output.shape)")
        return zip(sample, golden).reduce(0) { largest, pair in
            // A NaN must not pass.
            pair.0 == pair.1 ? largest : max(largest, (pair.0 - pair.1).isNaN ? .infinity : abs(pair.0 - pair.1))
        }
    }
}

/// The input of every case: ((7919 i) mod 2003) / 1001.5 - 1 at place i.
func picture(_ shape: [Int], times scale: Float = 1, plus offset: Float = 0) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor(shape, (0..<count).map { offset + scale * Float(Double($0 * 7919 % 2003) / 1001.5 - 1) })
}

/// Every kernel set of this processor, on one thread and on two.
let executions: [Execution] = Kernels.available.flatMap { kernels in
    [1, 2].map { Execution(threads: $0, kernels: kernels) }
}

/// A safetensors file of single-precision tensors, made here.
func safetensors(_ tensors: [(name: String, tensor: Tensor)]) -> Data {
    var (entries, data): ([String], Data) = ([], Data())
    for (name, tensor) in tensors {
        let begin = data.count
        for value in tensor.values {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
        entries.append(
            #""\#(name)":{"dtype":"F32","shape":\#(tensor.shape),"data_offsets":[\#(begin),\#(data.count)]}"#)
    }
    return safetensors(header: "{\(entries.joined(separator: ","))}", data: data)
}

/// A file with a header as given.
func safetensors(header: String, data: Data) -> Data {
    var file = Data()
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { file.append(contentsOf: $0) }
    return file + Data(header.utf8) + data
}
