// A DICOM data set to bytes: part 10 file, explicit VR little endian (PS3.5 7.1.2, PS3.10 7.1).
import CSystem
import Foundation

/// Collects the elements of one data set, or of an item of a sequence, and encodes them in tag order.
package struct DICOMDataSet: Sendable {
    /// Value representations that are written (PS3.5 6.2).
    package enum Representation: String, Sendable {
        case AT, CS, DA, DS, FD, FL, IS, LO, OB, OF, OW, PN, SH, SQ, ST, TM, UI, UL, US, UT

        /// Values of these have a 32-bit length.
        var isLong: Bool {
            switch self {
            case .OB, .OF, .OW, .SQ, .UT: true
            default: false
            }
        }
        var padding: UInt8 { self == .UI || self == .OB || self == .OW ? 0 : 0x20 }
    }

    private enum Value: Sendable {
        case bytes([UInt8])
        case items([DICOMDataSet])
    }

    private let sopClass: String
    private let sopInstance: String
    private var elements: [DICOMTag: (representation: Representation, value: Value)] = [:]

    /// A data set that becomes a file. The two UIDs are those of the file meta information alone.
    package init(sopClass: String, sopInstance: String) {
        self.sopClass = sopClass
        self.sopInstance = sopInstance
    }

    /// An item of a sequence.
    package init() { self.init(sopClass: "", sopInstance: "") }

    package mutating func add(_ tag: DICOMTag, _ representation: Representation, _ value: [UInt8]) {
        elements[tag] = (representation, .bytes(value))
    }

    package mutating func add(_ tag: DICOMTag, _ representation: Representation, _ text: String) {
        add(tag, representation, Array(text.utf8))
    }

    /// Decimal strings (DS).
    package mutating func add(_ tag: DICOMTag, _ representation: Representation, numbers: [Double]) {
        add(tag, representation, numbers.map(Self.decimal).joined(separator: "\\"))
    }

    /// One number (US).
    package mutating func add(_ tag: DICOMTag, word: Int) { add(tag, words: [word]) }

    /// Several numbers (US).
    package mutating func add(_ tag: DICOMTag, words: [Int]) {
        var bytes: [UInt8] = []
        for word in words { bytes.appendLittle(UInt16(clamping: word)) }
        add(tag, .US, bytes)
    }

    /// Several numbers (UL).
    package mutating func add(_ tag: DICOMTag, longWords: [Int]) {
        var bytes: [UInt8] = []
        for word in longWords { bytes.appendLittle(UInt32(clamping: word)) }
        add(tag, .UL, bytes)
    }

    /// A pointer to an attribute (AT).
    package mutating func add(_ tag: DICOMTag, pointer: DICOMTag) {
        var bytes: [UInt8] = []
        bytes.appendLittle(pointer.group)
        bytes.appendLittle(pointer.element)
        add(tag, .AT, bytes)
    }

    /// One number (FD).
    package mutating func add(_ tag: DICOMTag, double: Double) {
        var bytes: [UInt8] = []
        bytes.appendLittle(double.bitPattern)
        add(tag, .FD, bytes)
    }

    /// One number (FL).
    package mutating func add(_ tag: DICOMTag, float: Float) {
        var bytes: [UInt8] = []
        bytes.appendLittle(float.bitPattern)
        add(tag, .FL, bytes)
    }

    /// A sequence (SQ); its items and itself have defined lengths.
    package mutating func add(_ tag: DICOMTag, items: [DICOMDataSet]) { elements[tag] = (.SQ, .items(items)) }

    /// Takes over every element of another data set.
    package mutating func merge(_ other: DICOMDataSet) { elements.merge(other.elements) { $1 } }

    /// The whole file: preamble, file meta information, data set.
    package var file: [UInt8] {
        var meta: [UInt8] = []
        Self.append(DICOMTag(2, 1), .OB, [0, 1], to: &meta)
        Self.append(DICOMTag(2, 2), .UI, Array(sopClass.utf8), to: &meta)
        Self.append(DICOMTag(2, 3), .UI, Array(sopInstance.utf8), to: &meta)
        Self.append(DICOMTag(2, 0x10), .UI, Array(DICOMUID.explicitLittleEndian.utf8), to: &meta)
        Self.append(DICOMTag(2, 0x12), .UI, Array(DICOMUID.derived(from: "osteon/implementation").utf8), to: &meta)
        Self.append(DICOMTag(2, 0x13), .SH, Array("OSTEON".utf8), to: &meta)
        var length: [UInt8] = []
        length.appendLittle(UInt32(meta.count))
        var bytes = [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)
        Self.append(DICOMTag(2, 0), .UL, length, to: &bytes)
        bytes += meta
        appendElements(to: &bytes)
        return bytes
    }

    private func appendElements(to bytes: inout [UInt8]) {
        for (tag, element) in elements.sorted(by: { $0.key < $1.key }) {
            switch element.value {
            case .bytes(let value): Self.append(tag, element.representation, value, to: &bytes)
            case .items(let items): Self.append(tag, .SQ, Self.encoded(items), to: &bytes)
            }
        }
    }

    /// The items of a sequence one after another (PS3.5 7.5.1).
    private static func encoded(_ items: [DICOMDataSet]) -> [UInt8] {
        var bytes: [UInt8] = []
        for item in items {
            bytes.appendLittle(UInt16(0xFFFE))
            bytes.appendLittle(UInt16(0xE000))
            let place = bytes.count
            bytes.appendLittle(UInt32(0))
            item.appendElements(to: &bytes)
            let length = UInt32(clamping: bytes.count - place - 4)
            for i in 0..<4 { bytes[place + i] = UInt8(truncatingIfNeeded: length >> (8 * UInt32(i))) }
        }
        return bytes
    }

    private static func append(
        _ tag: DICOMTag, _ representation: Representation, _ value: [UInt8], to bytes: inout [UInt8]
    ) {
        let isOdd = value.count % 2 == 1
        let length = value.count + (isOdd ? 1 : 0)
        bytes.appendLittle(tag.group)
        bytes.appendLittle(tag.element)
        bytes += Array(representation.rawValue.utf8)
        if representation.isLong {
            bytes += [0, 0]
            bytes.appendLittle(UInt32(length))
        } else {
            bytes.appendLittle(UInt16(length))
        }
        bytes += value
        if isOdd { bytes.append(representation.padding) }
    }

    /// A decimal string of at most 16 characters (PS3.5 6.2, DS) with as many digits as fit.
    private static func decimal(_ value: Double) -> String {
        let clean = value == 0 ? 0 : value  // no "-0"
        if let whole = Int(exactly: clean), abs(whole) < 1_000_000_000 { return String(whole) }
        for digits in stride(from: 16, through: 1, by: -1) {
            let text = String(format: "%.\(digits)g", clean)
            if text.utf8.count <= 16 { return text }
        }
        return "0"
    }
}

extension DICOMTag: Comparable {
    package static func < (a: DICOMTag, b: DICOMTag) -> Bool { (a.group, a.element) < (b.group, b.element) }

    package static let sopInstanceUID = DICOMTag(0x0008, 0x0018)
    package static let studyDate = DICOMTag(0x0008, 0x0020)
    package static let studyTime = DICOMTag(0x0008, 0x0030)
    package static let accessionNumber = DICOMTag(0x0008, 0x0050)
    package static let manufacturer = DICOMTag(0x0008, 0x0070)
    package static let referringPhysician = DICOMTag(0x0008, 0x0090)
    package static let studyDescription = DICOMTag(0x0008, 0x1030)
    package static let seriesDescription = DICOMTag(0x0008, 0x103E)
    package static let patientName = DICOMTag(0x0010, 0x0010)
    package static let patientID = DICOMTag(0x0010, 0x0020)
    package static let patientBirthDate = DICOMTag(0x0010, 0x0030)
    package static let patientSex = DICOMTag(0x0010, 0x0040)
    package static let bodyPart = DICOMTag(0x0018, 0x0015)
    package static let tubeVoltage = DICOMTag(0x0018, 0x0060)
    package static let patientPosition = DICOMTag(0x0018, 0x5100)
    package static let studyInstanceUID = DICOMTag(0x0020, 0x000D)
    package static let studyID = DICOMTag(0x0020, 0x0010)
    package static let seriesNumber = DICOMTag(0x0020, 0x0011)
    package static let acquisitionNumber = DICOMTag(0x0020, 0x0012)
    package static let instanceNumber = DICOMTag(0x0020, 0x0013)
    package static let frameOfReferenceUID = DICOMTag(0x0020, 0x0052)
    package static let positionReference = DICOMTag(0x0020, 0x1040)
    package static let rescaleType = DICOMTag(0x0028, 0x1054)
    package static let pixelData = DICOMTag(0x7FE0, 0x0010)
}

extension DICOMUID {
    /// A UID under the root 2.25, which needs no registration: the decimal of a UUID (PS3.5 B.2). The UUID's bits come from
    /// SHA-256 of the text, marked as version 8 (RFC 9562 5.8).
    package static func derived(from text: String) -> String {
        var digest = [UInt8](repeating: 0, count: 32)
        let bytes = Array(text.utf8)
        let hash = csystem_sha256_new()
        defer { csystem_sha256_free(hash) }
        if let hash, csystem_sha256_update(hash, bytes, bytes.count) == 1 { _ = csystem_sha256_finish(hash, &digest) }
        digest[6] = digest[6] & 0x0F | 0x80
        digest[8] = digest[8] & 0x3F | 0x80
        return "2.25." + String(digest.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) })
    }
}
