// The ibsi mode against the consensus values of IBSI 1.
import Foundation
import Imaging
import ImagingIO
import ReferenceData
import Testing

@testable import Radiomics

let ctPhantom = "ibsi/ibsi_1_ct_phantom"

struct IBSIReferenceTests {
    @Test func `the digital phantom has the consensus values`() throws {
        let geometry = Geometry(size: DigitalPhantom.size, spacingMM: [2, 2, 2])
        let volume = Volume(geometry: geometry, voxels: DigitalPhantom.values.map { Float($0) })
        let mask = VoxelMask(geometry: geometry, voxels: DigitalPhantom.labels.map { $0 == 1 })
        var settings = IBSISettings()
        settings.aggregations = IBSIAggregation.allCases
        let features = try IBSIExtractor.extract(volume, mask, settings: settings)
        #expect(expectConsensus(features, try DigitalPhantom.consensus(), "digital phantom") == 482)
        #expect(features.count == 487)  // five have no consensus
        #expect(Set(features.map(\.name)).count == 487)
        #expect(Set(features.map(\.ibsiID)).count == 487)
        #expect(features.first { $0.name == "glcm_joint_maximum_3D_merged" }?.ibsiID == "GYBY/IAZD")
        #expect(features.first { $0.name == "glszm_zone_percentage_2.5D" }?.ibsiID == "P30P/62GR")
    }

    @Test(
        .enabled(if: ReferenceData.has(ctPhantom), Comment(rawValue: ReferenceData.absent)),
        arguments: [("a", 346), ("b", 346), ("c", 210), ("d", 210), ("e", 210)])
    func `the CT phantom has the consensus values`(_ configuration: String, _ count: Int) throws {
        let (volume, mask) = try readPhantom()
        let settings = try #require(IBSISettings.named["ibsi-\(configuration)"])
        let features = try IBSIExtractor.extract(volume, mask, settings: settings)
        let table = try ReferenceValue.chestTable(configuration)
        #expect(expectConsensus(features, table, configuration) == count)
    }

    @Test(
        .enabled(if: ReferenceData.has(ctPhantom), Comment(rawValue: ReferenceData.absent)),
        arguments: ["a", "b", "c", "d", "e"])
    func `the CT phantom is resampled and resegmented as the consensus`(_ configuration: String) throws {
        let (volume, mask) = try readPhantom()
        let settings = try #require(IBSISettings.named["ibsi-\(configuration)"])
        let region = try IBSIRegion(volume, mask, settings: settings, part: .wholeImage)
        let table = try ReferenceValue.chestTable(configuration)
        let whole = GreyStatistics(region.image.values)
        let inside = GreyStatistics(region.intensities(of: region.image))
        let values: [String: Double] = [
            "img_dim_x_interp_img": Double(region.image.size.x), "img_dim_y_interp_img": Double(region.image.size.y),
            "img_dim_z_interp_img": Double(region.image.size.z), "vox_dim_x_interp_img": region.image.spacingMM.x,
            "vox_dim_y_interp_img": region.image.spacingMM.y, "vox_dim_z_interp_img": region.image.spacingMM.z,
            "mean_int_interp_img": whole.mean, "min_int_interp_img": whole.minimum, "max_int_interp_img": whole.maximum,
            "int_mask_vox_count_reseg_roi": inside.count,
            "morph_mask_vox_count_reseg_roi": Double(region.morphologicalMask.filter { $0 }.count),
            "int_mask_mean_int_reseg_roi": inside.mean, "int_mask_min_int_reseg_roi": inside.minimum,
            "int_mask_max_int_reseg_roi": inside.maximum,
        ]
        for (tag, value) in values {
            let reference = try #require(table.first { $0.tag == tag })
            #expect(
                reference.holds(for: value), "\(tag): \(value), consensus \(reference.value) ± \(reference.tolerance)")
        }
    }

    private func readPhantom() throws -> (Volume, VoxelMask) {
        let folder = ReferenceData.url(ctPhantom).appendingPathComponent("nifti")
        let image = try StudyFile.readVolume(folder.appendingPathComponent("image/phantom.nii.gz")).volume
        let labels = try StudyFile.readVolume(folder.appendingPathComponent("mask/mask.nii.gz")).volume
        return (image, labels.mask(where: 1...1))
    }
}
