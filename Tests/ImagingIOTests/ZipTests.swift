// Zip archives: what is read, and what is refused.
import Domain
import Foundation
import Testing

@testable import ImagingIO

struct ZipTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func content(_ zip: ZipReader, _ name: String) throws -> [UInt8] {
        let entry = try #require(zip.entries.first { $0.name == name })
        let stream = try zip.open(entry)
        let bytes = try stream.bytes(entry.unpackedByteCount)
        #expect(try stream.drain() == 0)
        return bytes
    }

    @Test func `what is written is read back, deflated or stored`() throws {
        let dull = [UInt8](repeating: 7, count: 300_000)
        var state: UInt32 = 1
        let noise = (0..<5_000).map { _ -> UInt8 in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
        let zip = try ZipReader(folder.zip([("a/dull", dull), ("noise", noise), ("empty", [])]))
        #expect(zip.entries.map(\.name) == ["a/dull", "noise", "empty"])
        #expect(zip.entries.map(\.isDeflated) == [true, false, false])
        #expect(try content(zip, "a/dull") == dull)
        #expect(try content(zip, "noise") == noise)
        #expect(try content(zip, "empty") == [])
    }

    @Test func `the same files give the same bytes`() throws {
        let files: [(name: String, bytes: [UInt8])] = [("x", [1, 2, 3]), ("y", Array(repeating: 0, count: 999))]
        let first = try Data(contentsOf: folder.zip(files, "1.zip"))
        #expect(try Data(contentsOf: folder.zip(files, "2.zip")) == first)
    }

    @Test func `more than 65,535 files need zip64, are written with it and read from it`() throws {
        let files = (0..<65_600).map { (name: String($0), bytes: [UInt8]()) }
        let zip = try folder.zip(files)
        var limits = IntakeLimits()
        #expect(fault { try ZipReader(zip) }?.code == .archiveTooLarge)
        limits.maxEntries = 70_000
        #expect(try ZipReader(zip, limits: limits).entries.last?.name == "65599")
    }

    @Test(.enabled(if: isInstalled("unzip"), "unzip is not installed"))
    func `unzip finds no fault in what is written`() throws {
        let zip = try folder.zip([("folder/a.bin", Array(repeating: 3, count: 70_000)), ("b", [1])])
        let result = try #require(try run("unzip", ["-tq", zip.path]))
        #expect(result.status == 0, "\(result.output)")
    }

    /// One stored file, made by hand so that every field can be made wrong.
    private func archive(
        name: String = "file", flags: UInt16 = 0, method: UInt16 = 0, attributes: UInt32 = 0,
        content: [UInt8] = [1, 2, 3],
        unpacked: UInt32? = nil, crc: UInt32 = 0, copies: Int = 1
    ) -> [UInt8] {
        var shared: [UInt8] = [20, 0]
        shared.appendLittle(flags)
        shared.appendLittle(method)
        shared.appendLittle(UInt32(0))
        shared.appendLittle(crc)
        shared.appendLittle(UInt32(content.count))
        shared.appendLittle(unpacked ?? UInt32(content.count))
        shared.appendLittle(UInt16(name.utf8.count))
        shared.appendLittle(UInt16(0))
        let local = [0x50, 0x4B, 3, 4] + shared + Array(name.utf8) + content
        var record: [UInt8] = [0x50, 0x4B, 1, 2, 20, 3] + shared + [0, 0, 0, 0, 0, 0]
        record.appendLittle(attributes)
        record.appendLittle(UInt32(0))
        record += Array(name.utf8)
        let directory = (0..<copies).flatMap { _ in record }
        var end: [UInt8] = [0x50, 0x4B, 5, 6, 0, 0, 0, 0]
        end.appendLittle(UInt16(copies))
        end.appendLittle(UInt16(copies))
        end.appendLittle(UInt32(directory.count))
        end.appendLittle(UInt32(local.count))
        return local + directory + end + [0, 0]
    }

    private func refusal(_ bytes: [UInt8]) throws -> FaultRecord? {
        let url = try folder.file("hand.zip", bytes)
        return fault {
            let zip = try ZipReader(url)
            for entry in zip.entries { _ = try zip.open(entry).drain() }
        }
    }

    @Test func `encrypted files are refused by name`() throws {
        let refused = try refusal(archive(name: "secret.dcm", flags: 1))
        #expect(refused?.code == .archiveEncrypted)
        #expect(refused?.subject == "secret.dcm")
        #expect(try refusal(archive(method: 99))?.code == .archiveEncrypted)
    }

    @Test(arguments: ["../up", "a/../../up", "/etc/passwd", "..\\up", "C:\\x", "a\u{0}b"])
    func `paths that lead out of the archive are refused`(name: String) throws {
        #expect(try refusal(archive(name: name))?.code == .archiveUnsafePath)
    }

    @Test func `links are refused`() throws {
        #expect(try refusal(archive(attributes: 0xA1FF << 16))?.code == .archiveUnsafePath)
    }

    @Test func `an unknown packing method is refused by name and number`() throws {
        let refused = try refusal(archive(name: "x.dcm", method: 12))
        #expect(refused?.code == .archiveDamaged)
        #expect(refused?.detail.contains("method 12") == true)
    }

    @Test func `a wrong checksum is found when the file is read`() throws {
        #expect(try refusal(archive(crc: 1))?.code == .archiveDamaged)
        #expect(try refusal(archive(crc: 0x55BC_801D)) == nil)  // CRC-32 of 01 02 03
    }

    @Test func `files that share their bytes are refused`() throws {
        #expect(try refusal(archive(crc: 0x55BC_801D, copies: 2))?.detail.contains("overlaps") == true)
    }

    @Test func `a file that unpacks to too much for its size is refused before it is unpacked`() throws {
        #expect(try refusal(archive(method: 8, unpacked: 1 << 30))?.code == .archiveTooLarge)
    }

    @Test func `a file that unpacks to more than the directory says is stopped there`() throws {
        let zip = try folder.zip([("bomb", [UInt8](repeating: 0, count: 1_000_000))])
        var bytes = [UInt8](try Data(contentsOf: zip))
        let record = try #require(bytes.indices.dropLast(4).last { Array(bytes[$0..<$0 + 4]) == [0x50, 0x4B, 1, 2] })
        bytes.replaceSubrange(record + 24..<record + 28, with: [0x00, 0x01, 0, 0])
        #expect(try refusal(bytes)?.detail.contains("more than the 256 bytes") == true)
    }

    @Test func `the total that unpacks is limited`() throws {
        let zip = try folder.zip((0..<4).map { ("\($0)", [UInt8](repeating: UInt8($0), count: 1_000)) })
        var limits = IntakeLimits()
        limits.maxUnpackedBytes = 3_500
        #expect(fault { try ZipReader(zip, limits: limits) }?.code == .archiveTooLarge)
    }

    @Test func `an archive without files is called empty`() throws {
        #expect(fault { try ZipReader(folder.zip([])) }?.code == .archiveEmpty)
    }

    @Test func `an archive cut anywhere is called damaged`() throws {
        let bytes = [UInt8](try Data(contentsOf: folder.zip([("a", Array(0...255)), ("b", Array(0...99))])))
        for length in stride(from: 4, to: bytes.count, by: 7) {
            #expect(try refusal(Array(bytes[..<length]))?.code == .archiveDamaged, "cut at \(length)")
        }
    }
}
