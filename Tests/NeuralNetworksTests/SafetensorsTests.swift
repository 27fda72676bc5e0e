// The reader of weights: what it reads exactly, and everything that it must refuse.
import Foundation
import Testing

@testable import NeuralNetworks

@Suite struct SafetensorsTests {
    private let pair = safetensors([
        ("a", Tensor([2, 3], [1, 2, 3, 4, 5, 6])), ("b.weight", Tensor([1], [-0.5])),
    ])

    @Test func `tensors are found by name and shape`() throws {
        let weights = try Weights(pair)
        #expect(weights.names == ["a", "b.weight"])
        #expect(try weights.tensor("a", [2, 3]) == [1, 2, 3, 4, 5, 6])
        #expect(try weights.under("b").tensor("weight", [1]) == [-0.5])
        #expect(weights.under("b").shape("weight") == [1])
    }

    @Test func `a missing tensor is named, a misshapen one with both shapes`() throws {
        let weights = try Weights(pair)
        #expect(throws: NeuralNetworkError.tensorMissing(name: "b.bias")) { try weights.under("b").tensor("bias", [1]) }
        let misshapen = NeuralNetworkError.tensorMisshapen(name: "a", expected: [3, 2], found: [2, 3])
        #expect(throws: misshapen) { try weights.tensor("a", [3, 2]) }
        #expect(misshapen.detail == "The tensor a has the shape [2, 3]; the network needs [3, 2].")
    }

    @Test func `half and bfloat16 numbers are read exactly`() throws {
        // 1, -2, the largest half, the smallest normal and subnormal ones, -0, infinity, and 1/3 rounded to half.
        let halves: [UInt16] = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x7c00, 0x3555]
        let expected: [Float] = [1, -2, 65504, 0x1p-14, 0x1p-24, -0.0, .infinity, 0.33325195]
        #expect(try numbers(halves, type: "F16").map(\.bitPattern) == expected.map(\.bitPattern))
        #expect(Weights.half(0x7e00).isNaN)
        // bfloat16 is the upper half of a single-precision number.
        #expect(try numbers([0x3f80, 0xc000, 0x7f80, 0x0001], type: "BF16") == [1, -2, .infinity, 0x1p-133])
    }

    private func numbers(_ bits: [UInt16], type: String) throws -> [Float] {
        var data = Data()
        for value in bits { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
        let header = #"{"x":{"dtype":"\#(type)","shape":[\#(bits.count)],"data_offsets":[0,\#(data.count)]}}"#
        return try Weights(safetensors(header: header, data: data)).tensor("x", [bits.count])
    }

    @Test func `whole numbers are listed but not read as Float`() throws {
        let header = #"{"n":{"dtype":"I64","shape":[],"data_offsets":[0,8]}}"#
        let weights = try Weights(safetensors(header: header, data: Data(count: 8)))
        #expect(throws: NeuralNetworkError.tensorTypeUnsuitable(name: "n", type: "I64")) { try weights.tensor("n", []) }
    }

    @Test func `metadata, escapes, spaces and empty tensors are taken`() throws {
        let header = """
             { "__metadata__" : { "format" : "pt" , "\\u00e9" : "\\n\\"" } ,
             "a\\/b" : { "shape" : [ 0 , 7 ] , "dtype" : "F32" , "data_offsets" : [ 0 , 0 ] } ,
             "c" : { "dtype" : "U8" , "data_offsets" : [ 0 , 1 ] , "shape" : [ ] } }   \n
            """
        #expect(try Weights(safetensors(header: header, data: Data(count: 1))).names == ["a/b", "c"])
        #expect(try Weights(safetensors(header: "{}", data: Data())).names.isEmpty)
    }

    @Test(arguments: [
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}"#,
            SafetensorsFlaw.nameRepeated("a")
        ),
        (#"{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}"#, .typeUnknown(name: "a", type: "F31")),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, .sizeMismatch(name: "a", offsets: 8, needed: 12)),
        (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#, .shapeTooLarge(name: "a")),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, .offsetsReversed(name: "a", begin: 4, end: 0)),
        (
            #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            .offsetUnexpected(name: "a", begin: 4, expected: 0)
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
            .offsetUnexpected(name: "b", begin: 4, expected: 8)
        ),
        (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, .dataLength(described: 4, found: 8)),
        (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#, .dataLength(described: 12, found: 8)),
        (
            #"{"a":{"dtype":"F32","shape":[2]}}"#,
            .headerMalformed(at: 32, expected: "a tensor with dtype, shape and data_offsets")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
            .headerMalformed(at: 29, expected: "a whole number")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}"#,
            .headerMalformed(at: 31, expected: "a whole number")
        ),
        (
            #"{"a":{"dtype":"F32","shape":[9223372036854775808],"data_offsets":[0,8]}}"#,
            .headerMalformed(at: 47, expected: "a number below 2^63")
        ),
        (#"{"a":[[[[[[[["#, .headerMalformed(at: 5, expected: "{")),
        (#"{"a"#, .headerMalformed(at: 3, expected: "the end of a text")),
        ("", .headerMalformed(at: 0, expected: "{")),
        ("{}}", .headerMalformed(at: 2, expected: "the end of the header")),
    ])
    func `a header that breaks the format is refused with the reason`(header: String, flaw: SafetensorsFlaw) {
        #expect(throws: NeuralNetworkError.weightsDamaged(flaw)) {
            _ = try Weights(safetensors(header: header, data: Data(count: 8)))
        }
    }

    @Test func `a header longer than the file or the limit is refused before it is read`() {
        #expect(throws: NeuralNetworkError.weightsDamaged(.tooShort(bytes: 7))) { try Weights(Data(count: 7)) }
        #expect(throws: NeuralNetworkError.weightsDamaged(.headerBeyondFile(bytes: 9, fileBytes: 10))) {
            try Weights(Data([9, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]))
        }
        #expect(throws: NeuralNetworkError.weightsDamaged(.headerTooLong(bytes: .max, limit: 100_000_000))) {
            try Weights(Data([UInt8](repeating: 255, count: 16)))
        }
    }

    @Test func `mutated files are read or refused, never more`() throws {
        let rounds = ProcessInfo.processInfo.environment["OSTEON_FUZZ_ROUNDS"].flatMap(Int.init) ?? 4000
        let folder = GoldenFile.folder
        let seeds = [pair, try Data(contentsOf: folder.appendingPathComponent("vit3d.safetensors"))]
        var random = SplitMix(state: 6)
        var readable = 0
        for round in 0..<rounds {
            var file = seeds[round % 5 == 0 ? 1 : 0]
            for _ in 0...random.below(4) { random.mutate(&file) }
            // A copy in memory of its own, so that a sanitizer sees every read beyond it.
            guard let weights = try? Weights(Data(Array(file))) else { continue }
            readable += 1
            for name in weights.names { _ = try? weights.tensor(name, weights.shape(name) ?? []) }
        }
        #expect(readable > 0 && readable < rounds)
    }
}

/// Steele et al. 2014, https://doi.org/10.1145/2660193.2660195: a generator for tests that repeats.
private struct SplitMix {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return Int((z ^ z >> 31) % UInt64(max(1, limit)))
    }

    /// Changes, cuts, repeats or inserts bytes, most of them in the header.
    mutating func mutate(_ file: inout Data) {
        guard !file.isEmpty else { return }
        let place = below(below(2) == 0 ? min(file.count, 200) : file.count)
        switch below(6) {
        case 0: file[place] = UInt8(below(256))
        case 1: file[place] ^= 1 << UInt8(below(8))
        case 2: file.removeLast(below(file.count))
        case 3: file.insert(Array(#"0123456789{}[]:,""#.utf8)[below(17)], at: place)
        case 4: file.insert(contentsOf: file[place..<min(file.count, place + below(40))], at: place)
        default: file.removeSubrange(place..<min(file.count, place + below(12)))
        }
    }
}
