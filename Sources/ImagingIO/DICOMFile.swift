// A parsed DICOM file: its elements by tag, through the DCMTK shim.
import CDCMTK
import Domain

/// A tag of the DICOM data dictionary (PS3.6).
package struct DICOMTag: Hashable, Sendable, CustomStringConvertible {
    package let group: UInt16
    package let element: UInt16

    package init(_ group: UInt16, _ element: UInt16) {
        self.group = group
        self.element = element
    }

    package var description: String { "(\(Self.hex(group)),\(Self.hex(element)))" }

    private static func hex(_ value: UInt16) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension DICOMTag {
    static let transferSyntaxUID = DICOMTag(0x0002, 0x0010)
}

/// One DICOM object in memory. Used by one thread at a time.
final class DICOMFile {
    fileprivate let file: OpaquePointer
    fileprivate let name: String

    /// Parses a whole file.
    /// - Throws: `dicom-damaged`.
    init(_ bytes: [UInt8], name: String) throws {
        self.name = name
        var status = CDCMTK_OK
        var words = [CChar](repeating: 0, count: 256)
        guard let file = cdcmtk_open(bytes, bytes.count, CDCMTK_WHOLE, &status, &words, words.count) else {
            throw ImagingIOError.dicom(
                file: name, status == CDCMTK_INCOMPLETE ? .endsEarly : .malformed(parserSaid: words.text))
        }
        self.file = file
    }

    /// Parses the elements before Pixel Data from the beginning of a file; nil when they do not end within it.
    init?(beginning: [UInt8], name: String) {
        self.name = name
        var status = CDCMTK_OK
        guard let file = cdcmtk_open(beginning, beginning.count, CDCMTK_BEFORE_PIXELS, &status, nil, 0) else {
            return nil
        }
        self.file = file
    }

    deinit { cdcmtk_close(file) }

    /// As the file declares it (0002,0010); as it was parsed where it does not.
    var transferSyntax: String { text(.transferSyntaxUID) ?? String(cString: cdcmtk_transfer_syntax(file)) }

    /// Turns every text into UTF-8 as Specific Character Set (0008,0005) says, as far as that can be done.
    func convertToUTF8() { cdcmtk_convert_to_utf8(file) }

    /// The value as text, several values joined by a backslash; nil when absent or empty.
    func text(_ tag: DICOMTag) -> String? {
        var characters = [CChar](repeating: 0, count: 512)
        guard cdcmtk_text(file, tag.group, tag.element, &characters, characters.count) == 1 else { return nil }
        return characters.text
    }

    /// The first `count` numbers of the element; nil when it has fewer.
    func numbers(_ tag: DICOMTag, count: Int) -> [Double]? {
        var values = [Double](repeating: 0, count: count)
        guard Int(cdcmtk_numbers(file, tag.group, tag.element, &values, Int32(count))) == count else { return nil }
        return values.allSatisfy(\.isFinite) ? values : nil
    }

    /// The first value of the element as a number.
    func number(_ tag: DICOMTag) -> Double? { numbers(tag, count: 1)?.first }

    /// The first value of the element as a whole number.
    func whole(_ tag: DICOMTag) -> Int? { number(tag).flatMap { Int(exactly: $0) } }

    /// The data set in the DICOM JSON model without bulk data, which the parsed file loses by this; nil where DCMTK cannot
    /// write it.
    /// - Parameter tags: only these elements, in this order; nil writes all.
    func json(_ tags: [DICOMTag]? = nil) -> String? {
        var count = 0
        let numbers = tags?.map { UInt32($0.group) << 16 | UInt32($0.element) }
        guard let text = cdcmtk_json(file, numbers, numbers?.count ?? 0, &count) else { return nil }
        defer { cdcmtk_free(text) }
        let bytes = UnsafeRawBufferPointer(start: text, count: count)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// CRC-32 of the pixel data as stored.
    var pixelChecksum: UInt32 { cdcmtk_pixel_crc(file) }

    /// - Throws: `dicom-without-pixels`, `dicom-damaged` when pixels are missing or too few; nothing is decoded.
    func checkPixels(_ shape: cdcmtk_pixels) throws {
        try withUnsafePointer(to: shape) { try require(cdcmtk_check_pixels(file, $0), shape, decoderSaid: "") }
    }

    /// Decodes the image into `values` (rows x columns stored values, before rescale).
    /// - Throws: `dicom-…`.
    func decode(_ shape: cdcmtk_pixels, into values: UnsafeMutableBufferPointer<Int32>) throws {
        var words = [CChar](repeating: 0, count: 256)
        let status = withUnsafePointer(to: shape) {
            cdcmtk_decode(file, $0, values.baseAddress, &words, words.count)
        }
        try require(status, shape, decoderSaid: words.text)
    }

    private func require(_ status: cdcmtk_status, _ shape: cdcmtk_pixels, decoderSaid words: String) throws {
        let flaw: DICOMFlaw
        switch status {
        case CDCMTK_OK: return
        case CDCMTK_NO_PIXELS: flaw = .noPixelData
        case CDCMTK_TOO_FEW_PIXELS: flaw = .pixelDataTooShort(rows: Int(shape.rows), columns: Int(shape.columns))
        case CDCMTK_UNSUPPORTED: flaw = .transferSyntaxUnsupported(uid: transferSyntax)
        default: flaw = .undecodable(decoderSaid: words, transferSyntax: transferSyntax)
        }
        throw ImagingIOError.dicom(file: name, flaw)
    }
}

/// What becomes of an element that is rewritten.
enum ElementAction: Hashable, Sendable {
    case remove
    case keep
    /// Its value becomes this text.
    case replace(String)
}

extension DICOMFile {
    /// Asks about each element: its tag, VR, and value as text, empty where it is no text. A sequence that is kept is gone through too.
    /// - Throws: `dicom-damaged` where an element cannot be changed; the file is then of no use.
    func rewrite(_ action: @escaping (DICOMTag, _ representation: String, _ text: String) -> ElementAction) throws {
        let asked = ElementPolicy(action)
        let isDone = withExtendedLifetime(asked) {
            cdcmtk_rewrite(file, ElementPolicy.ask, Unmanaged.passUnretained(asked).toOpaque()) == 1
        }
        try requireWritten(isDone)
    }

    /// Sets a text.
    /// - Throws: `dicom-damaged`.
    func put(_ tag: DICOMTag, _ text: String) throws {
        try requireWritten(cdcmtk_put_text(file, tag.group, tag.element, text) == 1)
    }

    /// Adds a code to a sequence.
    /// - Throws: `dicom-damaged`.
    func put(_ tag: DICOMTag, code: String, scheme: String, _ meaning: String) throws {
        try requireWritten(cdcmtk_put_code(file, tag.group, tag.element, code, scheme, meaning) == 1)
    }

    /// The file in its own transfer syntax, with new meta information.
    /// - Throws: `dicom-damaged` where it cannot be written.
    func bytes() throws -> [UInt8] {
        var count = 0
        let bytes = cdcmtk_bytes(file, &count)
        defer { cdcmtk_free(bytes) }
        try requireWritten(bytes != nil)
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    private func requireWritten(_ isDone: Bool) throws {
        guard isDone else { throw ImagingIOError.dicom(file: name, .malformed(parserSaid: "it cannot be written")) }
    }
}

/// A closure on its way through C.
private final class ElementPolicy {
    private let action: (DICOMTag, String, String) -> ElementAction

    init(_ action: @escaping (DICOMTag, String, String) -> ElementAction) { self.action = action }

    static let ask: cdcmtk_policy = { context, group, element, representation, text, replacement, size in
        guard let context, let representation, let text, let replacement else { return CDCMTK_REMOVE }
        let policy = Unmanaged<ElementPolicy>.fromOpaque(context).takeUnretainedValue()
        // Any bytes, as the file's character set has them: what is compared or replaced is ASCII.
        switch policy.action(DICOMTag(group, element), String(cString: representation), String(cString: text)) {
        case .remove: return CDCMTK_REMOVE
        case .keep: return CDCMTK_KEEP
        case .replace(let value):
            guard value.utf8.count < size else { return CDCMTK_REMOVE }
            for (place, byte) in (Array(value.utf8) + [UInt8(0)]).enumerated() {
                replacement[place] = CChar(bitPattern: byte)
            }
            return CDCMTK_REPLACE
        }
    }
}

extension [CChar] {
    /// The zero-terminated text, bytes that are no UTF-8 replaced.
    fileprivate var text: String { String(decoding: prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) }
}
