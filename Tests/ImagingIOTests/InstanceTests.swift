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
