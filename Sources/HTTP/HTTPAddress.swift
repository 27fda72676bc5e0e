// Where another server is.

/// An `http` URL without user, query or fragment.
package struct HTTPAddress: Sendable, Equatable, CustomStringConvertible {
    package let host: String
    package let port: UInt16
    /// Begins with a slash.
    package let path: String

    /// nil for anything else than `http://host[:port][/path]`. `https` is the work of a proxy.
    package init?(_ url: String) {
        guard url.lowercased().hasPrefix("http://"), url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        let rest = url.dropFirst(7)
        let authority = rest.prefix { $0 != "/" }
        guard !rest.contains(where: { "?#@".contains($0) }) else { return nil }
        path = rest.count > authority.count ? String(rest.dropFirst(authority.count)) : "/"
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = String(authority[authority.index(after: authority.startIndex)..<end])
            guard let port = Self.port(authority[authority.index(after: end)...]) else { return nil }
            self.port = port
        } else {
            host = String(authority.prefix { $0 != ":" })
            guard let port = Self.port(authority.dropFirst(host.count)) else { return nil }
            self.port = port
        }
        guard !host.isEmpty else { return nil }
    }

    /// The number behind the colon, 80 without one.
    private static func port(_ text: Substring) -> UInt16? {
        if text.isEmpty { return 80 }
        guard text.hasPrefix(":"), let number = UInt16(text.dropFirst()), number > 0 else { return nil }
        return number
    }

    /// The same server, further down its path.
    package func appending(_ segment: String) -> HTTPAddress {
        HTTPAddress(host: host, port: port, path: path.hasSuffix("/") ? path + segment : "\(path)/\(segment)")
    }

    private init(host: String, port: UInt16, path: String) {
        self.host = host
        self.port = port
        self.path = path
    }

    /// As the Host field has it.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? name : "\(name):\(port)"
    }

    package var description: String { "http://\(authority)\(path)" }
}
