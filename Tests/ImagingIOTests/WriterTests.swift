// What is written: NIfTI as libnifti reads it, DICOM as dciodvfy judges it.
import CNIfTI
import Domain
import Foundation
import Imaging
import Testing

@testable import ImagingIO

struct WriterTests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    /// A grid turned about two axes; left-handed when asked.
    private func turned(isLeftHanded: Bool) -> Geometry {
        let (c, s) = (cos(0.4), sin(0.4))
        let x = normalised(SIMD3(c, s, 0.1))
        let y = normalised(cross([0, 0.2, 1], x))
        let z = cross(x, y)
        return Geometry(
            size: Index3(x: 4, y: 3, z: 5), spacingMM: [0.6, 0.7, 1.5], originMM: [-12, 34, -56], xAxis: x, yAxis: y,
            zAxis: isLeftHanded ? -z : z)
    }

    @Test(arguments: [false, true]) func `libnifti finds the same voxels at the same places`(isLeftHanded: Bool) throws
    {
        let geometry = turned(isLeftHanded: isLeftHanded)
        let map = LabelMap(geometry: geometry, labels: (0..<60).map { UInt16($0 * 11) })
        let url = folder.url.appendingPathComponent("map.nii.gz")
        try NIfTIWriter.write(map, to: url)
        let image = try #require(nifti_image_read(url.path, 1))
        defer { nifti_image_free(image) }
        #expect(image.pointee.nvox == 60)
        #expect(Int(image.pointee.datatype) == 512)
        #expect(image.pointee.sform_code == 1 && image.pointee.qform_code == 1)
        let stored = try #require(image.pointee.data).assumingMemoryBound(to: UInt16.self)
        #expect((0..<60).map { stored[$0] } == map.labels)
        for (i, j, k) in [(0, 0, 0), (3, 0, 0), (0, 2, 0), (0, 0, 4), (3, 2, 4)] {
            let ours = geometry.point(at: Index3(x: i, y: j, z: k))
            for matrix in [image.pointee.sto_xyz, image.pointee.qto_xyz] {
                let ras = place(matrix, [Double(i), Double(j), Double(k)])
                #expect(length(SIMD3(-ras.x, -ras.y, ras.z) - ours) < 1e-4)  // float32 rounding of tens of mm
            }
        }
    }

    private func place(_ matrix: mat44, _ index: SIMD3<Double>) -> SIMD3<Double> {
        let m = matrix.m
        func row(_ r: (Float, Float, Float, Float)) -> Double {
            Double(r.0) * index.x + Double(r.1) * index.y + Double(r.2) * index.z + Double(r.3)
        }
        return [row(m.0), row(m.1), row(m.2)]
    }

    @Test func `our reader and libnifti agree about a file of libnifti's making`() throws {
        let dimensions: [Int32] = [3, 5, 4, 3, 1, 1, 1, 1]
        let image = try #require(dimensions.withUnsafeBufferPointer { nifti_make_new_nim($0.baseAddress, 4, 1) })
        defer { nifti_image_free(image) }
        let stored = try #require(image.pointee.data).assumingMemoryBound(to: Int16.self)
        for i in 0..<60 { stored[i] = Int16(i * 7 - 200) }
        (image.pointee.dx, image.pointee.dy, image.pointee.dz) = (0.7, 0.8, 2)
        (image.pointee.qform_code, image.pointee.sform_code) = (1, 0)
        (image.pointee.quatern_b, image.pointee.quatern_c, image.pointee.quatern_d) = (0.1, 0.2, 0.3)
        (image.pointee.qoffset_x, image.pointee.qoffset_y, image.pointee.qoffset_z) = (5, -6, 7)
        (image.pointee.scl_slope, image.pointee.scl_inter) = (2, -10)
        image.pointee.qfac = -1
        image.pointee.pixdim.1 = 0.7
        image.pointee.pixdim.2 = 0.8
        image.pointee.pixdim.3 = 2
        let url = folder.url.appendingPathComponent("theirs.nii.gz")
        try #require(nifti_set_filenames(image, url.path, 0, 1) == 0)
        nifti_image_write(image)
        let read = try #require(nifti_image_read(url.path, 0))
        defer { nifti_image_free(read) }

        let volume = try StudyFile.readVolume(url).volume
        let expected = (0..<60).map { (i: Int) -> Float in Float((i * 7 - 200) * 2 - 10) }
        #expect(volume.voxels == expected)
        for (i, j, k) in [(0, 0, 0), (4, 0, 0), (0, 3, 0), (0, 0, 2)] {
            let ras = place(read.pointee.qto_xyz, [Double(i), Double(j), Double(k)])
            let ours = volume.geometry.point(at: Index3(x: i, y: j, z: k))
            #expect(length(SIMD3(-ras.x, -ras.y, ras.z) - ours) < 1e-5)
        }
    }

    @Test func `small labels take one byte, and what is written is read back`() throws {
        let small = LabelMap(geometry: turned(isLeftHanded: false), labels: (0..<60).map { UInt16($0) })
        let url = try folder.file("s", NIfTIWriter.encode(small))
        let volume = try StudyFile.readVolume(url).volume
        #expect(volume.voxels == (0..<60).map { Float($0) })
        #expect(length(volume.geometry.originMM - small.geometry.originMM) < 1e-5)
        #expect(length(volume.geometry.zAxis - small.geometry.zAxis) < 1e-6)
        #expect(try NIfTIWriter.encode(small) == NIfTIWriter.encode(small))
    }

    @Test func `a volume written as nii is not packed`() throws {
        let scan = smallScan()
        let url = folder.url.appendingPathComponent("scan.nii")
        try NIfTIWriter.write(scan, to: url)
        #expect(try Data(contentsOf: url).count == 352 + scan.voxels.count * 4)
        #expect(try StudyFile.readVolume(url).volume.voxels == scan.voxels)
    }

    @Test func `writing where nothing can be written is a fault and leaves nothing behind`() throws {
        let url = folder.url.appendingPathComponent("absent/scan.nii")
        #expect(fault { try NIfTIWriter.write(smallScan(), to: url) }?.code == .internalFault)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func `a series is written as one file per slice, the same bytes for the same seed`() throws {
        let description = DICOMSeriesDescription(seed: "phantom 7")
        for name in ["a", "b"] {
            try DICOMSeriesWriter.write(
                smallScan(), description: description, toFolder: folder.url.appendingPathComponent(name))
        }
        let names = (1...4).map { "slice-000\($0).dcm" }
        let written = try FileManager.default.contentsOfDirectory(atPath: folder.url.appendingPathComponent("a").path)
        #expect(written.sorted() == names)
        for name in names {
            let first = try Data(contentsOf: folder.url.appendingPathComponent("a/\(name)"))
            #expect(try Data(contentsOf: folder.url.appendingPathComponent("b/\(name)")) == first)
        }
    }

    @Test func `UIDs are of the 2.25 root, differ by seed and fit in 64 characters`() {
        let uid = DICOMSeriesDescription(seed: "a").seriesInstanceUID
        #expect(uid.hasPrefix("2.25."))
        #expect(uid.count <= 64 && uid.dropFirst(5).allSatisfy(\.isNumber))
        #expect(uid != DICOMSeriesDescription(seed: "b").seriesInstanceUID)
        #expect(uid != DICOMSeriesDescription(seed: "a").studyInstanceUID)
    }

    @Test(.enabled(if: isInstalled("dciodvfy"), "dciodvfy is not installed"))
    func `dciodvfy finds no error in a written slice`() throws {
        var scan = smallScan()
        scan.geometry = Geometry(
            size: scan.geometry.size, spacingMM: [0.1 + 0.2, 1.0 / 3, 0.625], originMM: [-123.456789012345, 1e-7, 250])
        var description = DICOMSeriesDescription(seed: "phantom")
        description.sliceThicknessMM = 0.75
        description.tubeVoltageKV = 120
        try DICOMSeriesWriter.write(scan, description: description, toFolder: folder.url)
        for z in 1...4 {
            let path = folder.url.appendingPathComponent("slice-000\(z).dcm").path
            let result = try #require(try run("dciodvfy", [path]))
            #expect(!result.output.contains("Error"), "\(result.output)")
            #expect(result.output.contains("CTImage"))
        }
    }
}
