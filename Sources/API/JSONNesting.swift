// How deep a JSON text nests: looked at before it is decoded, for each level of decoding takes stack.

enum JSONNesting {
    /// Our choice; the deepest request that there is has seven levels, and a thread's stack holds more than a hundred.
    static let limit = 32

    /// Whether arrays and objects lie more than `limit` deep in one another. Brackets inside strings do not count.
    static func isTooDeep(_ json: some Sequence<UInt8>) -> Bool {
        var depth = 0
        var isInString = false
        var isEscaped = false
        for byte in json {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                depth += 1
                if depth > limit { return true }
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return false
    }
}
