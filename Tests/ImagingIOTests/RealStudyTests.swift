// Real scans against the voxels that pydicom decodes.
import CSystem
import Domain
import Foundation
import Imaging
import ReferenceData
import Testing

@testable import ImagingIO

@Suite(.enabled(if: ReferenceData.has("ct"), Comment(rawValue: ReferenceData.absent)))
struct RealStudyTests {
    /// `Golden/pydicom.csv`: the affine of a series (LPS, row by row) and the CRC-32 of each slice's HU.
    private struct Golden {
        var affine: [Double] = []
        var checksums: [String] = []

        init(_ series: String) throws {
            let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                .appendingPathComponent("Golden/pydicom.csv")
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                let cells = line.split(separator: ",")
                if cells[0] == "affine", cells[1] == series { affine = cells[2...].compactMap { Double($0) } }
                if cells[0] == series { checksums.append(String(cells[3])) }
            }
        }
    }

    private func compare(_ volume: Volume, with golden: Golden) {
        let geometry = volume.geometry
        let columns = [
            geometry.xAxis * geometry.spacingMM.x, geometry.yAxis * geometry.spacingMM.y,
            geometry.zAxis * geometry.spacingMM.z, geometry.originMM,
        ]
        let affine = (0..<3).flatMap { row in columns.map { $0[row] } }
        #expect(golden.affine.count == 12)
        #expect(zip(affine, golden.affine).allSatisfy { abs($0 - $1) < 1e-9 })
        let area = geometry.size.x * geometry.size.y
        #expect(geometry.size.z == golden.checksums.count)
        let checksums = (0..<geometry.size.z).map { z in
            volume.voxels[(z * area)..<((z + 1) * area)].withUnsafeBytes { bytes in
                let crc = crc32(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(bytes.count))
                let text = String(crc, radix: 16)
                return String(repeating: "0", count: 8 - text.count) + text
            }
        }
        #expect(checksums == golden.checksums)
    }

    @Test func `the thorax series is pydicom's, voxel for voxel`() throws {
        let zip = ReferenceData.url("ct/thorax-1mm/series.zip")
        let before = try residentKB("VmRSS")
        let contents = try StudyFile.inspect(zip)
        #expect(try residentKB("VmRSS") - before < 64 << 10)
        #expect(contents.warnings.isEmpty)
        compare(try StudyFile.readVolume(zip).volume, with: try Golden("thorax-1mm"))
    }

    private func residentKB(_ field: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(field) })
        return try #require(Int(line.filter(\.isNumber)))
    }

    @Test func `the JPEG 2000 series is pydicom's, voxel for voxel`() throws {
        let folder = try Folder()
        let source = ReferenceData.url("ct/j2k-series")
        let files = try FileManager.default.contentsOfDirectory(at: source, includingPropertiesForKeys: nil)
        let zip = try folder.zip(files.map { ($0.lastPathComponent, [UInt8](try Data(contentsOf: $0))) })
        compare(try StudyFile.readVolume(zip).volume, with: try Golden("j2k-series"))
    }

    /// The first three slices of the JPEG 2000 series.
    private func jpeg2000Files() throws -> [(name: String, bytes: [UInt8])] {
        try FileManager.default.contentsOfDirectory(
            at: ReferenceData.url("ct/j2k-series"), includingPropertiesForKeys: nil
        )
        .sorted { $0.lastPathComponent < $1.lastPathComponent }.prefix(3)
        .map { (name: $0.lastPathComponent, bytes: [UInt8](try Data(contentsOf: $0))) }
    }

    @Test func `JPEG 2000 without its sign is read as Pixel Representation says`() throws {
        let folder = try Folder()
        let files = try jpeg2000Files()
        let unsigned = try StudyFile.readVolume(folder.zip(files)).volume
        // Pixel Representation (0028,0103) of 1 over a codestream of unsigned values: the top half becomes negative.
        let tag: [UInt8] = [0x28, 0, 0x03, 0x01, 0x55, 0x53, 2, 0, 0, 0]
        let signedFiles = try files.map { file in
            var bytes = file.bytes
            let place = try #require(bytes.indices.first { bytes[$0...].starts(with: tag) })
            bytes[place + 8] = 1
            return (name: file.name, bytes: bytes)
        }
        let bits = try #require(
            try DICOMFile(files[0].bytes, name: "slice").whole(.bitsStored))
        let half = Float(1 << (bits - 1))
        let intercept = try #require(try DICOMFile(files[0].bytes, name: "slice").number(.rescaleIntercept))
        let expected = unsigned.voxels.map { hu -> Float in
            let stored = hu - Float(intercept)
            return stored >= half ? hu - 2 * half : hu
        }
        #expect(try StudyFile.readVolume(folder.zip(signedFiles)).volume.voxels == expected)
    }

    @Test func `a damaged or shortened JPEG 2000 codestream is refused by name`() throws {
        let folder = try Folder()
        let files = try jpeg2000Files()
        let start = try #require(files[1].bytes.firstRange(of: [0xFF, 0x4F, 0xFF, 0x51] as [UInt8])?.lowerBound)
        var broken = files
        broken[1].bytes.replaceSubrange(start + 2..<start + 4, with: [0, 0])
        let first = try folder.zip(broken)
        #expect(fault { try StudyFile.readVolume(first) }?.code == .dicomDamaged)

        // Half of the codestream left out, the fragment's length corrected: sound DICOM around a cut image.
        var short = files
        let length = Int(files[1].bytes.little32(start - 4))
        short[1].bytes.removeSubrange(start + length / 2..<start + length)
        short[1].bytes.replaceSubrange(
            start - 4..<start, with: withUnsafeBytes(of: UInt32(length / 2).littleEndian) { Array($0) })
        let second = try folder.zip(short)
        #expect(try StudyFile.inspect(second).series.count == 1)
        let refused = fault { try StudyFile.readVolume(second) }
        #expect(refused?.code == .dicomDamaged)
        #expect(refused?.subject == files[1].name)
    }

    @Test func `the lumbar scan and its labels share a grid`() throws {
        let scan = ReferenceData.url("ct/lumbar-3mm/ct.nii.gz")
        let contents = try StudyFile.inspect(scan)
        let series = try #require(contents.series.first)
        let labels = ReferenceData.url("ct/lumbar-3mm/labels-totalseg.nii.gz")
        #expect(try MaskFile.inspect(labels, against: series) == Array(26...33))
        let other = ReferenceData.url("ct/l3-regions/labels-region.nii.gz")
        #expect(fault { try MaskFile.inspect(other, against: series) }?.code == .maskGridMismatch)
    }

    @Test func `MR as NIfTI passes with a warning, since NIfTI does not say what it is`() throws {
        let contents = try StudyFile.inspect(ReferenceData.url("mr/sub-mri_label-6_T2w.nii.gz"))
        #expect(contents.warnings.contains { $0.contains("is it CT in Hounsfield units?") })
    }
}
