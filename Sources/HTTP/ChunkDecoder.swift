// The chunked transfer coding of a request's body (RFC 9112 §7.1).

struct ChunkDecoder {
    /// What the next byte belongs to.
    private enum Place {
        case sizeLine
        case data(remaining: Int)
        case dataEnd
        case trailers
        case end
    }

    private var place = Place.sizeLine
    private var overheadByteCount = 0

    private static let maximumLineBytes = 256  // our choice: a size with its extensions
    private static let maximumOverheadBytes = 16 * 1024  // our choice: all extensions and trailers of a body
    private static let maximumSizeDigits = 15  // below the overflow of Int

    var isAtEnd: Bool { if case .end = place { true } else { false } }

    /// Reads framing until there is data to take.
    /// - Parameter nextByte: the next byte of the connection.
    /// - Returns: how many bytes of data lie ahead without framing between them, 0 at the end of the body.
    mutating func advance(_ nextByte: () throws(HTTPBodyError) -> UInt8) throws(HTTPBodyError) -> Int {
        while true {
            switch place {
            case .data(let remaining): return remaining
            case .end: return 0
            case .dataEnd:
                guard try nextByte() == .carriageReturn, try nextByte() == .lineFeed else {
                    throw HTTPBodyError.malformedChunk
                }
                place = .sizeLine
            case .sizeLine:
                let line = try line(nextByte)
                let digits = line.prefix { $0 != UInt8(ascii: ";") }
                overheadByteCount += line.count - digits.count
                let size = try Self.size(digits)
                place = size > 0 ? .data(remaining: size) : .trailers
            case .trailers:
                let field = try line(nextByte)
                overheadByteCount += field.count
                if field.isEmpty {
                    place = .end
                } else if (try? FieldLine(field[...])) == nil {
                    throw HTTPBodyError.malformedChunk
                }
            }
            guard overheadByteCount <= Self.maximumOverheadBytes else { throw HTTPBodyError.malformedChunk }
        }
    }

    /// Notes that data was taken.
    mutating func consume(_ count: Int) {
        guard case .data(let remaining) = place else { return }
        place = remaining > count ? .data(remaining: remaining - count) : .dataEnd
    }

    /// A line without its CRLF.
    private func line(_ nextByte: () throws(HTTPBodyError) -> UInt8) throws(HTTPBodyError) -> [UInt8] {
        var line: [UInt8] = []
        while line.count <= Self.maximumLineBytes {
            let byte = try nextByte()
            if byte == .carriageReturn {
                guard try nextByte() == .lineFeed else { throw HTTPBodyError.malformedChunk }
                return line
            }
            guard !byte.isControl || byte == 0x09 else { throw HTTPBodyError.malformedChunk }
            line.append(byte)
        }
        throw HTTPBodyError.malformedChunk
    }

    /// The size of a chunk, without the extensions that may follow it, which are ignored.
    private static func size(_ digits: ArraySlice<UInt8>) throws(HTTPBodyError) -> Int {
        guard !digits.isEmpty, digits.count <= maximumSizeDigits else { throw HTTPBodyError.malformedChunk }
        var size = 0
        for digit in digits {
            guard let value = digit.hexadecimalValue else { throw HTTPBodyError.malformedChunk }
            size = size * 16 + value
        }
        return size
    }
}
