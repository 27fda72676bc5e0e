// What can be wrong with the header of a safetensors file.

/// A breach of the safetensors format, with its figures.
package enum SafetensorsFlaw: Error, Equatable {
    case tooShort(bytes: Int)
    case headerTooLong(bytes: UInt64, limit: Int)
    case headerBeyondFile(bytes: Int, fileBytes: Int)
    /// The header is not the JSON that the format asks for.
    case headerMalformed(at: Int, expected: String)
    case nameRepeated(String)
    case typeUnknown(name: String, type: String)
    /// The shape's product leaves the range of 64-bit integers.
    case shapeTooLarge(name: String)
    /// The offsets do not span as many bytes as shape and type need.
    case sizeMismatch(name: String, offsets: Int, needed: Int)
    case offsetsReversed(name: String, begin: Int, end: Int)
    /// Tensors must fill the data without gap, overlap or rest.
    case offsetUnexpected(name: String, begin: Int, expected: Int)
    case dataLength(described: Int, found: Int)

    var text: String {
        switch self {
        case .tooShort(let bytes): "\(bytes) bytes are too few for a header"
        case .headerTooLong(let bytes, let limit): "the header claims \(bytes) bytes; \(limit) are the limit"
        case .headerBeyondFile(let bytes, let file): "the header claims \(bytes) bytes of a file of \(file)"
        case .headerMalformed(let position, let expected): "byte \(position) of the header is not \(expected)"
        case .nameRepeated(let name): "the name \(name) occurs twice"
        case .typeUnknown(let name, let type): "tensor \(name) has the unknown type \(type)"
        case .shapeTooLarge(let name): "tensor \(name) has more elements than can be counted"
        case .sizeMismatch(let name, let offsets, let needed):
            "tensor \(name) spans \(offsets) bytes; its shape and type need \(needed)"
        case .offsetsReversed(let name, let begin, let end):
            "tensor \(name) ends at \(end), before its begin at \(begin)"
        case .offsetUnexpected(let name, let begin, let expected):
            "tensor \(name) begins at byte \(begin) of the data; \(expected) is next"
        case .dataLength(let described, let found):
            "the header describes \(described) bytes of data; the file has \(found)"
        }
    }
}
