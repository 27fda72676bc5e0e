// The response maps of the filters against the reference maps of IBSI 2, phase 1.
import Foundation
import Imaging
import ImagingIO
import ReferenceData
import Testing

@testable import Radiomics

private let maps = "ibsi/ibsi_2_reference_data/reference_response_maps"

/// A reference map: its phantom and the filter that makes it (reference manual arXiv:2006.05470, phase 1).
private struct MapCase: Sendable, CustomTestStringConvertible {
    let id: String
    let phantom: String
    let filter: String

    var testDescription: String { id }

    init(_ id: String, _ phantom: String, _ filter: String) {
        self.id = id
        self.phantom = phantom
        self.filter = filter
    }
}

private let cases: [MapCase] = [
    MapCase("1_a_1", "checkerboard", "{type: mean, support: 15, boundary: zero}"),
    MapCase("1_a_2", "checkerboard", "{type: mean, support: 15, boundary: nearest}"),
    MapCase("1_a_3", "checkerboard", "{type: mean, support: 15, boundary: periodic}"),
    MapCase("1_a_4", "checkerboard", "{type: mean, support: 15, boundary: mirror}"),
    MapCase("1_b_1", "impulse", "{type: mean, support: 15, boundary: zero, dimensions: 2}"),
    MapCase("2_a", "impulse", "{type: log, sigmaMM: 3, boundary: zero}"),
    MapCase("2_b", "checkerboard", "{type: log, sigmaMM: 5}"),
    MapCase("2_c", "checkerboard", "{type: log, sigmaMM: 5, dimensions: 2}"),
    MapCase("3_a_1", "impulse", "{type: laws, kernels: E5L5S5, rotationInvariance: false, boundary: zero}"),
    MapCase("3_a_2", "impulse", "{type: laws, kernels: E5L5S5, boundary: zero}"),
    MapCase("3_a_3", "impulse", "{type: laws, kernels: E5L5S5, energyDelta: 7, boundary: zero}"),
    MapCase("3_b_1", "checkerboard", "{type: laws, kernels: E3W5R5, rotationInvariance: false}"),
    MapCase("3_b_2", "checkerboard", "{type: laws, kernels: E3W5R5}"),
    MapCase("3_b_3", "checkerboard", "{type: laws, kernels: E3W5R5, energyDelta: 7}"),
    MapCase("3_c_1", "checkerboard", "{type: laws, kernels: L5S5, rotationInvariance: false}"),
    MapCase("3_c_2", "checkerboard", "{type: laws, kernels: L5S5}"),
    MapCase("3_c_3", "checkerboard", "{type: laws, kernels: L5S5, energyDelta: 7}"),
    MapCase(
        "4_a_1", "impulse", "{type: gabor, sigmaMM: 10, lambdaMM: 4, gamma: 0.5, thetaDegrees: 60, boundary: zero}"),
    MapCase(
        "4_a_2", "impulse", "{type: gabor, sigmaMM: 10, lambdaMM: 4, gamma: 0.5, thetaStepDegrees: 45, boundary: zero}"),
    MapCase("4_b_1", "sphere", "{type: gabor, sigmaMM: 20, lambdaMM: 8, gamma: 2.5, thetaDegrees: 225}"),
    MapCase("4_b_2", "sphere", "{type: gabor, sigmaMM: 20, lambdaMM: 8, gamma: 2.5, thetaStepDegrees: 22.5}"),
    MapCase("5_a_1", "impulse", "{type: wavelet, wavelet: db2, band: LHL, rotationInvariance: false, boundary: zero}"),
    MapCase("5_a_2", "impulse", "{type: wavelet, wavelet: db2, band: LHL, boundary: zero}"),
    MapCase(
        "6_a_1", "sphere", "{type: wavelet, wavelet: coif1, band: HHL, rotationInvariance: false, boundary: periodic}"),
    MapCase("6_a_2", "sphere", "{type: wavelet, wavelet: coif1, band: HHL, boundary: periodic}"),
    MapCase("7_a_1", "checkerboard", "{type: wavelet, wavelet: haar, band: LLL, level: 2}"),
    MapCase("7_a_2", "checkerboard", "{type: wavelet, wavelet: haar, band: HHH, level: 2}"),
    MapCase("8_a_1", "checkerboard", "{type: simoncelli, level: 1}"),
    MapCase("8_a_2", "checkerboard", "{type: simoncelli, level: 2}"),
    MapCase("8_a_3", "checkerboard", "{type: simoncelli, level: 3}"),
    MapCase("9_a", "impulse", "{type: log, sigmaMM: 3, rieszOrder: [1, 0, 0], boundary: zero}"),
    MapCase("9_b_1", "sphere", "{type: log, sigmaMM: 3, rieszOrder: [0, 2, 0], boundary: zero}"),
    MapCase("10_b_1", "pattern_1", "{type: simoncelli, level: 1, rieszOrder: [0, 2, 0]}"),
]

private func image(_ path: String) throws -> GreyImage {
    let volume = try StudyFile.readVolume(ReferenceData.url(path)).volume
    return GreyImage(
        size: volume.geometry.size, spacingMM: volume.geometry.spacingMM, values: volume.voxels.map { Double($0) })
}

@Suite(.enabled(if: ReferenceData.has(maps), Comment(rawValue: ReferenceData.absent)))
struct IBSIFilterMapTests {
    @Test(arguments: cases) fileprivate func `a response map equals the reference map of IBSI 2`(_ map: MapCase) throws
    {
        let phantom = try image("ibsi/ibsi_2_digital_phantom/nifti/\(map.phantom)/image/\(map.phantom).nii.gz")
        let reference = try image("\(maps)/\(map.id)-ValidCRM.nii.gz")
        let filter = try IBSIFilter(yaml: map.filter)
        let start = ContinuousClock.now
        let response = try filter.filtered(phantom)
        let time = ContinuousClock.now - start
        try #require(response.values.count == reference.values.count)
        let low = try #require(reference.values.min())
        let range = try #require(reference.values.max()) - low
        let largest = zip(response.values, reference.values).map { abs($0 - $1) }.max() ?? .infinity
        print("IBSI 2 map \(map.id): largest difference \(100 * largest / range) % of the range, \(time)")
        // The published tolerance: 1 % of the reference map's range in every voxel.
        #expect(largest <= 0.01 * range)
    }

    @Test func `every reference map has its case`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: ReferenceData.url(maps).path)
        #expect(Set(files) == Set(cases.map { "\($0.id)-ValidCRM.nii.gz" }))
    }
}
