// The values around a point, read without decoding the whole scan.
import Domain
import Foundation
import Imaging
import Testing

@testable import ImagingIO

struct ProbeTests {
    private let folder: Folder
    /// 1 mm voxels, the first at (0, 0, 0): voxel index = patient point.
    private let scan = smallScan(spacingMM: [1, 1, 1], originMM: .zero)

    init() throws { folder = try Folder() }

    private func probe(_ file: URL, _ points: [PointMM], radiusMM: Double) throws -> [[Float]] {
        try StudyFile.probe(
            .file(file), contents: StudyFile.inspect(file), series: nil, at: points, radiusMM: radiusMM)
    }

    private func files() throws -> [URL] {
        let nifti = folder.url.appendingPathComponent("scan.nii.gz")
        try NIfTIWriter.write(scan, to: nifti)
        return [try folder.zip(dicomFiles(scan)), nifti]
    }

    @Test func `a small radius gives the voxel that holds the point`() throws {
        for file in try files() {
            #expect(try probe(file, [[2.3, 3.4, 1.4]], radiusMM: 0.1) == [[scan[2, 3, 1]]])
        }
    }

    @Test func `a radius of one voxel gives the voxel and its six neighbours`() throws {
        let expected = [
            scan[2, 2, 0], scan[2, 1, 1], scan[1, 2, 1], scan[2, 2, 1], scan[3, 2, 1], scan[2, 3, 1], scan[2, 2, 2],
        ]
        for file in try files() { #expect(try probe(file, [[2, 2, 1]], radiusMM: 1.01) == [expected]) }
    }

    @Test func `points outside give nothing, points at the edge what is inside`() throws {
        for file in try files() {
            let found = try probe(file, [[-0.6, 0, 0], [5.4, 4.4, 3.4], [2, 2, 9]], radiusMM: 0.2)
            #expect(found == [[], [scan[5, 4, 3]], []])
        }
    }
}
