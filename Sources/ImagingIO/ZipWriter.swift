// Writing zip archives (PKWARE APPNOTE 6.3.10), zip64 where sizes need it.
import CSystem
import Domain
import Foundation

/// A zip archive being written. Equal content gives equal bytes: entries carry no time.
package final class ZipWriter {
    private let file: OutputFile
    private var directory: [UInt8] = []
    private var count = 0

    /// The archive appears under its name only with `finish`.
    /// - Throws: `ImagingIOError` with `storage-full` or `internal-fault`; so do the other functions.
    package init(_ url: URL) throws { file = try OutputFile(url) }

    /// Adds one file, deflated.
    /// - Parameter name: Path inside the archive, `/` between folders.
    package func add(_ name: String, _ content: [UInt8]) throws {
        let memory = MemorySink()
        let packer = try DeflateSink(memory, wrapping: .none)
        try packer.write(content)
        try packer.finish()
        let isSmaller = memory.bytes.count < content.count
        try add(name, content, stored: isSmaller ? memory.bytes : content, method: isSmaller ? 8 : 0)
    }

    private func add(_ name: String, _ content: [UInt8], stored: [UInt8], method: UInt16) throws {
        guard content.count < 0xFFFF_FFFF else {
            throw ImagingIOError.archive(.entryTooLarge(entry: name))
        }
        let offset = file.byteCount
        let path = Array(name.utf8)
        var shared: [UInt8] = []  // the fields that both headers have in the same order
        shared.appendLittle(UInt16(1 << 11))  // the name is UTF-8
        shared.appendLittle(method)
        shared.appendLittle(UInt32(0x0021_0000))  // 1 January 1980, the earliest time there is
        shared.appendLittle(content.withUnsafeBytes { checksum($0) })
        shared.appendLittle(UInt32(stored.count))
        shared.appendLittle(UInt32(content.count))
        shared.appendLittle(UInt16(path.count))

        var header: [UInt8] = [0x50, 0x4B, 3, 4, 20, 0] + shared
        header.appendLittle(UInt16(0))
        try file.write(header + path)
        try file.write(stored)

        let isFar = offset >= 0xFFFF_FFFF
        directory += [0x50, 0x4B, 1, 2, 45, 3, isFar ? 45 : 20, 0] + shared
        directory.appendLittle(UInt16(isFar ? 12 : 0))
        directory += [UInt8](repeating: 0, count: 6)  // comment length, disk, internal attributes
        directory.appendLittle(UInt32(0o100644) << 16)
        directory.appendLittle(UInt32(clamping: offset))
        directory += path
        if isFar {
            directory += [1, 0, 8, 0]
            directory.appendLittle(UInt64(offset))
        }
        count += 1
    }

    /// Writes the directory and gives the archive its name.
    package func finish() throws {
        let offset = file.byteCount
        var end: [UInt8] = []
        if count >= 0xFFFF || offset >= 0xFFFF_FFFF || directory.count >= 0xFFFF_FFFF {
            end += [0x50, 0x4B, 6, 6]
            end.appendLittle(UInt64(44))  // bytes of this record that follow
            end += [45, 3, 45, 0]
            end.appendLittle(UInt64(0))  // disk numbers
            for value in [count, count, directory.count, offset] { end.appendLittle(UInt64(value)) }
            end += [0x50, 0x4B, 6, 7, 0, 0, 0, 0]
            end.appendLittle(UInt64(offset + directory.count))
            end.appendLittle(UInt32(1))
        }
        end += [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
        end.appendLittle(UInt16(clamping: count))
        end.appendLittle(UInt16(clamping: count))
        end.appendLittle(UInt32(clamping: directory.count))
        end.appendLittle(UInt32(clamping: offset))
        end.appendLittle(UInt16(0))
        try file.write(directory)
        try file.write(end)
        try file.finish()
    }

    private func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(
            truncatingIfNeeded: crc32(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(bytes.count)))
    }
}
