// Reads a multipart body part by part while it streams (RFC 2046 §5.1, RFC 7578, PS3.18 §8.6.1).
import Glibc

/// Why a multipart body could not be read.
package enum MultipartError: Error, Equatable {
    /// The Content-Type is no multipart type, or its boundary is missing or has not 1 to 200 characters that a line can
    /// hold.
    case badContentType
    /// The fields of part `part` (counted from 1) are longer than 16 kB or not of the form `Name: value`.
    case badPartHead(part: Int)
    /// There are more than `limit` parts.
    case tooManyParts(limit: Int)
    /// The body ended before its closing boundary.
    case unfinished
    /// The body itself could not be read.
    case body(HTTPBodyError)
}

/// The head of one part.
package struct MultipartPart: Sendable {
    package let headers: HTTPHeaders
    /// `Content-Type` without parameters, in lower case; nil where there is none.
    package let contentType: String?
    /// The `name` of its Content-Disposition: the form's field.
    package let name: String?
    /// The `filename` of its Content-Disposition, as sent: never use it as a path.
    package let filename: String?

    init(headers: HTTPHeaders) {
        self.headers = headers
        contentType = headers["Content-Type"].flatMap(FieldParameters.init)?.value
        let disposition = headers["Content-Disposition"].flatMap(FieldParameters.init)
        name = disposition?["name"]
        filename = disposition?["filename"]
    }
}

/// Takes a multipart body apart in one pass with 256 kB of memory, whatever the size of its parts. Used by one thread.
///
/// The boundary alone ends a part; a Content-Length among its fields is not believed. What stands before the first and
/// behind the last boundary is dropped.
package final class Multipart {
    private let body: HTTPBody
    private let maximumParts: Int
    /// CRLF, two hyphens, the boundary.
    private let delimiter: [UInt8]
    private var buffer: [UInt8]
    private var start = 0
    private var end: Int
    /// Up to here the buffer was searched and is content.
    private var contentEnd = 0
    private var place = Place.preamble
    private var partCount = 0

    private enum Place {
        case preamble
        case content
        /// Behind a delimiter, whose line is not read yet.
        case boundary
        case closed
    }

    package static let bufferBytes = 256 * 1024  // our choice
    private static let maximumHeadBytes = 16 * 1024  // our choice
    private static let maximumPaddingBytes = 256  // our choice: blanks behind a boundary
    private static let boundaryLengths = 1...200  // RFC 2046 allows 70; Orthanc 1.10 sends 73

    /// - Parameters:
    ///   - contentType: the request's Content-Type.
    ///   - maximumParts: a study of CT slices has up to some thousands.
    package init(contentType: String, body: HTTPBody, maximumParts: Int = 20_000) throws(MultipartError) {
        guard let type = FieldParameters(contentType), type.value.hasPrefix("multipart/"),
            let boundary = type["boundary"],
            Self.boundaryLengths.contains(boundary.utf8.count), boundary.utf8.last != 0x20,
            boundary.utf8.allSatisfy({ !$0.isControl && $0 < 0x80 })
        else { throw MultipartError.badContentType }
        self.body = body
        self.maximumParts = maximumParts
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first boundary may stand at the very beginning: a line end in front of it makes it like the others.
        buffer = [.carriageReturn, .lineFeed] + [UInt8](repeating: 0, count: Self.bufferBytes - 2)
        end = 2
    }

    /// Goes on to the next part; what was not read of the present one is dropped. - Returns: nil behind the last part.
    package func nextPart() throws(MultipartError) -> MultipartPart? {
        while place == .preamble || place == .content {
            if let range = try nextContent(atMost: .max) { start = range.upperBound }
        }
        guard place == .boundary else { return nil }
        partCount += 1
        guard partCount <= maximumParts else { throw MultipartError.tooManyParts(limit: maximumParts) }
        let headers = try readHead()
        place = .content
        return MultipartPart(headers: headers)
    }

    /// Hands over the next bytes of the present part, at least one and at most `count`, where they lie: they are there while `take` runs.
    /// - Returns: false at the part's end.
    /// - Throws: `MultipartError`, and what `take` does.
    package func readPiece(atMost count: Int = .max, _ take: (UnsafeRawBufferPointer) throws -> Void) throws -> Bool {
        guard place == .content, let range = try nextContent(atMost: count) else { return false }
        start = range.upperBound
        try buffer.withUnsafeBytes { try take(UnsafeRawBufferPointer(rebasing: $0[range])) }
        return true
    }

    /// The whole present part, for small ones: nil above `limit` bytes.
    package func readAll(limit: Int) throws -> [UInt8]? {
        var all: [UInt8] = []
        while all.count <= limit { guard try readPiece({ all += $0 }) else { return all } }
        return nil
    }

    /// Bytes that certainly belong to the part, or to the preamble. - Returns: nil at its end, the delimiter then
    /// taken.
    private func nextContent(atMost count: Int) throws(MultipartError) -> Range<Int>? {
        while true {
            if start < contentEnd { return start..<min(contentEnd, start + min(count, Self.bufferBytes)) }
            switch search() {
            case .content(let upper):
                contentEnd = upper
            case .delimiter(let isLast):
                place = isLast ? .closed : .boundary
                if isLast { try dropEpilogue() }
                return nil
            case .undecided:
                try fill()
            }
        }
    }

    /// Reads the body to its end: only then is it certain that the client sent all of it.
    private func dropEpilogue() throws(MultipartError) {
        while true {
            start = end
            do throws(MultipartError) {
                try fill()
            } catch .unfinished {
                return
            }
        }
    }

    private enum Found {
        /// Bytes up to here are content.
        case content(upTo: Int)
        /// The delimiter stood at the front and was taken, with the hyphens or the line end behind it.
        case delimiter(isLast: Bool)
        case undecided
    }

    /// Looks for the delimiter. Only a carriage return can begin it and it holds one only there, so each byte is
    /// compared at most twice.
    private func search() -> Found {
        var place = start
        while let candidate = firstCarriageReturn(from: place) {
            let length = matchingLength(at: candidate)
            let reachesEnd = candidate + length == end
            if length == delimiter.count || reachesEnd {
                if candidate > start { return .content(upTo: candidate) }
                if reachesEnd { return .undecided }
                switch tail(behind: candidate + length) {
                case .delimiter(let isLast): return .delimiter(isLast: isLast)
                case .undecided: return .undecided
                case .content: break
                }
            }
            place = candidate + 1
        }
        return end > start ? .content(upTo: end) : .undecided
    }

    private func firstCarriageReturn(from place: Int) -> Int? {
        buffer.withUnsafeBytes { all in
            let rest = UnsafeRawBufferPointer(rebasing: all[place..<end])
            guard let base = rest.baseAddress, let found = memchr(base, Int32(UInt8.carriageReturn), rest.count) else {
                return nil
            }
            return place + (UnsafeRawPointer(found) - base)
        }
    }

    private func matchingLength(at candidate: Int) -> Int {
        var length = 0
        while length < delimiter.count, candidate + length < end, buffer[candidate + length] == delimiter[length] {
            length += 1
        }
        return length
    }

    /// What stands behind a delimiter: `--`, or blanks and a line end. Anything else makes the line a part's own.
    private func tail(behind place: Int) -> Found {
        let rest = buffer[place..<end]
        if rest.starts(with: "--".utf8) {
            start = place + 2
            return .delimiter(isLast: true)
        }
        if rest.elementsEqual("-".utf8) { return .undecided }
        let line = rest.drop(while: \.isBlank)
        if line.starts(with: [.carriageReturn, .lineFeed]) {
            start = line.startIndex + 2
            return .delimiter(isLast: false)
        }
        let mayGoOn = line.isEmpty || line.elementsEqual([.carriageReturn])
        return mayGoOn && rest.count < Self.maximumPaddingBytes ? .undecided : .content(upTo: place)
    }

    /// Reads the fields of a part, from behind the line of its boundary to its first byte of content.
    private func readHead() throws(MultipartError) -> HTTPHeaders {
        let bad = MultipartError.badPartHead(part: partCount)
        var headers = HTTPHeaders()
        var taken = 0
        while true {
            let line = try takeLine(limit: Self.maximumHeadBytes - taken, bad)
            taken += line.count
            if line.isEmpty { return headers }
            guard let field = try? FieldLine(line) else { throw bad }
            headers.append(field.name, field.value)
        }
    }

    /// A line without its CRLF, taken.
    private func takeLine(limit: Int, _ bad: MultipartError) throws(MultipartError) -> ArraySlice<UInt8> {
        var searched = 0
        while true {
            if let lineFeed = buffer[(start + searched)..<end].firstIndex(of: .lineFeed) {
                guard lineFeed > start, buffer[lineFeed - 1] == .carriageReturn, lineFeed - start <= limit else {
                    throw bad
                }
                let line = buffer[start..<(lineFeed - 1)]
                start = lineFeed + 1
                return line
            }
            searched = end - start
            guard searched <= limit else { throw bad }
            try fill()
        }
    }

    /// Moves what is left to the front and reads more behind it.
    private func fill() throws(MultipartError) {
        if start > 0 {
            buffer.withUnsafeMutableBytes { $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[start..<end])) }
            (start, end, contentEnd) = (0, end - start, 0)
        }
        let result = buffer.withUnsafeMutableBytes { all in
            Result { () throws(HTTPBodyError) in
                try body.read(into: UnsafeMutableRawBufferPointer(rebasing: all[end...]))
            }
        }
        switch result {
        case .failure(let error): throw MultipartError.body(error)
        case .success(0): throw MultipartError.unfinished
        case .success(let count): end += count
        }
    }
}
