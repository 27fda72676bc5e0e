// The request target: path and query, taken apart (RFC 9112 §3.2, RFC 3986).

struct RequestTarget {
    let text: String
    let path: String
    let pathSegments: [String]
    let query: [(name: String, value: String)]
    /// The authority of a target in absolute form, which then stands above the Host field (RFC 9112 §3.2.2).
    let authority: String?

    /// - Throws: 400 for a target of no valid form, a bad percent-encoding, an encoded NUL, or text that is not UTF-8.
    init(_ text: String, method: String) throws(ProtocolFault) {
        self.text = text
        if text == "*" {
            guard method == "OPTIONS" else { throw ProtocolFault(400, "The target * is only valid with OPTIONS.") }
            (path, pathSegments, query, authority) = (text, [], [], nil)
            return
        }
        var bytes = text.utf8[...]
        authority = try Self.takeAuthority(from: &bytes)
        guard !bytes.contains(UInt8(ascii: "#")) else {
            throw ProtocolFault(400, "The request target has a fragment (#), which is never sent.")
        }
        let mark = bytes.firstIndex(of: UInt8(ascii: "?"))
        let pathBytes = bytes[..<(mark ?? bytes.endIndex)]
        let path = pathBytes.isEmpty && authority != nil ? "/" : String(Substring(pathBytes))
        guard path.utf8.first == UInt8(ascii: "/") else {
            throw ProtocolFault(400, "The request target does not begin with a slash.")
        }
        self.path = path
        pathSegments = path == "/" ? [] : try Self.segments(of: path)
        query =
            try mark.map { (at) throws(ProtocolFault) in try Self.pairs(of: bytes[bytes.index(after: at)...]) } ?? []
    }

    /// Removes `http://authority` from the front, where it is there.
    private static func takeAuthority(from bytes: inout Substring.UTF8View) throws(ProtocolFault) -> String? {
        guard bytes.first != UInt8(ascii: "/") else { return nil }
        let schemes = ["http://", "https://"]
        guard
            let scheme = schemes.first(where: {
                String(Substring(bytes.prefix($0.utf8.count))).equalsIgnoringCase($0)
            })
        else { throw ProtocolFault(400, "The request target is neither a path nor an http URL.") }
        bytes = bytes.dropFirst(scheme.utf8.count)
        let authority = bytes.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard !authority.isEmpty else { throw ProtocolFault(400, "The request target's URL has no host.") }
        bytes = bytes[authority.endIndex...]
        return String(Substring(authority))
    }

    private static func segments(of path: String) throws(ProtocolFault) -> [String] {
        var segments: [String] = []
        for segment in path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            segments.append(try decoded(segment, plusIsSpace: false))
        }
        return segments
    }

    private static func pairs(of query: Substring.UTF8View) throws(ProtocolFault) -> [(name: String, value: String)] {
        var pairs: [(name: String, value: String)] = []
        for pair in query.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            let name = try decoded(pair[..<(equals ?? pair.endIndex)], plusIsSpace: true)
            let value = try equals.map { (at) throws(ProtocolFault) in
                try decoded(pair[pair.index(after: at)...], plusIsSpace: true)
            }
            pairs.append((name: name, value: value ?? ""))
        }
        return pairs
    }

    private static func decoded(_ text: Substring.UTF8View, plusIsSpace: Bool) throws(ProtocolFault) -> String {
        let special = text.contains { $0 == UInt8(ascii: "%") || (plusIsSpace && $0 == UInt8(ascii: "+")) }
        guard special else { return String(Substring(text)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+"), plusIsSpace {
                bytes.append(0x20)
            } else if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
                    throw ProtocolFault(400, "The request target has a % that two hexadecimal digits do not follow.")
                }
                guard high + low > 0 else { throw ProtocolFault(400, "The request target holds an encoded NUL (%00).") }
                bytes.append(UInt8(high * 16 + low))
            } else {
                bytes.append(byte)
            }
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else {
            throw ProtocolFault(400, "The request target is not UTF-8 once its percent-encoding is undone.")
        }
        return decoded
    }
}
