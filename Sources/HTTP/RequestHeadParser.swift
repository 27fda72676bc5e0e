// Reads a request's head line by line as its bytes come in; each byte is looked at a fixed number of times.

struct RequestHeadParser {
    private let maximumHeaderBytes: Int
    private let maximumTargetBytes: Int
    private var line: RequestLine?
    private var headers = HTTPHeaders()
    private var leadingBlankLines = 0
    /// Both count from the first byte of the head: the start of the line being read, and how far it was searched for
    /// its end.
    private var lineStart = 0
    private var searched = 0

    /// What the request line may take beyond its target: method, version, two spaces, CRLF.
    private static let requestLineOverhead = 32  // our choice

    init(_ configuration: HTTPServerConfiguration) {
        maximumHeaderBytes = configuration.maximumHeaderBytes
        maximumTargetBytes = configuration.maximumTargetBytes
    }

    /// Goes on with the head. The same bytes come again on each call, with more behind them.
    ///
    /// - Parameter bytes: all bytes from the head's first on that have come in so far.
    /// - Returns: the head and its length in bytes once it is whole, nil while more is needed.
    /// - Throws: the status to answer, as soon as it is certain.
    mutating func parse(_ bytes: ArraySlice<UInt8>) throws(ProtocolFault) -> (head: RequestHead, byteCount: Int)? {
        while let lineFeed = bytes[(bytes.startIndex + searched)...].firstIndex(of: .lineFeed) {
            let start = bytes.startIndex + lineStart
            guard lineFeed > start, bytes[lineFeed - 1] == .carriageReturn else {
                throw ProtocolFault(400, "A line of the request's head ends in a line feed without a carriage return.")
            }
            let text = bytes[start..<(lineFeed - 1)]
            lineStart = lineFeed + 1 - bytes.startIndex
            searched = lineStart
            try checkLimits(lineByteCount: text.count)
            if try take(text) { return try finished() }
        }
        searched = bytes.count
        try checkLimits(lineByteCount: bytes.count - lineStart)
        return nil
    }

    /// Takes one line. - Returns: true at the blank line that ends the head.
    private mutating func take(_ text: ArraySlice<UInt8>) throws(ProtocolFault) -> Bool {
        guard line != nil else {
            if text.isEmpty {
                // RFC 9112 §2.2: an empty line before the request line should be ignored; old clients end a body with
                // one.
                leadingBlankLines += 1
                guard leadingBlankLines == 1 else {
                    throw ProtocolFault(400, "Empty lines stand before the request line.")
                }
            } else {
                let line = try RequestLine(text)
                guard line.target.text.utf8.count <= maximumTargetBytes else { throw targetTooLong }
                self.line = line
            }
            return false
        }
        if text.isEmpty { return true }
        let field = try FieldLine(text)
        headers.append(field.name, field.value)
        return false
    }

    private func finished() throws(ProtocolFault) -> (head: RequestHead, byteCount: Int)? {
        guard let line else { return nil }
        return (try RequestHead(line: line, headers: headers), lineStart)
    }

    private var targetTooLong: ProtocolFault {
        ProtocolFault(414, "The request target is longer than \(maximumTargetBytes) bytes.")
    }

    private func checkLimits(lineByteCount: Int) throws(ProtocolFault) {
        if line == nil, lineByteCount > maximumTargetBytes + Self.requestLineOverhead {
            throw targetTooLong
        }
        if max(lineStart, searched) > maximumHeaderBytes {
            throw ProtocolFault(
                431, "The request line and its header fields are longer than \(maximumHeaderBytes) bytes.")
        }
    }
}

/// `Name: value` (RFC 9112 §5).
struct FieldLine {
    let name: String
    /// Without the blanks around it. Bytes that are not UTF-8 are read as ISO 8859-1 (RFC 9110 §5.5).
    let value: String

    /// - Parameter line: without its CRLF.
    init(_ line: ArraySlice<UInt8>) throws(ProtocolFault) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
            throw ProtocolFault(400, "A header field has no colon.")
        }
        let name = line[..<colon]
        guard !name.isEmpty, name.allSatisfy(\.isToken) else {
            throw ProtocolFault(
                400,
                "The name of a header field is empty, folded, followed by a blank, or has a character that names have not."
            )
        }
        var value = line[line.index(after: colon)...]
        while let first = value.first, first.isBlank { value.removeFirst() }
        while let last = value.last, last.isBlank { value.removeLast() }
        guard value.allSatisfy({ !$0.isControl || $0 == 0x09 }) else {
            throw ProtocolFault(400, "The value of a header field holds a control character.")
        }
        self.name = String(decoding: name, as: UTF8.self)
        self.value =
            String(validating: value, as: UTF8.self)
            ?? String(String.UnicodeScalarView(value.map { Unicode.Scalar($0) }))
    }
}
