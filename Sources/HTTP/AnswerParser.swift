// The answer of another server, from the bytes that came so far (RFC 9112 §4, §6).

enum AnswerParser {
    /// - Parameter isEnded: nothing more will come.
    /// - Returns: nil where more is needed.
    static func parse(_ bytes: [UInt8], isEnded: Bool) throws(HTTPExchangeError) -> HTTPExchange.Answer? {
        var rest = bytes[...]
        while let (status, headers) = try takeHead(from: &rest) {
            if (100..<200).contains(status) { continue }
            guard let body = try body(rest, status, headers, isEnded) else { return nil }
            return HTTPExchange.Answer(status: status, headers: headers, body: body)
        }
        return nil
    }

    /// Removes status line and fields; nil where they are not complete.
    private static func takeHead(
        from rest: inout ArraySlice<UInt8>
    ) throws(HTTPExchangeError) -> (status: Int, headers: HTTPHeaders)? {
        guard let end = endOfHead(rest) else { return nil }
        let lines = String(decoding: rest[..<end], as: UTF8.self).split(separator: "\r\n")
        rest = rest[(end + 4)...]
        let words = (lines.first ?? "").split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]), (100...599).contains(status)
        else { throw .answerMalformed }
        var headers = HTTPHeaders()
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw .answerMalformed }
            headers.append(String(parts[0]), String(parts[1]).trimmedOfBlanks)
        }
        return (status, headers)
    }

    private static func endOfHead(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (bytes.startIndex...(bytes.endIndex - 4)).first {
            bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10
        }
    }

    /// RFC 9112 §6.3; nil where more is needed.
    private static func body(
        _ rest: ArraySlice<UInt8>, _ status: Int, _ headers: HTTPHeaders, _ isEnded: Bool
    ) throws(HTTPExchangeError) -> [UInt8]? {
        if status == 204 || status == 304 { return [] }
        if headers.list("Transfer-Encoding").last?.lowercased() == "chunked" {
            return try unframed(rest, isEnded)
        }
        guard let length = headers["Content-Length"] else { return isEnded ? Array(rest) : nil }
        guard let count = Int(length), count >= 0 else { throw .answerMalformed }
        if rest.count >= count { return Array(rest.prefix(count)) }
        if isEnded { throw .broken }
        return nil
    }

    private static func unframed(_ rest: ArraySlice<UInt8>, _ isEnded: Bool) throws(HTTPExchangeError) -> [UInt8]? {
        var decoder = ChunkDecoder()
        var place = rest.startIndex
        var content: [UInt8] = []
        do throws(HTTPBodyError) {
            while true {
                let count = try decoder.advance { () throws(HTTPBodyError) in
                    guard place < rest.endIndex else { throw HTTPBodyError.cut(receivedBytes: content.count) }
                    defer { place += 1 }
                    return rest[place]
                }
                if count == 0 { return content }
                guard place < rest.endIndex else { throw HTTPBodyError.cut(receivedBytes: content.count) }
                let taken = min(count, rest.endIndex - place)
                content += rest[place..<(place + taken)]
                place += taken
                decoder.consume(taken)
            }
        } catch .cut {
            if isEnded { throw .broken }
            return nil
        } catch {
            throw .answerMalformed
        }
    }
}
