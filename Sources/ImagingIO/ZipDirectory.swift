// The central directory of a zip: where it lies, and its records checked one by one.
import Domain
import Foundation

/// The central directory of an archive, read but not yet taken apart.
struct ZipDirectory {
    /// Where it begins in the file.
    let offset: Int
    private let bytes: [UInt8]
    private let count: Int

    /// Finds the directory from the end of the file (APPNOTE 4.3.14-4.3.16).
    init(_ file: InputFile, limits: IntakeLimits) throws {
        let end = try EndRecord(file)
        guard end.directoryOffset >= 0, end.directoryBytes >= 0,
            end.directoryOffset <= end.position - end.directoryBytes
        else { throw ImagingIOError.archive(.directory(.outsideFile)) }
        guard end.entryCount <= limits.maxEntries, end.directoryBytes <= limits.maxDirectoryBytes else {
            throw ImagingIOError.archive(.tooManyFiles(end.entryCount, limit: limits.maxEntries))
        }
        offset = end.directoryOffset
        count = end.entryCount
        bytes = try file.bytes(at: offset, count: end.directoryBytes)
    }

    /// The files listed, folders left out. Throws at the first that must be refused.
    func entries(limits: IntakeLimits) throws -> [ZipReader.Entry] {
        var entries: [ZipReader.Entry] = []
        var position = 0
        var total = 0
        for index in 0..<count {
            guard position + 46 <= bytes.count, bytes.little32(position) == 0x0201_4B50 else {
                throw ImagingIOError.archive(.directory(.endsAfter(files: index, of: count)))
            }
            let record = try ZipRecord(bytes, at: position, number: limits.namesFiles ? nil : index + 1)
            position = record.end
            if record.isFolder { continue }
            try record.refuseUnsafe()
            try record.refuseBomb(limits: limits)
            total += record.unpacked
            guard total <= limits.maxUnpackedBytes else {
                throw ImagingIOError.archive(.tooManyBytes(entry: record.name, limit: limits.maxUnpackedBytes))
            }
            entries.append(record.entry)
        }
        return entries
    }
}

/// The end-of-central-directory record, with the zip64 one where the archive has it.
private struct EndRecord {
    var position: Int
    var entryCount: Int
    var directoryBytes: Int
    var directoryOffset: Int

    init(_ file: InputFile) throws {
        let tailCount = min(file.byteCount, 22 + 65_535)
        let tailStart = file.byteCount - tailCount
        let tail = try file.bytes(at: tailStart, count: tailCount)
        var found: Int?
        for start in stride(from: tail.count - 22, through: 0, by: -1) where tail.little32(start) == 0x0605_4B50 {
            guard start + 22 + Int(tail.little16(start + 20)) <= tail.count else { continue }
            found = start
            break
        }
        guard let start = found else { throw ImagingIOError.archive(.directory(.missing)) }
        guard tail.little16(start + 4) == 0 || tail.little16(start + 4) == 0xFFFF else {
            throw ImagingIOError.archive(.directory(.splitArchive))
        }
        position = tailStart + start
        entryCount = Int(tail.little16(start + 10))
        directoryBytes = Int(tail.little32(start + 12))
        directoryOffset = Int(tail.little32(start + 16))
        guard position >= 20 else { return }
        let locator = try file.bytes(at: position - 20, count: 20)
        guard locator.little32(0) == 0x0706_4B50 else { return }
        let place = Int(clamping: locator.little64(8))
        guard place <= position - 76 else { throw ImagingIOError.archive(.directory(.zip64EndOutsideFile)) }
        let record = try file.bytes(at: place, count: 56)
        guard record.count == 56, record.little32(0) == 0x0606_4B50 else {
            throw ImagingIOError.archive(.directory(.zip64EndMissing))
        }
        position = place
        entryCount = Int(clamping: record.little64(32))
        directoryBytes = Int(clamping: record.little64(40))
        directoryOffset = Int(clamping: record.little64(48))
    }
}

/// One record of the central directory (APPNOTE 4.3.12).
private struct ZipRecord {
    /// How the file is called in messages, and from here on.
    let name: String
    let end: Int
    let unpacked: Int
    private let packed: Int
    private let flags: UInt16
    private let method: UInt16
    private let crc: UInt32
    private let attributes: UInt32
    private let headerOffset: Int
    private let path: String

    /// - Parameter number: what the file is called; nil calls it by its path.
    init(_ bytes: [UInt8], at start: Int, number: Int?) throws {
        flags = bytes.little16(start + 8)
        method = bytes.little16(start + 10)
        crc = bytes.little32(start + 16)
        attributes = bytes.little32(start + 38)
        let nameEnd = start + 46 + Int(bytes.little16(start + 28))
        let extraEnd = nameEnd + Int(bytes.little16(start + 30))
        end = extraEnd + Int(bytes.little16(start + 32))
        guard end <= bytes.count else { throw ImagingIOError.archive(.directory(.recordBeyondEnd)) }
        path = String(decoding: bytes[start + 46..<nameEnd], as: UTF8.self)
        name = number.map { String(format: "%05d", $0) } ?? path
        var sizes = [bytes.little32(start + 24), bytes.little32(start + 20), bytes.little32(start + 42)]
            .map { Int($0) }
        try Self.widen(&sizes, from: bytes, extra: nameEnd..<extraEnd, name: name)
        (unpacked, packed, headerOffset) = (sizes[0], sizes[1], sizes[2])
    }

    /// Replaces sizes of 0xFFFFFFFF by those of the zip64 extra field (APPNOTE 4.5.3).
    private static func widen(_ sizes: inout [Int], from bytes: [UInt8], extra: Range<Int>, name: String) throws {
        guard sizes.contains(0xFFFF_FFFF) else { return }
        var position = extra.lowerBound
        while position + 4 <= extra.upperBound {
            let fieldEnd = position + 4 + Int(bytes.little16(position + 2))
            guard fieldEnd <= extra.upperBound else { break }
            if bytes.little16(position) == 1 {
                var place = position + 4
                for index in sizes.indices where sizes[index] == 0xFFFF_FFFF && place + 8 <= fieldEnd {
                    sizes[index] = Int(clamping: bytes.little64(place))
                    place += 8
                }
                guard sizes.allSatisfy({ $0 < 1 << 60 }) else { break }
                return
            }
            position = fieldEnd
        }
        throw ImagingIOError.archive(.damaged(entry: name, .zip64SizesMissing))
    }

    var entry: ZipReader.Entry {
        ZipReader.Entry(
            name: name, unpackedByteCount: unpacked, packedByteCount: packed, crc: crc, isDeflated: method == 8,
            headerOffset: headerOffset)
    }

    var isFolder: Bool { path.hasSuffix("/") && unpacked == 0 }

    func refuseUnsafe() throws {
        guard flags & 0x2041 == 0, method != 99 else {
            throw ImagingIOError.archive(.encrypted(entry: name))
        }
        let parts = path.split(omittingEmptySubsequences: false) { $0 == "/" || $0 == "\\" }
        let first = parts.first ?? ""
        let isAbsolute = first.isEmpty || (first.count == 2 && first.last == ":")
        guard !parts.contains(".."), !isAbsolute, !path.utf8.contains(0) else {
            throw ImagingIOError.archive(.pathOutside(entry: name))
        }
        guard attributes >> 16 & 0xF000 != 0xA000 else {
            throw ImagingIOError.archive(.link(entry: name))
        }
        guard method == 0 || method == 8 else {
            throw ImagingIOError.archive(.methodUnknown(entry: name, method: method))
        }
        guard method == 8 || packed == unpacked else {
            throw ImagingIOError.archive(.damaged(entry: name, .storedSizesDiffer))
        }
    }

    func refuseBomb(limits: IntakeLimits) throws {
        let ratio = unpacked / max(packed, 1)
        guard unpacked > limits.ratioFloorBytes, ratio > limits.maxEntryRatio else { return }
        throw ImagingIOError.archive(.bomb(entry: name, ratio: ratio, limit: limits.maxEntryRatio))
    }
}
