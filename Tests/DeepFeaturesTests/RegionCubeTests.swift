// The cube that a network is given of a region.
import DeepFeatures
import Foundation
import Imaging
import NeuralNetworks
import Testing

@Suite struct RegionCubeTests {
    private func cube(
        _ region: IndexBox = Scan.region, of volume: Volume = Scan.volume, marginMM: Double = 1.5, size: Int = 16
    ) throws -> RegionCube {
        try RegionCube(region, of: volume, marginMM: marginMM, inputSize: size, execution())
    }

    // 1e-5: numbers of size 1 after some ten roundings in single precision, of values up to 1500.
    @Test(arguments: [6, 16, 20])
    func `cut, resized and standardised as PyTorch does it`(size: Int) throws {
        let golden = try Weights(mapping: goldenFolder.appendingPathComponent("cubes.safetensors"))
            .tensor("cube.\(size)", [size, size, size])
        let values = try cube(size: size).values
        #expect(zip(values, golden).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test func `the margin is rounded up to whole voxels and ends where the image does`() throws {
        // 1.5 mm are 2.14 voxels of 0.7 mm and 1.25 of 1.2 mm.
        #expect(
            try cube().box == IndexBox(lower: Index3(x: 1, y: 2, z: 1), size: Index3(x: 17, y: 14, z: 13)))
        #expect(try cube(marginMM: 0).box == Scan.region)
        #expect(try cube(marginMM: 1.4).box.lower.x == 2)
        #expect(try cube(marginMM: 50).box == IndexBox(lower: Index3(x: 0, y: 0, z: 0), size: Scan.size))
    }

    @Test func `a scan stored another way round gives the same cube`() throws {
        let volume = Scan.volume
        let size = volume.geometry.size
        // x of the image runs to the feet, y to the left, z forwards.
        var turned = Volume(
            geometry: Geometry(
                size: Index3(x: size.z, y: size.x, z: size.y), spacingMM: [1.2, 0.7, 0.7], xAxis: [0, 0, -1],
                yAxis: [1, 0, 0], zAxis: [0, -1, 0]), filledWith: 0)
        for z in 0..<size.z {
            for y in 0..<size.y {
                for x in 0..<size.x { turned[size.z - 1 - z, x, size.y - 1 - y] = volume[x, y, z] }
            }
        }
        let (lower, extent) = (Scan.region.lower, Scan.region.size)
        let region = IndexBox(
            lower: Index3(x: size.z - lower.z - extent.z, y: lower.x, z: size.y - lower.y - extent.y),
            size: Index3(x: extent.z, y: extent.x, z: extent.y))
        #expect(try cube(region, of: turned).values == cube().values)
    }

    @Test func `mean 0 and variance 1`() throws {
        let values = try cube().values.map(Double.init)
        let mean = values.reduce(0, +) / 4096
        #expect(abs(mean) < 1e-6)
        #expect(abs(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4096 - 1) < 1e-5)
    }

    private static func box(_ lower: Int, _ size: Int) -> IndexBox {
        IndexBox(lower: Index3(x: lower, y: 4, z: 4), size: Index3(x: size, y: 5, z: 5))
    }

    @Test(arguments: [(18, 5), (-1, 4), (1, 40), (30, 2), (2, Int.max)])
    func `a region that reaches beyond the image is refused with both sizes`(lower: Int, size: Int) {
        let region = Self.box(lower, size)
        #expect(throws: DeepFeaturesError.regionOutsideImage(box: region, imageSize: Scan.size)) { try cube(region) }
    }

    @Test(arguments: [(0, 4), (17, 4), (0, 21)])
    func `a region at the border is refused, for part of it may be missing`(lower: Int, size: Int) {
        let region = Self.box(lower, size)
        #expect(throws: DeepFeaturesError.regionAtBorder(box: region, imageSize: Scan.size)) { try cube(region) }
    }

    @Test func `nothing, and a region where all is one value, are refused`() {
        #expect(throws: DeepFeaturesError.regionEmpty) { try cube(Self.box(3, 0)) }
        let flat = Volume(geometry: Scan.volume.geometry, filledWith: -1024)
        #expect(throws: DeepFeaturesError.regionOfOneValue(-1024)) { try cube(of: flat) }
    }
}
