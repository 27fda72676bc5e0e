// One DICOM object that came in by itself: whose it is, and its attributes.
import CSystem
import Domain
import Foundation

/// A DICOM file (PS3.10) of any SOP class.
package enum InstanceFile {
    /// Files up to this size are parsed to their end, so that one that was cut is found (our choice); of larger ones only
    /// the part before Pixel Data is read.
    private static let wholeBytes = 64 << 20
    private static let firstBytes = 1 << 20

    /// Reads everything but pixels and other bulk data.
    /// - Throws: `dicom-damaged`; `dicom-tag-missing` where a UID is absent or none.
    package static func readHeader(_ url: URL) throws -> InstanceHeader {
        let input = try InputFile(url)
        let start = try input.bytes(at: 0, count: FileKind.bytesNeeded)
        guard start.count > 132, Array(start[128..<132]) == Array("DICM".utf8) else {
            throw ImagingIOError.dicom(file: name, .malformed(parserSaid: "it has no DICM mark (PS3.10)"))
        }
        let file = try parse(input)
        let uids = try [DICOMTag.studyInstanceUID, .seriesInstanceUID, .sopInstanceUID, .sopClassUID].map { tag in
            guard let uid = file.text(tag), InstanceHeader.isUID(uid) else {
                throw ImagingIOError.dicom(file: name, .tagMissing(tag, title: "a valid UID"))
            }
            return uid
        }
        let syntax = file.transferSyntax
        let texts = try attributeTexts(of: file)
        return InstanceHeader(
            studyUID: uids[0], seriesUID: uids[1], sopUID: uids[2], sopClassUID: uids[3], transferSyntaxUID: syntax,
            contentSHA256: try digest(of: input, from: dataSetOffset(start)), studyAttributes: texts.study,
            seriesAttributes: texts.series, metadata: texts.all)
    }

    /// Where the data set begins: behind the file meta information, whose first element says how long it is (PS3.10 §7.1).
    private static func dataSetOffset(_ start: [UInt8]) -> Int {
        guard start.count >= 144, Array(start[132..<140]) == [2, 0, 0, 0, 0x55, 0x4C, 4, 0] else { return 132 }
        return 144 + Int(start.little32(140))
    }

    private static func digest(of input: InputFile, from offset: Int) throws -> String {
        guard let hash = csystem_sha256_new() else { throw ImagingIOError.outOfMemory }
        defer { csystem_sha256_free(hash) }
        var place = min(offset, input.byteCount)
        while place < input.byteCount {
            let piece = try input.bytes(at: place, count: firstBytes)
            guard !piece.isEmpty, csystem_sha256_update(hash, piece, piece.count) == 1 else { break }
            place += piece.count
        }
        var digest = [UInt8](repeating: 0, count: 32)
        guard place == input.byteCount, csystem_sha256_finish(hash, &digest) == 1 else {
            throw ImagingIOError.unreadable(errno: EIO)
        }
        return digest.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static let name = "the instance"

    private static func parse(_ input: InputFile) throws -> DICOMFile {
        var count = firstBytes
        while input.byteCount > wholeBytes, count < input.byteCount {
            if let file = DICOMFile(beginning: try input.bytes(at: 0, count: count), name: name) { return file }
            count *= 8
        }
        return try DICOMFile(input.bytes(at: 0, count: input.byteCount), name: name)
    }

    private static func attributeTexts(of file: DICOMFile) throws -> (study: String, series: String, all: String) {
        // Read before the file writes itself as JSON, which takes its bulk data away.
        let plain = plainAttributes(of: file)
        if let text = file.json(), let read = try? JSONSerialization.jsonObject(with: Data(text.utf8)),
            let all = read as? [String: Any]
        {
            return (try written(all, at: .study), try written(all, at: .series), text)
        }
        return (try written(plain, at: .study), try written(plain, at: .series), try written(plain, at: nil))
    }

    /// The listed attributes of a level, all for nil, as a JSON text.
    private static func written(_ attributes: [String: Any], at level: DICOMAttribute.Level?) throws -> String {
        let listed = Set(DICOMAttribute.all.filter { $0.level == level }.map(\.tag))
        let kept = level == nil ? attributes : attributes.filter { listed.contains($0.key) }
        let bytes = try JSONSerialization.data(withJSONObject: kept, options: [.sortedKeys, .withoutEscapingSlashes])
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The listed attributes as far as they are texts: for objects whose values break the rules of JSON numbers.
    private static func plainAttributes(of file: DICOMFile) -> [String: Any] {
        var attributes: [String: Any] = [:]
        for attribute in DICOMAttribute.all where attribute.vr != "SQ" {
            guard let tag = DICOMTag(hexadecimal: attribute.tag), let text = file.text(tag) else { continue }
            let values = text.split(separator: "\\").map(String.init)
            let written: [Any] =
                switch attribute.vr {
                case "PN": values.map { ["Alphabetic": $0] }
                case "IS", "US": values.compactMap { Int($0) }
                default: values
                }
            attributes[attribute.tag] = ["vr": attribute.vr, "Value": written]
        }
        return attributes
    }
}

extension DICOMTag {
    /// From eight hexadecimal digits.
    fileprivate init?(hexadecimal text: String) {
        guard text.utf8.count == 8, let number = UInt32(text, radix: 16) else { return nil }
        self.init(UInt16(number >> 16), UInt16(number & 0xFFFF))
    }
}
