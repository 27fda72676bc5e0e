// The size of a body, read off the network's maps.
import Imaging
import Testing

@testable import Segmentation

@Suite struct BodyExtentTests {
    /// An elliptic cylinder of half axes 20 (across) and 14 mm (front to back), 24 mm high, that votes for its centre.
    private func maps(votesFor shift: SIMD3<Double> = .zero) -> SpineMaps {
        let geometry = Geometry(size: Index3(x: 32, y: 32, z: 32), spacingMM: [3, 3, 3])
        var probabilities = Array(
            repeating: [Float](repeating: 0, count: geometry.size.count), count: SpineClass.allCases.count)
        var offsets = Array(repeating: [Float](repeating: 0, count: geometry.size.count), count: 3)
        for z in 0..<32 {
            for y in 0..<32 {
                for x in 0..<32 {
                    let i = geometry.offset(x: x, y: y, z: z)
                    let way = centre - geometry.point(at: Index3(x: x, y: y, z: z))
                    let isBody = (way.x / 20) * (way.x / 20) + (way.y / 14) * (way.y / 14) <= 1 && abs(way.z) <= 12
                    probabilities[(isBody ? SpineClass.body : .background).rawValue][i] = 1
                    for axis in 0..<3 { offsets[axis][i] = Float(way[axis] + shift[axis]) }
                }
            }
        }
        return SpineMaps(geometry: geometry, probabilities: probabilities, offsetsMM: offsets)
    }

    private let centre: PointMM = [46, 47, 48]
    private var frame: VertebralFrame { VertebralFrame(centreMM: centre, cranial: [0, 0, 1]) }

    @Test func `its half axes are those of the body`() throws {
        let extent = try #require(BodyExtent(maps: maps(), frame: frame))
        // A third of a voxel.
        #expect(abs(extent.halfWidthMM - 20) < 1)
        #expect(abs(extent.halfDepthMM - 14) < 1)
    }

    @Test func `what votes for another body has no part in it`() {
        #expect(BodyExtent(maps: maps(votesFor: [0, 0, 20]), frame: frame) == nil)
    }
}
