// Every feature against PyRadiomics on the larger test data, where they are present.
import Foundation
import Imaging
import ImagingIO
import ReferenceData
import Testing

@testable import Radiomics

private let folder = ReferenceData.url("radiomics")

private func read(_ image: String, _ mask: String) throws -> (Volume, VoxelMask) {
    let volume = try StudyFile.readVolume(folder.appendingPathComponent(image)).volume
    let labels = try StudyFile.readVolume(folder.appendingPathComponent(mask)).volume
    return (volume, labels.mask(where: 1...1))
}

@Suite(.enabled(if: ReferenceData.has("radiomics/vertebra"), Comment(rawValue: ReferenceData.absent)))
struct SharedDataTests {
    @Test(arguments: ["ge2025", "hu_full", "hu_original"])
    func `a vertebra equals PyRadiomics`(_ configuration: String) throws {
        let (volume, mask) = try read("vertebra/image.nii.gz", "vertebra/mask.nii.gz")
        struct Result: Decodable { let features: [String: Double] }
        let table = try Data(contentsOf: folder.appendingPathComponent("vertebra/\(configuration).json"))
        let golden = try JSONDecoder().decode(Result.self, from: table).features
        let yaml = try String(contentsOf: folder.appendingPathComponent("\(configuration).yaml"), encoding: .utf8)
        let settings = try ParameterFile(yaml: yaml, name: configuration).settings
        let features = try RadiomicsExtractor.extract(volume, mask, settings: settings)
        #expect(Set(features.map(\.name)) == Set(golden.keys))
        // Measured 6.3e-12, in a median near 0; nothing but the order of sums differs.
        #expect(expectEqual(features, golden, configuration, count: golden.count) < 1e-10)
    }

    @Test func `edge cases equal PyRadiomics`() throws {
        struct EdgeCases: Decodable { let cases: [String: [String: Double]] }
        let table = try Data(contentsOf: folder.appendingPathComponent("edge_cases/edge_cases.json"))
        let golden = try JSONDecoder().decode(EdgeCases.self, from: table).cases
        #expect(golden.count == 14)
        for (name, values) in golden.sorted(by: { $0.key < $1.key }) {
            let parts = name.split(separator: "/")
            let (volume, mask) = try read("edge_cases/\(parts[0])_image.nii.gz", "edge_cases/\(parts[0])_mask.nii.gz")
            let settings = RadiomicsSettings(binWidth: 25, resampledSpacingMM: parts[1] == "plain" ? nil : [1, 1, 1])
            let features = try RadiomicsExtractor.extract(volume, mask, settings: settings)
            #expect(expectEqual(features, values, name) < 1e-10)
        }
    }
}
