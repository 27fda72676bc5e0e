// The same scan in every transfer syntax, recompressed by DCMTK's own tools.
import Domain
import Foundation
import Imaging
import Testing

@testable import ImagingIO

struct TransferSyntaxTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// 64 x 48 x 3 voxels of smooth structure in -1024...1500 HU, which every codec can hold.
    private var scan: Volume {
        var volume = Volume(
            geometry: Geometry(size: Index3(x: 64, y: 48, z: 3), spacingMM: [0.5, 0.5, 1]), filledWith: 0)
        for z in 0..<3 {
            for y in 0..<48 {
                for x in 0..<64 { volume[x, y, z] = Float((x * x + 7 * y + 300 * z) % 2_500 - 1_000) }
            }
        }
        return volume
    }

    struct Recoding: Sendable, CustomTestStringConvertible {
        let name: String
        let tool: String
        let arguments: [String]
        /// Largest difference that the codec may make.
        var toleranceHU: Float = 0
        /// Bits per stored value where the codec needs fewer than 16.
        var bits = 16
        var testDescription: String { name }
    }

    static let recodings = [
        Recoding(name: "implicit little endian", tool: "dcmconv", arguments: ["+ti"]),
        Recoding(name: "big endian", tool: "dcmconv", arguments: ["+tb"]),
        Recoding(name: "deflated", tool: "dcmconv", arguments: ["+td"]),
        Recoding(name: "without preamble", tool: "dcmconv", arguments: ["+ti", "-F"]),
        Recoding(name: "RLE", tool: "dcmcrle", arguments: []),
        Recoding(name: "JPEG lossless, first order (.70)", tool: "dcmcjpeg", arguments: ["+e1"]),
        Recoding(name: "JPEG lossless (.57)", tool: "dcmcjpeg", arguments: ["+el"]),
        // 12-bit DCT at quality 100: rounding of the transform only
        Recoding(
            name: "JPEG extended (.51)", tool: "dcmcjpeg", arguments: ["+ee", "+q", "100"], toleranceHU: 4, bits: 12),
        Recoding(
            name: "JPEG baseline (.50)", tool: "dcmcjpeg", arguments: ["+eb", "+q", "100"], toleranceHU: 4, bits: 8),
        Recoding(name: "JPEG-LS lossless (.80)", tool: "dcmcjpls", arguments: ["+el"]),
        Recoding(
            name: "JPEG-LS near-lossless (.81)", tool: "dcmcjpls", arguments: ["+en", "+md", "2"], toleranceHU: 2,
            bits: 12),
    ]

    @Test(.enabled(if: isInstalled("dcmconv"), "DCMTK's tools are not installed"), arguments: recodings)
    func `the scan is the same after recoding`(recoding: Recoding) throws {
        var scan = scan
        if recoding.bits < 16 {  // unsigned, from 0 up
            scan.voxels = scan.voxels.map { ($0 + 1_000) / 2_500 * Float((1 << recoding.bits) - 1) }.map {
                $0.rounded()
            }
        }
        let files = dicomFiles(scan) { slice, z in
            guard recoding.bits < 16 else { return }
            slice.add(.bitsAllocated, word: recoding.bits > 8 ? 16 : 8)
            slice.add(.bitsStored, word: recoding.bits)
            slice.add(.highBit, word: recoding.bits - 1)
            slice.add(.pixelRepresentation, word: 0)
            slice.add(.rescaleIntercept, .DS, numbers: [0])
            let values = scan.voxels[(z * 64 * 48)..<((z + 1) * 64 * 48)]
            slice.add(
                .pixelData, recoding.bits > 8 ? .OW : .OB,
                values.flatMap { value -> [UInt8] in
                    let cell = UInt16(value)
                    return recoding.bits > 8 ? [UInt8(cell & 255), UInt8(cell >> 8)] : [UInt8(cell)]
                })
        }
        var recoded: [(name: String, bytes: [UInt8])] = []
        for file in files {
            let plain = try folder.file("plain.dcm", file.bytes)
            let target = folder.url.appendingPathComponent("recoded.dcm")
            let result = try #require(try run(recoding.tool, recoding.arguments + [plain.path, target.path]))
            try #require(result.status == 0, "\(result.output)")
            recoded.append((file.name, [UInt8](try Data(contentsOf: target))))
        }
        #expect(recoded[0].bytes != files[0].bytes)
        let zip = try folder.zip(recoded)
        #expect(try StudyFile.inspect(zip).series[0].sizeVoxels == [64, 48, 3])
        let read = try StudyFile.readVolume(zip).volume
        let worst = zip2(read.voxels, scan.voxels).map { abs($0 - $1) }.max()
        #expect(try #require(worst) <= recoding.toleranceHU)
    }

    private func zip2(_ a: [Float], _ b: [Float]) -> Zip2Sequence<[Float], [Float]> { Swift.zip(a, b) }

    @Test(.enabled(if: isInstalled("dcmcrle"), "DCMTK's tools are not installed"))
    func `a compressed slice that ends early is refused by name`() throws {
        let plain = try folder.file("plain.dcm", dicomFiles(scan)[1].bytes)
        let target = folder.url.appendingPathComponent("recoded.dcm")
        _ = try run("dcmcrle", [plain.path, target.path])
        var files = dicomFiles(scan)
        files[1].bytes = [UInt8](try Data(contentsOf: target).dropLast(100))
        let zip = try folder.zip(files)
        let refused = fault { try StudyFile.inspect(zip) }
        #expect(refused?.code == .dicomDamaged)
        #expect(refused?.subject == "1.dcm")
    }

    @Test(
        .enabled(if: isInstalled("dcmcjpeg"), "DCMTK's tools are not installed"),
        arguments: ["1.2.840.10008.1.2.4.92", "1.2.840.10008.1.2.4.99"])
    func `a transfer syntax without a decoder is named at inspection`(syntax: String) throws {
        let plain = try folder.file("plain.dcm", dicomFiles(scan)[1].bytes)
        let target = folder.url.appendingPathComponent("recoded.dcm")
        _ = try run("dcmcjpeg", ["+e1", plain.path, target.path])
        var files = dicomFiles(scan)
        files[1].bytes = [UInt8](try Data(contentsOf: target))
        let place = try #require(files[1].bytes.firstRange(of: Array("1.2.840.10008.1.2.4.70".utf8)))
        files[1].bytes.replaceSubrange(place, with: Array(syntax.utf8))
        let zip = try folder.zip(files)
        let refused = fault { try StudyFile.inspect(zip) }
        #expect(refused?.code == .dicomTransferSyntaxUnsupported)
        #expect(refused?.detail.contains(syntax) == true)
    }

    @Test func `a deflated data set that unpacks to too much is refused`() throws {
        let plain = dicomFiles(scan)[0].bytes
        let syntax = Array("1.2.840.10008.1.2.1\0".utf8)
        let start = try #require(plain.indices.first { plain[$0...].starts(with: syntax) })
        let length = Int(plain.little32(140))
        var head = Array(plain[..<(144 + length)])
        head.replaceSubrange(start - 2..<start + 20, with: [22, 0] + Array("1.2.840.10008.1.2.1.99".utf8))
        head.replaceSubrange(140..<144, with: withUnsafeBytes(of: UInt32(length + 2).littleEndian) { Array($0) })
        let memory = MemorySink()
        let packer = try DeflateSink(memory, wrapping: .none)
        for _ in 0..<70 { try packer.write([UInt8](repeating: 0, count: 1 << 20)) }
        try packer.finish()
        let bomb = try folder.file("bomb.dcm", head + memory.bytes)
        #expect(fault { try StudyFile.inspect(bomb) }?.code == .dicomDamaged)
    }
}
