// Smoothing, resampling and normalising a scan.
import Testing

@testable import Imaging

/// The volumes hold single precision: 41 grey levels, 24 bits.
private let singlePrecision = 2e-5

@Suite struct VolumeFilterTests {
    @Test func `gaussian smoothing equals SciPy`() throws {
        let smooth = goldenVolume().smoothed(sigmaVoxels: [1.3, 1.0, 0.6])
        #expect(largestDifference(smooth.voxels, try scipyGolden("gaussian")) < singlePrecision)
    }

    @Test func `a sigma in millimetres is divided by the spacing of each axis`() {
        var volume = goldenVolume()
        volume.geometry.spacingMM = [0.5, 1, 2]
        #expect(volume.smoothed(sigmaMM: 1).voxels == volume.smoothed(sigmaVoxels: [2, 1, 0.5]).voxels)
    }

    @Test func `the median of 27 voxels equals SciPy`() throws {
        #expect(largestDifference(goldenVolume().medianFiltered().voxels, try scipyGolden("median")) == 0)
    }

    @Test func `trilinear and B-spline resampling equal SciPy`() throws {
        let target = Geometry(size: Index3(x: 5, y: 4, z: 4), spacingMM: [1.5, 5.0 / 3, 4.0 / 3])
        let linear = goldenVolume().resampled(to: target, by: .linear)
        #expect(largestDifference(linear.voxels, try scipyGolden("linear")) < singlePrecision)
        let spline = goldenVolume().resampled(to: target, by: .cubicBSpline)
        // A mirrored line of at most 18 samples is summed exactly, as SciPy does.
        #expect(largestDifference(spline.voxels, try scipyGolden("spline")) < singlePrecision)
    }

    @Test func `resampling follows the patient, not the array`() {
        // The same slope along x, stored right to left.
        var volume = goldenVolume()
        for z in 0..<5 { for y in 0..<6 { for x in 0..<7 { volume[x, y, z] = Float(x) } } }
        let mirrored = Geometry(size: goldenSize, spacingMM: [1, 1, 1], originMM: [6, 0, 0], xAxis: [-1, 0, 0])
        let result = volume.resampled(to: mirrored, by: .linear)
        #expect(result[0, 3, 2] == 6)
        #expect(result[6, 3, 2] == 0)
    }

    @Test func `voxels more than half a voxel outside take the value asked for`() {
        let target = Geometry(size: Index3(x: 2, y: 1, z: 1), spacingMM: [1, 1, 1], originMM: [6, 0, 0])
        let volume = Volume(geometry: Geometry(size: goldenSize, spacingMM: [1, 1, 1]), filledWith: 5)
        #expect(volume.resampled(to: target, by: .linear, outside: -1024).voxels == [5, -1024])
        #expect(volume.resampled(to: target, by: .cubicBSpline).voxels.allSatisfy { abs($0 - 5) < 1e-4 })
    }

    @Test func `an isotropic grid covers the same box around the same centre`() {
        let grid = Geometry(size: Index3(x: 10, y: 10, z: 4), spacingMM: [0.7, 0.7, 3], originMM: [1, 2, 3])
        let isotropic = grid.isotropic(spacingMM: 1)
        #expect(isotropic.size == Index3(x: 7, y: 7, z: 12))
        let before = grid.point(at: SIMD3<Double>(4.5, 4.5, 1.5))
        let after = isotropic.point(at: SIMD3<Double>(3, 3, 5.5))
        #expect(length(before - after) < 1e-9)
    }

    @Test func `a label is copied from the nearest voxel and a tie goes to the higher index`() {
        var map = LabelMap(geometry: Geometry(size: Index3(x: 3, y: 1, z: 1), spacingMM: [1, 1, 1]))
        map.labels = [1, 2, 3]
        let target = Geometry(size: Index3(x: 4, y: 1, z: 1), spacingMM: [1, 1, 1], originMM: [-0.5, 0, 0])
        #expect(map.resampled(to: target).labels == [1, 2, 3, 0])
    }
}
