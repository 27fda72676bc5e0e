// Image files that SimpleITK, pynrrd and nibabel wrote, as SimpleITK reads them.
import Foundation
import Imaging
import Testing

@testable import ImagingIO

private let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden/images")

/// What SimpleITK reads from a file (`Golden/images/make_images.py`).
private struct ReadImage: Decodable {
    let type: String
    let size: [Int]
    let spacing, origin: [Double]
    /// Rows of the matrix whose columns are the axes, LPS.
    let direction: [Double]
    /// x fastest.
    let values: [Double]

    static let all: [String: ReadImage] = {
        let data = try? Data(contentsOf: folder.appendingPathComponent("images.json"))
        return data.flatMap { try? JSONDecoder().decode([String: ReadImage].self, from: $0) } ?? [:]
    }()
}

private func isClose(_ a: SIMD3<Double>, _ b: [Double], _ tolerance: Double) -> Bool {
    (0..<3).allSatisfy { abs(a[$0] - b[$0]) <= tolerance }
}

@Suite struct OtherToolsImagesTests {
    @Test func `every file of the folder has its golden reading`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            [".nrrd", ".nhdr", ".nii", ".nii.gz"].contains(where: $0.hasSuffix)
        }
        #expect(files.count == 17)
        #expect(Set(files) == Set(ReadImage.all.keys))
    }

    @Test(arguments: ReadImage.all.keys.sorted())
    func `a file of another tool is read as SimpleITK reads it`(_ name: String) throws {
        let expected = try #require(ReadImage.all[name])
        let file = try ImageFile.open(folder.appendingPathComponent(name))
        let grid = file.geometry
        #expect(file.storedType.rawValue == expected.type)
        #expect([grid.size.x, grid.size.y, grid.size.z] == expected.size)
        // Spacing and origin are read, not computed. ITK writes the directions of a NIfTI in single precision.
        #expect(isClose(grid.spacingMM, expected.spacing, 0), "\(grid.spacingMM) is not \(expected.spacing)")
        #expect(isClose(grid.originMM, expected.origin, 0), "\(grid.originMM) is not \(expected.origin)")
        for (column, axis) in [grid.xAxis, grid.yAxis, grid.zAxis].enumerated() {
            let theirs = [0, 3, 6].map { expected.direction[$0 + column] }
            #expect(isClose(axis, theirs, name.contains(".nii") ? 1e-6 : 1e-12), "\(axis) is not \(theirs)")
        }
        var values: [Double] = []
        try file.forEachPiece { piece, _ in values += piece }
        #expect(values == expected.values)
    }
}
