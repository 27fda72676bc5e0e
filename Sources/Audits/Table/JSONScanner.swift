// Walks over JSON without building it.
import Foundation

/// A place in the bytes of a JSON document. Used inside one `withUnsafeBytes` only.
struct JSONScanner {
    let bytes: UnsafeRawBufferPointer
    private var place = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    func fault(_ expected: String) -> AuditError { .jsonMalformed(byte: place + 1, expected: expected) }

    /// The next byte that is no white space.
    mutating func peek() -> UInt8? {
        while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
        return place < bytes.count ? bytes[place] : nil
    }

    /// - Throws: where anything follows the document.
    mutating func end() throws {
        if peek() != nil { throw fault("the end of the document") }
    }

    /// Visits the elements of an array; the visitor moves past each.
    mutating func array(_ visit: (inout JSONScanner) throws -> Void) throws {
        try sequence("[", "]", "an array") { scanner in try visit(&scanner) }
    }

    /// Visits the members of an object; the visitor moves past each value.
    mutating func object(_ visit: (inout JSONScanner, String) throws -> Void) throws {
        try sequence("{", "}", "an object") { scanner in
            guard scanner.peek() == UInt8(ascii: "\"") else {
                throw scanner.fault("a member's name in quotation marks")
            }
            let key = CellText.decode(scanner.bytes, try scanner.string(), .json)
            guard scanner.take(":") else { throw scanner.fault("a colon") }
            try visit(&scanner, key)
        }
    }

    /// A number, a string, true, false or null.
    mutating func scalar() throws -> AuditTable.Cell {
        guard let byte = peek() else { throw fault("a value") }
        if byte == UInt8(ascii: "\"") { return try string() }
        let start = place
        while place < bytes.count, Self.isBare(bytes[place]) { place += 1 }
        guard place > start else { throw fault("a number, a text, true, false or null") }
        return AuditTable.Cell(start: start, count: place - start)
    }

    private mutating func string() throws -> AuditTable.Cell {
        let start = place
        place += 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            guard bytes[place] >= 0x20 else { throw fault("no control character inside a text") }
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard place < bytes.count else { throw fault("a closing quotation mark") }
        place += 1
        return AuditTable.Cell(start: start, count: place - start)
    }

    private mutating func sequence(
        _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, _ what: String,
        _ visit: (inout JSONScanner) throws -> Void
    ) throws {
        guard take(opening) else { throw fault(what) }
        if take(closing) { return }
        repeat { try visit(&self) } while take(",")
        guard take(closing) else { throw fault("a comma or \(closing)") }
    }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: scalar) else { return false }
        place += 1
        return true
    }

    /// Whether a byte can stand in a number or a word.
    private static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
        default: false
        }
    }
}
