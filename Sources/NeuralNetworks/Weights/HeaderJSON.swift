// The part of JSON that a safetensors header may be written in; nothing of it nests, so nothing recurses.

/// Reads `{"name":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},…,"__metadata__":{"key":"text",…}}`.
struct HeaderJSON {
    /// One tensor as the header describes it; offsets are relative to the data.
    struct Tensor {
        var name: String
        var type = ""
        var shape: [Int] = []
        var begin = 0
        var end = 0
    }

    private static let escapes: [Character: UInt8] = [
        "\"": 0x22, "\\": 0x5c, "/": 0x2f, "b": 0x08, "f": 0x0c, "n": 0x0a, "r": 0x0d, "t": 0x09,
    ]
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// The tensors that a header names, in its order.
    static func tensors(in header: UnsafeRawBufferPointer) throws(SafetensorsFlaw) -> [Tensor] {
        var reader = HeaderJSON(bytes: header)
        var tensors: [Tensor] = []
        try reader.object { reader, name throws(SafetensorsFlaw) in
            if name == "__metadata__" {
                try reader.object { reader, _ throws(SafetensorsFlaw) in _ = try reader.string() }
            } else {
                tensors.append(try reader.tensor(named: name))
            }
        }
        reader.skipSpace()
        guard reader.position == header.count else { throw reader.flaw("the end of the header") }
        return tensors
    }

    private init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    private mutating func tensor(named name: String) throws(SafetensorsFlaw) -> Tensor {
        var tensor = Tensor(name: name)
        var seen: Set<String> = []
        try object { reader, key throws(SafetensorsFlaw) in
            guard seen.insert(key).inserted else { throw reader.flaw("a key that is new to \(name)") }
            switch key {
            case "dtype": tensor.type = try reader.string()
            case "shape": tensor.shape = try reader.integers()
            case "data_offsets":
                let offsets = try reader.integers()
                guard offsets.count == 2 else { throw reader.flaw("two offsets") }
                (tensor.begin, tensor.end) = (offsets[0], offsets[1])
            default: throw reader.flaw("dtype, shape or data_offsets")
            }
        }
        guard seen.count == 3 else { throw flaw("a tensor with dtype, shape and data_offsets") }
        return tensor
    }

    /// Reads an object; `member` reads the value of each key.
    private mutating func object(
        _ member: (inout HeaderJSON, String) throws(SafetensorsFlaw) -> Void
    ) throws(SafetensorsFlaw) {
        try expect("{")
        if accept("}") { return }
        repeat {
            let key = try string()
            try expect(":")
            try member(&self, key)
        } while accept(",")
        try expect("}")
    }

    private mutating func integers() throws(SafetensorsFlaw) -> [Int] {
        var numbers: [Int] = []
        try expect("[")
        if accept("]") { return numbers }
        repeat { numbers.append(try integer()) } while accept(",")
        try expect("]")
        return numbers
    }

    /// A whole number of 0 or more, below 2^63.
    private mutating func integer() throws(SafetensorsFlaw) -> Int {
        skipSpace()
        let start = position
        var value = 0
        while position < bytes.count, case let digit = Int(bytes[position]) - 0x30, (0...9).contains(digit) {
            let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tens.addingReportingOverflow(digit)
            guard !overflows, !overflowsToo else { throw flaw("a number below 2^63") }
            value = sum
            position += 1
        }
        guard position > start, position == start + 1 || bytes[start] != UInt8(ascii: "0") else {
            throw flaw("a whole number")
        }
        return value
    }

    private mutating func string() throws(SafetensorsFlaw) -> String {
        try expect("\"")
        var text: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") {
                text += try escaped()
            } else {
                guard bytes[position] >= 0x20 else { throw flaw("text without control characters") }
                text.append(bytes[position])
                position += 1
            }
        }
        guard position < bytes.count else { throw flaw("the end of a text") }
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else { throw flaw("UTF-8") }
        return string
    }

    /// One escape, in UTF-8. Halves of a surrogate pair are refused: no tensor's name needs them.
    private mutating func escaped() throws(SafetensorsFlaw) -> [UInt8] {
        guard position + 1 < bytes.count else { throw flaw("an escape") }
        let letter = Character(UnicodeScalar(bytes[position + 1]))
        if let byte = Self.escapes[letter] {
            position += 2
            return [byte]
        }
        guard letter == "u", position + 6 <= bytes.count else { throw flaw("an escape") }
        var value: UInt32 = 0
        for digit in bytes[(position + 2)..<(position + 6)] {
            guard let nibble = Character(UnicodeScalar(digit)).hexDigitValue else {
                throw flaw("four hexadecimal digits")
            }
            value = value << 4 | UInt32(nibble)
        }
        guard let scalar = UnicodeScalar(value) else { throw flaw("a character outside the surrogates") }
        position += 6
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }

    private mutating func accept(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsFlaw) {
        guard accept(character) else { throw flaw("\(character)") }
    }

    private func flaw(_ expected: String) -> SafetensorsFlaw { .headerMalformed(at: position, expected: expected) }
}
