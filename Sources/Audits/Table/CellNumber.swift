// A cell's bytes as a number or as text.
import Foundation

/// A cell read as a number.
enum CellNumber {
    case value(Double)
    case unusable(CellFault)

    /// Larger magnitudes are refused, so that sums of their squares stay finite (our choice).
    private static let largest = 1e100
    /// Powers of ten that a Double holds exactly.
    private static let exactPowers = (0...22).map { pow(10.0, Double($0)) }

    init(_ bytes: UnsafeRawBufferPointer, _ cell: AuditTable.Cell) {
        var (start, end) = (cell.start, cell.start + cell.count)
        if start < end, bytes[start] == UInt8(ascii: "\"") { (start, end) = (start + 1, end - 1) }
        while start < end, bytes[start] == 32 || bytes[start] == 9 { start += 1 }
        while end > start, bytes[end - 1] == 32 || bytes[end - 1] == 9 { end -= 1 }
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
        if let value = Self.short(text) {
            self = .value(value)
            return
        }
        self.init(String(decoding: text, as: UTF8.self))
    }

    /// Digits with at most one point, exact in a Double: W. D. Clinger, PLDI 1990, the fast case (15 digits, 22 places).
    private static func short(_ text: UnsafeRawBufferPointer) -> Double? {
        var digits: UInt64 = 0
        var count = 0
        var places: Int?
        var index = text.first == UInt8(ascii: "-") ? 1 : 0
        guard text.count - index <= 16 else { return nil }
        while index < text.count {
            let byte = text[index]
            if byte >= 48, byte <= 57 {
                digits = digits * 10 + UInt64(byte - 48)
                count += 1
                if let known = places { places = known + 1 }
            } else if byte == UInt8(ascii: "."), places == nil {
                places = 0
            } else {
                return nil
            }
            index += 1
        }
        guard count > 0, count <= 15 else { return nil }
        let value = Double(digits) / exactPowers[places ?? 0]
        return text.first == UInt8(ascii: "-") ? -value : value
    }

    private init(_ text: String) {
        if text.isEmpty || ["na", "n/a", "null"].contains(text.lowercased()) {
            self = .unusable(.empty)
        } else if text.contains(where: { "xXpP".contains($0) }) {
            // Hexadecimal, which Double would read.
            self = .unusable(.text)
        } else if let value = Double(text) {
            self =
                !value.isFinite
                ? .unusable(.notFinite) : abs(value) > Self.largest ? .unusable(.tooLarge) : .value(value)
        } else if text.wholeMatch(of: /[+-]?[0-9]+,[0-9]+/) != nil {
            self = .unusable(.decimalComma)
        } else {
            self = .unusable(.text)
        }
    }
}

/// A cell read as text.
enum CellText {
    /// Without quotation marks, white space at the ends, or escapes; JSON's null as "".
    static func decode(_ bytes: UnsafeRawBufferPointer, _ cell: AuditTable.Cell, _ notation: AuditTable.Notation)
        -> String
    {
        let text = UnsafeRawBufferPointer(rebasing: bytes[cell.start..<(cell.start + cell.count)])
        guard text.first == UInt8(ascii: "\"") else {
            let plain = String(decoding: text, as: UTF8.self)
            return notation == .json && plain == "null" ? "" : plain
        }
        let inner = String(decoding: text[1..<(text.count - 1)], as: UTF8.self)
        switch notation {
        case .csv: return inner.replacing("\"\"", with: "\"").trimmingCharacters(in: .whitespaces)
        case .json:
            guard inner.contains("\\") else { return inner }
            return (try? JSONDecoder().decode(String.self, from: Data(text))) ?? inner
        }
    }
}
