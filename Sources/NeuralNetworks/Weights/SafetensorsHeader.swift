// The header of a safetensors file, checked as strictly as the format's own reader does.

/// What a safetensors file holds: the places of its tensors, which fill the data exactly.
/// Format: https://github.com/huggingface/safetensors, "Format" of the README.
struct SafetensorsHeader: Equatable {
    struct Entry: Equatable {
        let type: String
        let shape: [Int]
        /// Bytes of the file.
        let range: Range<Int>
    }

    let entries: [String: Entry]

    /// The limit of the format's own reader.
    static let longestHeader = 100_000_000
    private static let bytesPerElement = [
        "BOOL": 1, "U8": 1, "I8": 1, "F8_E5M2": 1, "F8_E4M3": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4,
        "U32": 4, "F32": 4, "F64": 8, "I64": 8, "U64": 8,
    ]

    /// - Parameter file: the whole file.
    init(_ file: UnsafeRawBufferPointer) throws(SafetensorsFlaw) {
        guard file.count >= 8 else { throw .tooShort(bytes: file.count) }
        let length = UInt64(littleEndian: file.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(Self.longestHeader) else {
            throw .headerTooLong(bytes: length, limit: Self.longestHeader)
        }
        guard Int(length) <= file.count - 8 else {
            throw .headerBeyondFile(bytes: Int(length), fileBytes: file.count)
        }
        let dataStart = 8 + Int(length)
        var described = try HeaderJSON.tensors(in: UnsafeRawBufferPointer(rebasing: file[8..<dataStart]))
        // Empty tensors may share their begin with the tensor that follows.
        described.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
        var entries: [String: Entry] = [:]
        var next = 0
        for tensor in described {
            guard tensor.end >= tensor.begin else {
                throw .offsetsReversed(name: tensor.name, begin: tensor.begin, end: tensor.end)
            }
            guard tensor.begin == next else {
                throw .offsetUnexpected(name: tensor.name, begin: tensor.begin, expected: next)
            }
            let needed = try Self.bytes(of: tensor)
            guard tensor.end - tensor.begin == needed else {
                throw .sizeMismatch(name: tensor.name, offsets: tensor.end - tensor.begin, needed: needed)
            }
            guard tensor.end <= file.count - dataStart else {
                throw .dataLength(described: tensor.end, found: file.count - dataStart)
            }
            let range = (dataStart + tensor.begin)..<(dataStart + tensor.end)
            let entry = Entry(type: tensor.type, shape: tensor.shape, range: range)
            guard entries.updateValue(entry, forKey: tensor.name) == nil else { throw .nameRepeated(tensor.name) }
            next = tensor.end
        }
        guard next == file.count - dataStart else { throw .dataLength(described: next, found: file.count - dataStart) }
        self.entries = entries
    }

    private static func bytes(of tensor: HeaderJSON.Tensor) throws(SafetensorsFlaw) -> Int {
        guard var bytes = bytesPerElement[tensor.type] else {
            throw .typeUnknown(name: tensor.name, type: tensor.type)
        }
        for extent in tensor.shape {
            let (product, overflows) = bytes.multipliedReportingOverflow(by: extent)
            guard !overflows else { throw .shapeTooLarge(name: tensor.name) }
            bytes = product
        }
        return bytes
    }
}
