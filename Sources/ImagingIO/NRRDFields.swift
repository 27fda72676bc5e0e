// The lines of a NRRD header: names, values, and how each is read.
import Foundation
import Imaging

/// The fields of a NRRD header by name, in lower case.
struct NRRDFields {
    /// Bytes up to the first voxel: the header with the empty line that ends it.
    private(set) var byteCount = 0
    private var values: [String: String] = [:]

    /// - Throws: `NRRDFlaw`.
    init(_ start: [UInt8]) throws(NRRDFlaw) {
        var line: [UInt8] = []
        var number = 0
        var position = 0
        var ended = false
        while position < start.count, !ended {
            let byte = start[position]
            position += 1
            guard byte == UInt8(ascii: "\n") || position == start.count else {
                line.append(byte)
                continue
            }
            if byte != UInt8(ascii: "\n") { line.append(byte) }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            number += 1
            ended = line.isEmpty
            guard let text = String(validating: line, as: UTF8.self) else { throw .line(number) }
            if number == 1 {
                guard text.hasPrefix("NRRD000") else { throw .version(text) }
            } else if !ended {
                try add(text, number)
            }
            line.removeAll(keepingCapacity: true)
        }
        byteCount = position
    }

    private mutating func add(_ text: String, _ number: Int) throws(NRRDFlaw) {
        guard !text.hasPrefix("#"), !text.contains(":=") else { return }  // a comment; a key/value pair
        guard let colon = text.range(of: ": ") ?? (text.hasSuffix(":") ? text.range(of: ":") : nil) else {
            throw .line(number)
        }
        let name = text[..<colon.lowerBound].lowercased().trimmingCharacters(in: .whitespaces)
        let known = ["datafile": "data file", "byteskip": "byte skip", "lineskip": "line skip"][name] ?? name
        values[known] = text[colon.upperBound...].trimmingCharacters(in: .whitespaces)
    }

    subscript(name: String) -> String? { values[name] }

    /// - Throws: `NRRDFlaw` when the field is no whole number in the range.
    func wholeNumber(_ name: String, in range: ClosedRange<Int>) throws(NRRDFlaw) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .field(name, value: text, needed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    func size() throws(NRRDFlaw) -> Index3 {
        let dimension = values["dimension"] ?? ""
        guard dimension == "3" else { throw .field("dimension", value: dimension, needed: "3") }
        let text = values["sizes"] ?? ""
        let sides = text.split(separator: " ").compactMap { Int($0) }
        let limit = Int(Int32.max)
        guard sides.count == 3, sides.allSatisfy({ $0 >= 1 && $0 <= limit }),
            sides[0] * sides[1] <= limit, sides[0] * sides[1] * sides[2] <= limit
        else { throw .field("sizes", value: text, needed: "three sides, at most \(limit) voxels together") }
        return Index3(x: sides[0], y: sides[1], z: sides[2])
    }

    func element() throws(NRRDFlaw) -> StoredType {
        let text = values["type"] ?? ""
        guard let type = Self.types[text.lowercased()] else {
            throw .field("type", value: text, needed: "a whole-number or floating-point type")
        }
        return type
    }

    private static let types: [String: StoredType] = {
        let names: [(StoredType, [String])] = [
            (.int8, ["signed char", "int8", "int8_t"]), (.uint8, ["uchar", "unsigned char", "uint8", "uint8_t"]),
            (.int16, ["short", "short int", "signed short", "signed short int", "int16", "int16_t"]),
            (.uint16, ["ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"]),
            (.int32, ["int", "signed int", "int32", "int32_t"]),
            (.uint32, ["uint", "unsigned int", "uint32", "uint32_t"]),
            (
                .int64,
                [
                    "longlong", "long long", "long long int", "signed long long", "signed long long int", "int64",
                    "int64_t",
                ]
            ), (.uint64, ["ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"]),
            (.float32, ["float"]), (.float64, ["double"]),
        ]
        return Dictionary(uniqueKeysWithValues: names.flatMap { type, list in list.map { ($0, type) } })
    }()

    func isBigEndian(_ element: StoredType) throws(NRRDFlaw) -> Bool {
        guard element.byteCount > 1 else { return false }
        guard let text = values["endian"] else { throw .missing("endian") }
        switch text.lowercased() {
        case "little": return false
        case "big": return true
        default: throw .field("endian", value: text, needed: "little or big")
        }
    }

    func isZipped() throws(NRRDFlaw) -> Bool {
        let text = values["encoding"] ?? ""
        switch text.lowercased() {
        case "raw": return false
        case "gzip", "gz": return true
        default: throw .field("encoding", value: text, needed: "raw or gzip")
        }
    }
}
