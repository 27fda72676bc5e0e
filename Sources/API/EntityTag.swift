// Entity tags, by which a client learns that nothing has changed.

enum EntityTag {
    /// A strong tag from a SHA-256 that is known already.
    static func of(sha256: String) -> String { "\"\(sha256)\"" }

    /// A strong tag from the bytes of a small answer: 64-bit FNV-1a (Fowler, Noll, Vo; RFC 9923), the same on every node.
    static func of(_ bytes: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "\"\(String(hash, radix: 16))\""
    }
}
