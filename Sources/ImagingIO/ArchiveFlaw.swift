// What can be wrong with a zip.
import Domain

/// A flaw of a zip archive, or of one entry in it.
package enum ArchiveFlaw: Hashable, Sendable {
    case empty
    /// The directory of the archive cannot be followed.
    case directory(DirectoryDamage)
    /// An entry is not what the directory says.
    case damaged(entry: String, EntryDamage)
    case tooManyFiles(Int, limit: Int)
    /// The files up to this entry unpack to more than is allowed.
    case tooManyBytes(entry: String, limit: Int)
    /// The entry unpacks to this many times its size.
    case bomb(entry: String, ratio: Int, limit: Int)
    case encrypted(entry: String)
    case pathOutside(entry: String)
    case link(entry: String)
    case methodUnknown(entry: String, method: UInt16)
    /// The content is too large to be written as one entry.
    case entryTooLarge(entry: String)

    package enum DirectoryDamage: Hashable, Sendable {
        case outsideFile
        case missing
        case splitArchive
        case zip64EndOutsideFile
        case zip64EndMissing
        case recordBeyondEnd
        case endsAfter(files: Int, of: Int)

        var text: String {
            switch self {
            case .outsideFile: "its directory lies outside the file"
            case .missing: "its directory is missing at the end"
            case .splitArchive: "it is one part of a split archive"
            case .zip64EndOutsideFile: "its zip64 end record lies outside the file"
            case .zip64EndMissing: "its zip64 end record is missing"
            case .recordBeyondEnd: "a record goes beyond the directory"
            case .endsAfter(let files, let all): "the directory ends after \(files) of \(all) files"
            }
        }
    }

    package enum EntryDamage: Hashable, Sendable {
        case headerElsewhere
        case beyondArchive
        case overlapsAnother
        case runsIntoDirectory
        case packedData(afterBytes: Int)
        case longer(thanBytes: Int)
        case shorter(bytes: Int, declared: Int)
        case checksum
        case zip64SizesMissing
        case storedSizesDiffer

        var text: String {
            switch self {
            case .headerElsewhere: "its local header is not where the directory says"
            case .beyondArchive: "its data goes beyond the end of the zip"
            case .overlapsAnother: "it overlaps another entry"
            case .runsIntoDirectory: "its data runs into the directory"
            case .packedData(let count): "its packed data is damaged after \(count) bytes"
            case .longer(let count): "it unpacks to more than the \(count) bytes that the directory says"
            case .shorter(let count, let declared): "it unpacks to \(count) bytes, the directory says \(declared)"
            case .checksum: "its checksum does not match"
            case .zip64SizesMissing: "its zip64 sizes are missing"
            case .storedSizesDiffer: "it is stored, yet its two sizes differ"
            }
        }
    }

    var code: FaultCode {
        switch self {
        case .empty: .archiveEmpty
        case .directory, .damaged, .methodUnknown: .archiveDamaged
        case .tooManyFiles, .tooManyBytes, .bomb, .entryTooLarge: .archiveTooLarge
        case .encrypted: .archiveEncrypted
        case .pathOutside, .link: .archiveUnsafePath
        }
    }

    var detail: String {
        switch self {
        case .empty: "The zip holds no files."
        case .directory(let damage): "The zip is damaged or cut short: \(damage.text)."
        case .damaged(let entry, let damage): "The zip is damaged at “\(entry)”: \(damage.text)."
        case .tooManyFiles(let count, let limit): "The zip lists \(count) files; \(limit) are allowed."
        case .tooManyBytes(_, let limit): "The zip unpacks to more than the \(limit >> 20) MB that are allowed."
        case .bomb(let entry, let ratio, let limit):
            "“\(entry)” unpacks to \(ratio) times its size; \(limit) is allowed."
        case .encrypted(let entry): "“\(entry)” in the zip is encrypted."
        case .pathOutside(let entry): "The zip names a path outside itself: “\(entry)”."
        case .link(let entry): "“\(entry)” in the zip is a link."
        case .methodUnknown(let entry, let method): "“\(entry)” is packed by method \(method), which is not supported."
        case .entryTooLarge(let entry): "“\(entry)” is too large for one file of a zip."
        }
    }

    var fix: String {
        switch self {
        case .empty: "Put the DICOM files or one NIfTI file into the zip."
        case .directory, .damaged: "Make the zip again and send it again."
        case .tooManyFiles, .tooManyBytes: "Send one study per zip."
        case .bomb: "Send the images without padding."
        case .encrypted: "Send the zip without a password."
        case .pathOutside: "Zip the folder itself, with relative paths."
        case .link: "Zip the files themselves, not links."
        case .methodUnknown: "Make the zip with the usual deflate method."
        case .entryTooLarge: "Split the file."
        }
    }

    /// Path of the entry at fault; nil when it is the archive as a whole.
    var entry: String? {
        switch self {
        case .empty, .directory, .tooManyFiles: nil
        case .damaged(let entry, _), .tooManyBytes(let entry, _), .bomb(let entry, _, _), .encrypted(let entry),
            .pathOutside(let entry), .link(let entry), .methodUnknown(let entry, _), .entryTooLarge(let entry):
            entry
        }
    }
}
