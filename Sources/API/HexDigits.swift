// Hexadecimal digits as a request may write them: those of ASCII alone. `Character.isHexDigit` takes full-width ones too.

extension String {
    /// Whether it is so many hexadecimal digits.
    func isHexadecimal(digits count: Int) -> Bool {
        utf8.count == count && utf8.allSatisfy(Self.isHexDigit)
    }

    /// The tag that eight hexadecimal digits write, in capitals, as the DICOM JSON model has it; nil for any other text.
    var asTag: String? { isHexadecimal(digits: 8) ? uppercased() : nil }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
        default: false
        }
    }
}
