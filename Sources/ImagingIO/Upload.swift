// A study's bytes as a list of files: the entries of a zip, the uploaded file itself, or instances that came one by one.
import Domain
import Foundation

/// What was uploaded. Whatever it holds is read through `open`, packed or not.
struct Upload {
    /// One file of the upload.
    struct Item: Hashable {
        /// Path inside the zip; the SOP Instance UID of an instance; "the file" when there is only one.
        let name: String
        let byteCount: Int
        fileprivate let entry: ZipReader.Entry?
        fileprivate let file: URL?
    }

    /// How the files are packed.
    enum Form {
        case single, archive, instances
    }

    let items: [Item]
    let form: Form
    /// The uploaded file; nil for instances, which are opened one at a time.
    private let file: InputFile?
    private let archive: ZipReader?

    /// - Throws: `empty-body`, or an `archive-…` fault.
    init(_ source: StudySource, limits: IntakeLimits) throws {
        switch source {
        case .file(let url): try self.init(url, limits: limits)
        case .instances(let instances): try self.init(instances)
        }
    }

    private init(_ instances: [StudySource.Instance]) throws {
        form = .instances
        file = nil
        archive = nil
        items = try instances.map {
            Item(name: $0.name, byteCount: try InputFile($0.file).byteCount, entry: nil, file: $0.file)
        }
    }

    private init(_ url: URL, limits: IntakeLimits) throws {
        let file = try InputFile(url)
        self.file = file
        guard file.byteCount > 0 else { throw ImagingIOError.emptyUpload }
        let start = try file.bytes(at: 0, count: 4)
        guard start.count == 4, start[0] == 0x50, start[1] == 0x4B,
            [0x0403, 0x0605, 0x0807].contains(start.little16(2))
        else {
            form = .single
            archive = nil
            items = [Item(name: "the file", byteCount: file.byteCount, entry: nil, file: nil)]
            return
        }
        let zip = try ZipReader(file, limits: limits)
        form = .archive
        archive = zip
        items = zip.entries.map { Item(name: $0.name, byteCount: $0.unpackedByteCount, entry: $0, file: nil) }
    }

    /// The unpacked bytes of an item, checked against length and checksum at their end.
    func open(_ item: Item) throws -> any ByteStream {
        if let archive, let entry = item.entry { return try archive.open(entry) }
        guard let whole = try item.file.map({ try InputFile($0) }) ?? file else { throw ImagingIOError.emptyUpload }
        return FileStream(whole)
    }

    /// The first bytes of an item, at most `count`.
    func beginning(of item: Item, count: Int) throws -> [UInt8] { try open(item).bytes(min(count, item.byteCount)) }

    /// All bytes of an item, its checksum checked; only for items known to be small.
    func content(of item: Item) throws -> [UInt8] {
        let stream = try open(item)
        let bytes = try stream.bytes(item.byteCount)
        _ = try stream.drain()
        return bytes
    }

    /// What an item is, by its first bytes.
    func kind(of item: Item) throws -> FileKind {
        let start = try beginning(of: item, count: FileKind.bytesNeeded)
        guard start.starts(with: [0x1F, 0x8B]) else { return FileKind(start) }
        let unpacked = try InflateStream(open(item), wrapping: .gzip).soundBeginning(FileKind.bytesNeeded)
        return FileKind(unpacked) == .nifti ? .zippedNIfTI : .other("gzip of something that is not NIfTI, or cut short")
    }
}

extension InflateStream {
    /// The first `count` bytes, or those before the damage where the packed bytes are damaged.
    fileprivate func soundBeginning(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            while bytes.count < count {
                let piece = try self.bytes(1)
                if piece.isEmpty { break }
                bytes += piece
            }
        } catch is Damage {
            return bytes
        }
        return bytes
    }
}

/// What a file is, told from its content alone.
enum FileKind: Hashable {
    case dicom
    case nifti
    case zippedNIfTI
    /// Neither; what it looks like, in words.
    case other(String)

    var isNIfTI: Bool { self == .nifti || self == .zippedNIfTI }

    /// How many bytes from the beginning `init` looks at.
    static let bytesNeeded = 1_024

    init(_ start: [UInt8]) {
        if start.count >= 132, Array(start[128..<132]) == Array("DICM".utf8) {
            self = .dicom
        } else if NIfTIHeader.recognises(start) {
            self = .nifti
        } else if Self.beginsWithDICOMElement(start) {
            self = .dicom
        } else {
            self = .other(Self.describe(start))
        }
    }

    /// A data set without preamble: a first element of group 0002 or 0008 with a sensible length, little endian.
    private static func beginsWithDICOMElement(_ start: [UInt8]) -> Bool {
        guard start.count >= 16, start.little16(0) == 0x0008 || start.little16(0) == 0x0002 else { return false }
        guard start.little16(2) <= 0x0018 else { return false }
        let representation = start[4..<6]
        let isExplicit = representation.allSatisfy { (0x41...0x5A).contains($0) }
        return isExplicit || start.little32(4) <= 128
    }

    private static func describe(_ start: [UInt8]) -> String {
        let signatures: [(String, [UInt8])] = [
            ("PNG image", [0x89, 0x50, 0x4E, 0x47]), ("JPEG image", [0xFF, 0xD8, 0xFF]), ("PDF", Array("%PDF".utf8)),
            ("RAR archive", Array("Rar!".utf8)), ("7-Zip archive", [0x37, 0x7A, 0xBC, 0xAF]),
            ("NRRD image", Array("NRRD".utf8)), ("MetaImage", Array("ObjectType".utf8)),
            ("zip archive", [0x50, 0x4B, 0x03, 0x04]), ("XML", Array("<?xml".utf8)),
        ]
        if let (name, _) = signatures.first(where: { start.starts(with: $0.1) }) { return name }
        let isText = start.allSatisfy { $0 >= 0x20 || $0 == 9 || $0 == 10 || $0 == 13 }
        return start.isEmpty ? "empty" : isText ? "text" : "unknown data"
    }
}
