// A field value with parameters: Content-Type, Content-Disposition (RFC 9110 §5.6.6).

/// `multipart/related; type="application/dicom"; boundary=abc`: a value, and parameters behind semicolons, quoted or
/// not.
package struct FieldParameters: Sendable {
    /// What stands before the first semicolon, in lower case: a media type, a disposition.
    package let value: String
    private let parameters: [(name: String, value: String)]

    /// The first parameter of a name, compared without case; quotes and their escapes are undone.
    package subscript(name: String) -> String? {
        parameters.first { $0.name.equalsIgnoringCase(name) }?.value
    }

    /// - Returns: nil where the value is empty or a parameter is not of the form `name=value`.
    package init?(_ field: String) {
        var rest = field.utf8[...]
        value = String(Substring(rest.prefix { $0 != UInt8(ascii: ";") })).trimmedOfBlanks.lowercased()
        guard !value.isEmpty else { return nil }
        rest = rest.drop { $0 != UInt8(ascii: ";") }
        var parameters: [(name: String, value: String)] = []
        while rest.popFirst() == UInt8(ascii: ";") {
            Self.skipBlanks(&rest)
            if rest.isEmpty || rest.first == UInt8(ascii: ";") { continue }
            let name = rest.prefix(while: \.isToken)
            rest = rest[name.endIndex...]
            guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "="), let value = Self.takeValue(&rest) else {
                return nil
            }
            Self.skipBlanks(&rest)
            parameters.append((name: String(Substring(name)), value: value))
        }
        guard rest.isEmpty else { return nil }
        self.parameters = parameters
    }

    /// A quoted string, or everything up to the next semicolon: clients leave quotes out where the standard wants them.
    private static func takeValue(_ rest: inout Substring.UTF8View) -> String? {
        guard rest.first == UInt8(ascii: "\"") else {
            let value = rest.prefix { $0 != UInt8(ascii: ";") }
            rest = rest[value.endIndex...]
            return String(Substring(value)).trimmedOfBlanks
        }
        rest.removeFirst()
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return String(decoding: bytes, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
                bytes.append(escaped)
            } else {
                bytes.append(byte)
            }
        }
        return nil
    }

    private static func skipBlanks(_ rest: inout Substring.UTF8View) {
        while let first = rest.first, first.isBlank { rest.removeFirst() }
    }
}
