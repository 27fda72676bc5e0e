// Regions that have no features, and features that a region does not have.
import Domain
import Foundation
import Imaging
import Testing

@testable import Radiomics

private let geometry = Geometry(size: Index3(x: 4, y: 4, z: 4), spacingMM: [1, 1, 1])

private func mask(_ voxels: [(Int, Int, Int)]) -> VoxelMask {
    var mask = VoxelMask(geometry: geometry)
    for (x, y, z) in voxels { mask[x, y, z] = true }
    return mask
}

@Suite struct RegionTests {
    private let flat = Volume(geometry: geometry, filledWith: 100)

    @Test func `an empty region, one voxel and a row of voxels are refused`() {
        #expect(throws: RadiomicsError.regionEmpty) { try RadiomicsExtractor.extract(flat, mask([])) }
        #expect(throws: RadiomicsError.regionTooSmall(voxels: 1, extendedAxes: 0)) {
            try RadiomicsExtractor.extract(flat, mask([(1, 1, 1)]))
        }
        #expect(throws: RadiomicsError.regionTooSmall(voxels: 3, extendedAxes: 1)) {
            try RadiomicsExtractor.extract(flat, mask([(0, 1, 1), (1, 1, 1), (2, 1, 1)]))
        }
    }

    @Test func `a mask on another grid is refused and the difference is named`() {
        var moved = mask([(1, 1, 1), (2, 2, 1)])
        moved.geometry.originMM.z += 0.01
        #expect(throws: RadiomicsError.gridMismatch(property: "origin", by: "by 0.01 mm")) {
            try RadiomicsExtractor.extract(flat, moved)
        }
    }

    @Test func `a voxel that is not a number inside the region is refused, and ignored outside`() throws {
        var volume = flat
        volume[1, 1, 1] = .nan
        let square = [(1, 1, 1), (2, 1, 1), (1, 2, 1), (2, 2, 1)]
        #expect(throws: RadiomicsError.voxelNotFinite) { try RadiomicsExtractor.extract(volume, mask(square)) }
        #expect(try RadiomicsExtractor.extract(volume, mask(square.map { ($0.0, $0.1, 3) })).count == 107)
    }

    @Test func `a grid that does not fit in memory is refused before it is made`() throws {
        let cube = mask([(1, 1, 1), (2, 2, 2)])
        for spacing in [1e-4, 1e-300] {
            let settings = RadiomicsSettings(binWidth: 25, resampledSpacingMM: SIMD3(repeating: spacing))
            #expect(throws: RadiomicsError.gridTooLarge(voxels: pow(2 / spacing, 3))) {
                try RadiomicsExtractor.extract(flat, cube, settings: settings)
            }
            #expect(throws: RadiomicsError.gridTooLarge(voxels: pow(2 / spacing, 3))) {
                try IBSIExtractor.extract(flat, cube, settings: IBSISettings(spacingMM: SIMD3(repeating: spacing)))
            }
        }
    }

    @Test func `a range that leaves nothing of a region is named`() throws {
        let square = mask([(1, 1, 1), (2, 1, 1), (1, 2, 1), (2, 2, 1)])
        #expect(throws: RadiomicsError.intensityMaskEmpty) {
            try IBSIExtractor.extract(flat, square, settings: IBSISettings(intensityRange: 500...600))
        }
    }

    @Test func `one voxel of the ibsi mode has its values, and reasons for those that are undefined`() throws {
        let features = try IBSIExtractor.extract(flat, mask([(1, 1, 1)]), settings: IBSISettings())
        #expect(features.allSatisfy { ($0.value == nil) == ($0.reason != nil) })
        #expect(features.first { $0.name == "intensity_statistics_mean" }?.value == 100)
        #expect(features.first { $0.name == "glcm_contrast_3D_merged" }?.reason?.contains("neighbours") == true)
    }

    @Test func `a bin width of zero and one that makes too many levels are refused`() {
        var volume = flat
        volume[1, 1, 1] = 3000
        let square = mask([(1, 1, 1), (2, 1, 1), (1, 2, 1), (2, 2, 1)])
        #expect(throws: RadiomicsError.binWidthInvalid(0)) {
            try RadiomicsExtractor.extract(volume, square, settings: RadiomicsSettings(binWidth: 0))
        }
        #expect(throws: RadiomicsError.tooManyLevels(levels: 290_001, binWidth: 0.01)) {
            try RadiomicsExtractor.extract(volume, square, settings: RadiomicsSettings(binWidth: 0.01))
        }
    }

    @Test func `with thousands of levels only co-occurrences are left out, and say why`() throws {
        let side = 12
        let geometry = Geometry(size: Index3(x: side, y: side, z: side), spacingMM: [1, 1, 1])
        var volume = Volume(geometry: geometry, filledWith: 0)
        for i in volume.voxels.indices { volume.voxels[i] = Float(i * 7 % 1728) }
        let all = VoxelMask(geometry: geometry, voxels: [Bool](repeating: true, count: volume.voxels.count))
        let features = try RadiomicsExtractor.extract(volume, all, settings: RadiomicsSettings(binWidth: 1))
        let contrast = try #require(features.first { $0.name == "original_glcm_Contrast" })
        #expect(contrast.value == nil && contrast.reason?.contains("1728 grey levels") == true)
        #expect(features.filter { $0.value == nil }.count == 24)
        // Every voxel has a level of its own: as many zones, and runs, as voxels.
        #expect(features.first { $0.name == "original_glszm_ZonePercentage" }?.value == 1)
        #expect(features.first { $0.name == "original_glrlm_RunPercentage" }?.value == 1)
        // Few levels far apart are counted however many bins lie between them.
        for i in volume.voxels.indices { volume.voxels[i] = Float(i % 5 * 500) }
        let apart = try RadiomicsExtractor.extract(volume, all, settings: RadiomicsSettings(binWidth: 1))
        #expect(apart.allSatisfy { $0.value != nil })
    }

    @Test func `a region without neighbours has no texture and says why`() throws {
        let apart = mask([(0, 0, 0), (2, 2, 0), (0, 2, 2)])
        let features = try RadiomicsExtractor.extract(flat, apart)
        let contrast = try #require(features.first { $0.name == "original_glcm_Contrast" })
        #expect(contrast.value == nil && contrast.reason == "No two voxels of the region are neighbours.")
        #expect(features.first { $0.name == "original_firstorder_Mean" }?.value == 100)
    }

    @Test func `a grey value on a bin's edge opens the next bin`() throws {
        let volume = Volume(
            geometry: Geometry(size: Index3(x: 2, y: 2, z: 1), spacingMM: [1, 1, 1]), voxels: [-1, 24, 25, 74])
        let all = VoxelMask(geometry: volume.geometry, voxels: [true, true, true, true])
        let region = RegionOfInterest(
            size: volume.geometry.size, spacingMM: [1, 1, 1], values: volume.voxels.map { Double($0) },
            inside: all.voxels)
        let levels = try GreyLevels(region, TextureSettings())
        #expect(levels.levels == [1, 2, 3, 4])
        #expect(levels.ranks == [0, 1, 2, 3])
    }

    @Test func `cancelling stops an extraction`() {
        let cancellation = Cancellation()
        cancellation.cancel()
        #expect(throws: FaultRecord.self) {
            try RadiomicsExtractor.extract(flat, mask([(1, 1, 1), (2, 2, 2)]), cancellation: cancellation)
        }
    }
}
