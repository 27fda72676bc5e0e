// DICOM objects by themselves, and series made of them.
import Domain
import Foundation
import Imaging
import ImagingIO
import Testing

@Suite struct InstanceTests {
    private let folder: URL
    private let files: [URL]
    private let description = DICOMSeriesDescription(
        seed: "instances", patientName: "MÜLLER^Anna", studyDescription: "CT spine")

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("osteon-instances-\(UUID().uuidString)")
        let geometry = Geometry(
            size: Index3(x: 8, y: 6, z: 4), spacingMM: [0.7, 0.7, 1.25], originMM: [1, 2, 3], xAxis: [1, 0, 0],
            yAxis: [0, 1, 0], zAxis: [0, 0, 1])
        let voxels = (0..<geometry.size.count).map { Float($0) - 100 }
        try DICOMSeriesWriter.write(
            Volume(geometry: geometry, voxels: voxels), description: description, toFolder: folder)
        files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.path < $1.path }
    }

    private func attributes(_ text: String) throws -> [String: [String: Any]] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [String: Any]])
    }

    @Test func `an object tells its UIDs, and its attributes but for bulk data`() throws {
        let header = try InstanceFile.readHeader(files[1])
        #expect(header.studyUID == description.studyInstanceUID)
        #expect(header.seriesUID == description.seriesInstanceUID)
        #expect(header.sopClassUID == InstanceHeader.ctImageStorage)
        #expect(header.transferSyntaxUID == "1.2.840.10008.1.2.1")
        let all = try attributes(header.metadata)
        #expect(all["00200032"]?["Value"] as? [Double] == [1, 2, 4.25])
        #expect(all["00280030"]?["Value"] as? [Double] == [0.7, 0.7])
        #expect(all["7FE00010"] == nil)
        let study = try attributes(header.studyAttributes)
        #expect(study["00081030"]?["Value"] as? [String] == ["CT spine"])
        #expect(study["00080060"] == nil)
        #expect(try attributes(header.seriesAttributes)["00080060"]?["Value"] as? [String] == ["CT"])
    }

    @Test func `files that end early, or are no DICOM files, are refused`() throws {
        let bytes = try Data(contentsOf: files[0])
        for broken in [bytes.dropLast(10), bytes.prefix(200), Data("text".utf8), bytes.dropFirst(128)] {
            let file = folder.appendingPathComponent("broken")
            try Data(broken).write(to: file)
            let refused = fault { try InstanceFile.readHeader(file) }
            #expect(refused?.code == .dicomDamaged)
        }
    }

    /// The header that is read of some bytes.
    private func header(of bytes: Data) throws -> InstanceHeader {
        let file = folder.appendingPathComponent("made")
        try bytes.write(to: file)
        return try InstanceFile.readHeader(file)
    }

    /// A file with Data Set Trailing Padding (FFFC,FFFC) behind the pixels, so that it does not end with them.
    private func padded(_ bytes: Data) -> Data { bytes + [0xFC, 0xFF, 0xFC, 0xFF, 0x4F, 0x42, 0, 0, 2, 0, 0, 0, 0, 0] }

    @Test func `the header is the same whether pixels end the file or not`() throws {
        let bytes = try Data(contentsOf: files[1])
        let (whole, withPadding) = (try header(of: bytes), try header(of: padded(bytes)))
        #expect(whole.studyAttributes == withPadding.studyAttributes)
        #expect(whole.seriesAttributes == withPadding.seriesAttributes)
        #expect(try attributes(withPadding.metadata).count == attributes(whole.metadata).count + 1)
    }

    @Test func `what looks like pixels inside another value is no end`() throws {
        let bytes = try Data(contentsOf: files[1])
        let tag = Data([0xE0, 0x7F, 0x10, 0x00])
        let pixels = try #require(bytes.firstRange(of: tag)).lowerBound
        // A private element whose value begins as pixels do that reach to the end of the file.
        let rest = bytes[pixels...]
        var decoy = Data([0xE1, 0x7E, 0x10, 0x00, 0x4F, 0x42, 0, 0, 12, 0, 0, 0]) + tag + [0x4F, 0x57, 0, 0]
        withUnsafeBytes(of: UInt32(rest.count).littleEndian) { decoy.append(contentsOf: $0) }
        let header = try header(of: bytes[..<pixels] + decoy + rest)
        #expect(header.sopUID == (try InstanceFile.readHeader(files[1])).sopUID)
        #expect(try attributes(header.metadata)["7EE11010"] == nil && attributes(header.metadata)["7EE10010"] != nil)
    }

    @Test func `a data set is the same in a file with other meta information, and another when a byte differs`() throws
    {
        let bytes = try Data(contentsOf: files[0])
        // Source Application Entity Title (0002,0016) at the end of the meta information, whose length grows by it.
        let title = Data([2, 0, 0x16, 0, 0x41, 0x45, 4, 0]) + Data("PACS".utf8)
        let length = Int(bytes[140]) + Int(bytes[141]) << 8
        var passedOn = bytes[..<(144 + length)] + title + bytes[(144 + length)...]
        (passedOn[140], passedOn[141]) = (UInt8((length + 12) & 255), UInt8((length + 12) >> 8))
        var changed = passedOn
        changed[changed.count - 1] ^= 1
        let other = folder.appendingPathComponent("other")
        for (made, isSame) in [(bytes, true), (passedOn, true), (changed, false), (passedOn.dropLast(), false)] {
            try made.write(to: other)
            #expect(try InstanceFile.haveSameDataSet(files[0], other) == isSame)
        }
        try passedOn.write(to: other)
        #expect(try InstanceFile.readHeader(other) == InstanceFile.readHeader(files[0]))
    }

    @Test func `instances that came one by one make the same volume as a file of them`() throws {
        let source = StudySource.instances(
            files.reversed().enumerated().map { StudySource.Instance(name: "1.\($0)", file: $1) })
        let contents = try StudyFile.inspect(source)
        #expect(contents.format == .dicomInstances)
        #expect(contents.series.map(\.sizeVoxels) == [[8, 6, 4]])
        let volume = try StudyFile.readVolume(source, series: contents.chosenSeries).volume
        #expect(volume.voxels == (0..<192).map { Float($0) - 100 })
        let near = try StudyFile.probe(
            source, contents: contents, series: nil, at: [[1, 2, 3]], radiusMM: 0.1)
        #expect(near == [[-100]])
    }
}
