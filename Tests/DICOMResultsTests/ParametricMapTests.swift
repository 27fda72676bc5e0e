// The parametric map: which voxels it holds, and where they lie.
import Domain
import Imaging
import ImagingIO
import Testing

@testable import DICOMResults

@Suite struct ParametricMapTests {
    private static let geometry = Geometry(size: Index3(x: 5, y: 4, z: 3), spacingMM: [1, 1, 2])

    private func volume(_ values: [(x: Int, y: Int, z: Int, value: Float)]) -> RiskVolume {
        var voxels = [Float](repeating: 0, count: Self.geometry.size.count)
        for place in values { voxels[Self.geometry.offset(x: place.x, y: place.y, z: place.z)] = place.value }
        let all = voxels
        return RiskVolume(geometry: Self.geometry, padding: -1) { Array(all[$0 * 20..<($0 + 1) * 20]) }
    }

    @Test func `it holds the box that is not 0, without the slices that are`() throws {
        let volume = volume([(1, 1, 0, 0.25), (3, 2, 2, 1), (2, 2, 2, -1)])
        #expect(volume.box == IndexBox(lower: Index3(x: 1, y: 1, z: 0), size: Index3(x: 3, y: 2, z: 3)))
        let content = try #require(
            try SampleSeries.content(map: LabelMap(geometry: Self.geometry), riskVolume: volume))
        let bytes = try #require(content.encode().riskMap)
        // Two frames of two rows of three, in little-endian order at the end of the file.
        let pixels = bytes.suffix(48).withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        #expect(pixels == [0.25, 0, 0, 0, 0, 0] + [0, 0, 0, 0, -1, 1])
        let header = try SampleSeries.header(bytes)
        let text = header.metadata.filter { !$0.isWhitespace }
        for words in [#""Value":[1,1,0]"#, #""Value":[1,1,4]"#, "SIMULATEDCEMENT", "RESEARCH", "246205007"] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(header.studyUID == content.source.studyUID && header.seriesUID != content.source.seriesUID)
    }

    @Test func `nothing simulated makes no map`() {
        #expect(volume([]).box == nil)
        #expect(volume([(2, 2, 2, -1)]).box == nil)
    }
}
