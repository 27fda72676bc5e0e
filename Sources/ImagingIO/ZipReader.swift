// Reading zip archives (PKWARE APPNOTE 6.3.10): the central directory first, then entries as streams.
import CSystem
import Domain
import Foundation

/// An open zip archive: its entries are listed and checked, their content is read as a stream.
///
/// Understands stored and deflated entries and zip64. Refuses, naming the entry: encryption, unsafe paths, links, other
/// packing methods, archives cut short or damaged, and entries that unpack to more than `IntakeLimits` allow.
package final class ZipReader {
    /// One file of the archive.
    package struct Entry: Sendable, Hashable {
        /// Path inside the archive, `/` between folders.
        package let name: String
        package let unpackedByteCount: Int
        let packedByteCount: Int
        let crc: UInt32
        let isDeflated: Bool
        let headerOffset: Int
    }

    /// Every file, folders left out, in the order of the central directory.
    package let entries: [Entry]
    let file: InputFile

    /// - Throws: `ImagingIOError` with an `archive-…` code.
    package convenience init(_ url: URL, limits: IntakeLimits = .default) throws {
        try self.init(InputFile(url), limits: limits)
    }

    init(_ file: InputFile, limits: IntakeLimits) throws {
        self.file = file
        let directory = try ZipDirectory(file, limits: limits)
        entries = try directory.entries(limits: limits)
        guard !entries.isEmpty else { throw ImagingIOError.archive(.empty) }
        try Self.refuseOverlaps(entries, before: directory.offset)
    }

    /// Opens one entry. Its length and CRC-32 are checked when the stream ends.
    func open(_ entry: Entry) throws -> any ByteStream {
        let header = try file.bytes(at: entry.headerOffset, count: 30)
        guard header.count == 30, header.little32(0) == 0x0403_4B50 else {
            throw ImagingIOError.archive(.damaged(entry: entry.name, .headerElsewhere))
        }
        let start = entry.headerOffset + 30 + Int(header.little16(26)) + Int(header.little16(28))
        guard start + entry.packedByteCount <= file.byteCount else {
            throw ImagingIOError.archive(.damaged(entry: entry.name, .beyondArchive))
        }
        let packed = FileStream(file, from: start, count: entry.packedByteCount)
        let content: any ByteStream =
            entry.isDeflated ? try InflateStream(packed, wrapping: .none) : packed
        return ZipEntryStream(content, of: entry)
    }

    /// Entries that share packed bytes are how small archives unpack to terabytes; no honest archive has them.
    private static func refuseOverlaps(_ entries: [Entry], before directoryOffset: Int) throws {
        var end = 0
        for entry in entries.sorted(by: { $0.headerOffset < $1.headerOffset }) {
            guard entry.headerOffset >= end else {
                throw ImagingIOError.archive(.damaged(entry: entry.name, .overlapsAnother))
            }
            end = entry.headerOffset + 30 + entry.packedByteCount
            guard end <= directoryOffset else {
                throw ImagingIOError.archive(.damaged(entry: entry.name, .runsIntoDirectory))
            }
        }
    }
}

/// The content of an entry, which must turn out as long as the directory says and match its CRC-32.
private final class ZipEntryStream: ByteStream {
    private let content: any ByteStream
    private let entry: ZipReader.Entry
    private var count = 0
    private var crc: UInt = 0

    init(_ content: any ByteStream, of entry: ZipReader.Entry) {
        self.content = content
        self.entry = entry
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let read: Int
        do {
            read = try content.read(into: buffer)
        } catch is InflateStream.Damage {
            throw damage(.packedData(afterBytes: count))
        }
        count += read
        crc = crc32(crc, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(read))
        guard count <= entry.unpackedByteCount else { throw damage(.longer(thanBytes: entry.unpackedByteCount)) }
        guard read == 0, !buffer.isEmpty else { return read }
        guard count == entry.unpackedByteCount else {
            throw damage(.shorter(bytes: count, declared: entry.unpackedByteCount))
        }
        guard UInt32(truncatingIfNeeded: crc) == entry.crc else { throw damage(.checksum) }
        return 0
    }

    private func damage(_ damage: ArchiveFlaw.EntryDamage) -> ImagingIOError {
        .archive(.damaged(entry: entry.name, damage))
    }
}
