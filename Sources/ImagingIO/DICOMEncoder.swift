// A DICOM data set to bytes: part 10 file, explicit VR little endian (PS3.5 7.1.2, PS3.10 7.1).
import CSystem
import Foundation

/// Collects the elements of one data set and encodes them in tag order.
struct DICOMEncoder {
    /// Value representations that are written (PS3.5 6.2).
    enum Representation: String {
        case CS, DA, DS, IS, LO, OB, OW, PN, SH, TM, UI, UL, US

        /// Binary values of these have a 32-bit length.
        var isLong: Bool { self == .OB || self == .OW }
        var padding: UInt8 { self == .UI || isLong ? 0 : 0x20 }
    }

    private let sopClass: String
    private let sopInstance: String
    private var elements: [DICOMTag: (representation: Representation, value: [UInt8])] = [:]

    init(sopClass: String, sopInstance: String) {
        self.sopClass = sopClass
        self.sopInstance = sopInstance
    }

    mutating func add(_ tag: DICOMTag, _ representation: Representation, _ value: [UInt8]) {
        elements[tag] = (representation, value)
    }

    mutating func add(_ tag: DICOMTag, _ representation: Representation, _ text: String) {
        add(tag, representation, Array(text.utf8))
    }

    mutating func add(_ tag: DICOMTag, _ representation: Representation, numbers: [Double]) {
        add(tag, representation, numbers.map(Self.decimal).joined(separator: "\\"))
    }

    mutating func add(_ tag: DICOMTag, word: Int) {
        var bytes: [UInt8] = []
        bytes.appendLittle(UInt16(clamping: word))
        add(tag, .US, bytes)
    }

    /// The whole file: preamble, file meta information, data set.
    var file: [UInt8] {
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
        for (tag, element) in elements.sorted(by: { $0.key < $1.key }) {
            Self.append(tag, element.representation, element.value, to: &bytes)
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

    static let sopInstanceUID = DICOMTag(0x0008, 0x0018)
    static let studyDate = DICOMTag(0x0008, 0x0020)
    static let studyTime = DICOMTag(0x0008, 0x0030)
    static let accessionNumber = DICOMTag(0x0008, 0x0050)
    static let manufacturer = DICOMTag(0x0008, 0x0070)
    static let referringPhysician = DICOMTag(0x0008, 0x0090)
    static let studyDescription = DICOMTag(0x0008, 0x1030)
    static let seriesDescription = DICOMTag(0x0008, 0x103E)
    static let patientName = DICOMTag(0x0010, 0x0010)
    static let patientID = DICOMTag(0x0010, 0x0020)
    static let patientBirthDate = DICOMTag(0x0010, 0x0030)
    static let patientSex = DICOMTag(0x0010, 0x0040)
    static let bodyPart = DICOMTag(0x0018, 0x0015)
    static let tubeVoltage = DICOMTag(0x0018, 0x0060)
    static let patientPosition = DICOMTag(0x0018, 0x5100)
    static let studyInstanceUID = DICOMTag(0x0020, 0x000D)
    static let studyID = DICOMTag(0x0020, 0x0010)
    static let seriesNumber = DICOMTag(0x0020, 0x0011)
    static let acquisitionNumber = DICOMTag(0x0020, 0x0012)
    static let instanceNumber = DICOMTag(0x0020, 0x0013)
    static let frameOfReferenceUID = DICOMTag(0x0020, 0x0052)
    static let positionReference = DICOMTag(0x0020, 0x1040)
    static let rescaleType = DICOMTag(0x0028, 0x1054)
    static let pixelData = DICOMTag(0x7FE0, 0x0010)
}

extension DICOMUID {
    /// A UID under the root 2.25, which needs no registration: the decimal of a UUID (PS3.5 B.2). The UUID's bits come from
    /// SHA-256 of the text, marked as version 8 (RFC 9562 5.8).
    static func derived(from text: String) -> String {
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
