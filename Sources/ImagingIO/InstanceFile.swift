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
    /// Pixel Data is looked for so far from the beginning (our choice: headers of scanners have some kilobytes).
    private static let headBytes = 64 << 10

    /// Reads everything but pixels and other bulk data.
    /// - Throws: `dicom-damaged`; `dicom-tag-missing` where a UID is absent or none.
    package static func readHeader(_ url: URL) throws -> InstanceHeader {
        let input = try InputFile(url)
        let head = try input.bytes(at: 0, count: headBytes)
        guard head.count > 132, head[128..<132].elementsEqual("DICM".utf8) else {
            throw ImagingIOError.dicom(file: name, .malformed(parserSaid: "it has no DICM mark (PS3.10)"))
        }
        let file = try parse(input, head)
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
            studyAttributes: texts.study, seriesAttributes: texts.series, metadata: texts.all)
    }

    /// Whether two files hold the same data set: a PACS that passes an object on writes file meta information of its own, and the
    /// object is still the same.
    /// - Throws: `internal-fault` where a file cannot be read.
    package static func haveSameDataSet(_ a: URL, _ b: URL) throws -> Bool {
        let (a, b) = (try InputFile(a), try InputFile(b))
        var (placeA, placeB) = (try dataSetOffset(a), try dataSetOffset(b))
        guard a.byteCount - placeA == b.byteCount - placeB else { return false }
        while placeA < a.byteCount {
            let piece = try a.bytes(at: placeA, count: firstBytes)
            guard !piece.isEmpty, try piece == b.bytes(at: placeB, count: firstBytes) else { return false }
            (placeA, placeB) = (placeA + piece.count, placeB + piece.count)
        }
        return true
    }

    /// Where the data set begins: behind the file meta information, whose first element says how long it is (PS3.10 §7.1).
    private static func dataSetOffset(_ input: InputFile) throws -> Int {
        let start = try input.bytes(at: 0, count: 144)
        guard start.count == 144, Array(start[132..<140]) == [2, 0, 0, 0, 0x55, 0x4C, 4, 0] else { return 132 }
        return 144 + Int(start.little32(140))
    }

    private static let name = "the instance"

    private static func parse(_ input: InputFile, _ head: [UInt8]) throws -> DICOMFile {
        if let bytes = withoutPixels(head, of: input.byteCount), let file = try? DICOMFile(bytes, name: name) {
            return file
        }
        var count = firstBytes
        while input.byteCount > wholeBytes, count < input.byteCount {
            if let file = DICOMFile(beginning: try input.bytes(at: 0, count: count), name: name) { return file }
            count *= 8
        }
        return try DICOMFile(input.bytes(at: 0, count: input.byteCount), name: name)
    }

    /// The file with no byte of Pixel Data, where that is the last element, little-endian, and ends just where the file does, as in images that
    /// are not compressed; nil for others. Half a megabyte per image need not be read again then. Should the tag be some value's bytes, the parser finds
    /// that value cut and the file is read whole.
    private static func withoutPixels(_ head: [UInt8], of byteCount: Int) -> [UInt8]? {
        let tag: [UInt8] = [0xE0, 0x7F, 0x10, 0x00]
        guard let place = head.firstRange(of: tag)?.lowerBound, place + 12 <= head.count else { return nil }
        // PS3.5 §7.1.2 and §7.1.3: with a value representation the length stands behind it and two empty bytes.
        let isExplicit = head[place + 4] == UInt8(ascii: "O")
        let length = place + (isExplicit ? 8 : 4)
        guard length + 4 + Int(head.little32(length)) == byteCount else { return nil }
        return head[..<length] + [0, 0, 0, 0]
    }

    private static func attributeTexts(of file: DICOMFile) throws -> (study: String, series: String, all: String) {
        if let all = file.json(), (try? JSONSerialization.jsonObject(with: Data(all.utf8))) != nil,
            let study = file.json(studyTags), let series = file.json(seriesTags)
        {
            return (study, series, all)
        }
        let plain = plainAttributes(of: file)
        return (try written(plain, at: .study), try written(plain, at: .series), try written(plain, at: nil))
    }

    private static let studyTags = tags(of: .study)
    private static let seriesTags = tags(of: .series)

    private static func tags(of level: DICOMAttribute.Level) -> [DICOMTag] {
        DICOMAttribute.all.filter { $0.level == level }.compactMap { DICOMTag(hexadecimal: $0.tag) }.sorted()
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
