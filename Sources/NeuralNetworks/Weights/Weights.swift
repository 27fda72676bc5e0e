// The tensors of a safetensors file, by the names that PyTorch saved them with.
import Foundation

/// A network's weights. The file is mapped, not read: numbers are converted as layers ask for them, and nothing of the file
/// stays in memory once the network is built and the weights are let go.
///
/// The file must not be changed while it is mapped.
package struct Weights: Sendable {
    private let bytes: Data
    private let entries: [String: SafetensorsHeader.Entry]
    private let prefix: String

    /// - Parameter bytes: a whole safetensors file.
    /// - Throws: `NeuralNetworkError.weightsDamaged`.
    package init(_ bytes: Data) throws(NeuralNetworkError) {
        do {
            entries = try bytes.withUnsafeBytes { try SafetensorsHeader($0).entries }
        } catch let flaw as SafetensorsFlaw {
            throw .weightsDamaged(flaw)
        } catch {
            throw .weightsUnreadable(file: "", reason: "\(error)")
        }
        self.bytes = bytes
        prefix = ""
    }

    /// - Throws: `NeuralNetworkError.weightsUnreadable` and `.weightsDamaged`.
    package init(mapping file: URL) throws(NeuralNetworkError) {
        try self.init(Self.mapped(file))
    }

    static func mapped(_ file: URL) throws(NeuralNetworkError) -> Data {
        do {
            return try Data(contentsOf: file, options: .alwaysMapped)
        } catch {
            throw .weightsUnreadable(file: file.lastPathComponent, reason: "the file cannot be opened or mapped")
        }
    }

    private init(_ bytes: Data, _ entries: [String: SafetensorsHeader.Entry], prefix: String) {
        self.bytes = bytes
        self.entries = entries
        self.prefix = prefix
    }

    /// The weights of a submodule: names are looked up with `name.` before them.
    package func under(_ name: String) -> Weights { Weights(bytes, entries, prefix: "\(prefix)\(name).") }

    /// Names of all tensors of the file, sorted.
    package var names: [String] { entries.keys.sorted() }

    /// Numbers of the file that a network can read (F32, F16, BF16); counters are not among them.
    package var numberCount: Int {
        entries.values.filter { ["F32", "F16", "BF16"].contains($0.type) }.reduce(0) { $0 + $1.shape.reduce(1, *) }
    }

    /// The full name of a tensor of this submodule.
    package func fullName(_ name: String) -> String { prefix + name }

    /// The shape of a tensor; nil where there is none of this name.
    package func shape(_ name: String) -> [Int]? { entries[prefix + name]?.shape }

    /// The numbers of a tensor.
    /// - Parameter shape: what the network needs.
    /// - Throws: `NeuralNetworkError.tensorMissing`, `.tensorMisshapen` and `.tensorTypeUnsuitable`.
    package func tensor(_ name: String, _ shape: [Int]) throws(NeuralNetworkError) -> [Float] {
        let name = prefix + name
        guard let entry = entries[name] else { throw .tensorMissing(name: name) }
        guard entry.shape == shape else {
            throw .tensorMisshapen(name: name, expected: shape, found: entry.shape)
        }
        let count = shape.reduce(1, *)
        let numbers: [Float]? = bytes.withUnsafeBytes { file in
            let raw = UnsafeRawBufferPointer(rebasing: file[entry.range])
            return switch entry.type {
            case "F32":
                (0..<count).map {
                    Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
                }
            case "F16": (0..<count).map { Self.half(raw.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self)) }
            case "BF16":
                (0..<count).map {
                    Float(
                        bitPattern: UInt32(
                            UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))) << 16)
                }
            default: nil
            }
        }
        guard let numbers else { throw .tensorTypeUnsuitable(name: name, type: entry.type) }
        return numbers
    }

    /// IEEE 754 half precision, exactly. Not every compiler for x86-64 has `Float16`.
    static func half(_ bits: UInt16) -> Float {
        let bits = UInt32(UInt16(littleEndian: bits))
        let sign = (bits & 0x8000) << 16
        let (exponent, fraction) = (bits >> 10 & 0x1f, bits & 0x3ff)
        switch exponent {
        case 0:
            // Zero and subnormal numbers: fraction · 2^-24.
            let size = Float(fraction) * 0x1p-24
            return sign == 0 ? size : -size
        case 0x1f: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
        default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
