// NRRD and NIfTI files as voxel sources: grids as SimpleITK reads them, values in pieces, faults by field.
import Domain
import Foundation
import Imaging
import Testing

@testable import ImagingIO

private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
    let memory = MemorySink()
    let packer = try DeflateSink(memory, wrapping: .gzip)
    try packer.write(bytes)
    try packer.finish()
    return memory.bytes
}

private func nrrd(_ changes: [String: String?] = [:]) -> [UInt8] {
    var fields: [(String, String)] = [
        ("type", "short"), ("dimension", "3"), ("space", "left-posterior-superior"), ("sizes", "4 3 2"),
        ("space directions", "(0.5,0,0) (0,2,0) (0,0,3)"), ("kinds", "domain domain domain"), ("endian", "little"),
        ("encoding", "raw"), ("space origin", "(1,-2,3)"),
    ]
    for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
        fields.removeAll { $0.0 == name }
        if let value { fields.append((name, value)) }
    }
    let lines = ["NRRD0004", "# a comment"] + fields.map { "\($0.0): \($0.1)" } + ["modality:=CT", "", ""]
    return Array(lines.joined(separator: "\n").utf8)
}

extension Folder {
    fileprivate func write(_ bytes: [UInt8], _ name: String) throws -> URL { try file(name, bytes) }
}

private let littleVoxels = (0..<24).flatMap { withUnsafeBytes(of: Int16($0 - 5).littleEndian) { Array($0) } }
private let bigVoxels = (0..<24).flatMap { withUnsafeBytes(of: Int16($0 - 5).bigEndian) { Array($0) } }
private let expected = (0..<24).map { Double($0 - 5) }

private func values(_ file: ImageFile) throws -> [Double] {
    var values: [Double] = []
    try file.forEachPiece { piece, first in
        #expect(first == values.count)
        values += piece
    }
    return values
}

private func detail(_ body: () throws -> some Any) -> String? {
    do {
        _ = try body()
        return nil
    } catch {
        return (error as? any Fault)?.detail
    }
}

@Suite struct ImageFileTests {
    @Test func `A raw NRRD file gives its grid, its type and its voxels, twice the same`() throws {
        let folder = try Folder()
        let file = try ImageFile.open(folder.write(nrrd() + littleVoxels, "a.nrrd"))
        #expect(file.geometry.size == Index3(x: 4, y: 3, z: 2))
        #expect(file.geometry.spacingMM == [0.5, 2, 3])
        #expect(file.geometry.originMM == [1, -2, 3])
        #expect(file.geometry.zAxis == [0, 0, 1])
        #expect(file.storedType == .int16)
        #expect(try values(file) == expected)
        #expect(try values(file) == expected)
    }

    @Test func `Big-endian and detached NRRD files hold the same voxels`() throws {
        let folder = try Folder()
        let big = try ImageFile.open(folder.write(nrrd(["endian": "big"]) + bigVoxels, "big.nrrd"))
        #expect(try values(big) == expected)
        _ = try folder.write([1, 2, 3] + littleVoxels, "voxels.raw")
        let detached = try ImageFile.open(
            folder.write(nrrd(["data file": "voxels.raw", "byte skip": "3"]), "d.nhdr"))
        #expect(try values(detached) == expected)
        let fromEnd = try ImageFile.open(
            folder.write(nrrd(["data file": "voxels.raw", "byte skip": "-1"]), "e.nhdr"))
        #expect(try values(fromEnd) == expected)
    }

    @Test func `A gzip-encoded NRRD file is unpacked`() throws {
        let folder = try Folder()
        let file = try ImageFile.open(
            folder.write(nrrd(["encoding": "gzip"]) + gzip(littleVoxels), "a.nrrd"))
        #expect(try values(file) == expected)
    }

    @Test func `NRRD in right-anterior-superior space is turned to LPS`() throws {
        let folder = try Folder()
        let file = try ImageFile.open(folder.write(nrrd(["space": "RAS"]) + littleVoxels, "a.nrrd"))
        #expect(file.geometry.originMM == [-1, 2, 3])
        #expect(file.geometry.xAxis == [-1, 0, 0])
        #expect(file.geometry.yAxis == [0, -1, 0])
    }

    @Test func `NRRD with spacings alone lies along the axes`() throws {
        let folder = try Folder()
        let file = try ImageFile.open(
            folder.write(
                nrrd([
                    "space": nil, "space directions": nil, "space origin": nil, "spacings": "0.7 0.7 1.25",
                ]) + littleVoxels, "a.nrrd"))
        #expect(file.geometry.spacingMM == [0.7, 0.7, 1.25])
        #expect(file.geometry.originMM == .zero)
    }

    @Test(arguments: [
        ("type", "block"), ("dimension", "4"), ("sizes", "4 3"), ("endian", "middle"), ("encoding", "bzip2"),
        ("space", "scanner"), ("space directions", "(1,0,0) none (0,0,1)"), ("space origin", "(1,2)"),
        ("byte skip", "-2"), ("line skip", "x"), ("data file", "absent.raw"),
    ])
    func `A wrong NRRD field is named with its value`(field: String, value: String) throws {
        let folder = try Folder()
        let url = try folder.write(nrrd([field: value]) + littleVoxels, "a.nrrd")
        let text = try #require(detail { try ImageFile.open(url) })
        #expect(text.contains("'\(field)'"))
        #expect(text.contains("'\(value)'"))
        #expect(text.contains("a.nrrd"))
    }

    @Test(arguments: ["type", "dimension", "sizes", "encoding", "endian"])
    func `A missing NRRD field is named`(field: String) throws {
        let folder = try Folder()
        let url = try folder.write(nrrd([field: nil]) + littleVoxels, "a.nrrd")
        #expect(detail { try ImageFile.open(url) } == "a.nrrd: the field '\(field)' is missing.")
    }

    @Test func `A file that ends early says after how many voxels`() throws {
        let folder = try Folder()
        let url = try folder.write(nrrd() + littleVoxels.dropLast(3), "a.nrrd")
        let file = try ImageFile.open(url)
        #expect(detail { try values(file) } == "a.nrrd ends after 22 of 24 voxels (4 x 3 x 2).")
        let zipped = try ImageFile.open(
            folder.write(nrrd(["encoding": "gzip"]) + gzip(littleVoxels).dropLast(12), "b.nrrd"))
        #expect(try #require(detail { try values(zipped) }).contains("b.nrrd"))
    }

    @Test func `NIfTI spacing is the single-precision number widened, not the decimal`() throws {
        let folder = try Folder()
        var nifti = NIfTIFile()
        nifti.spacing = [1, 0.7, 0.7, 3, 0, 0, 0, 0]
        nifti.rows = [[0.7, 0, 0, -10], [0, 0.7, 0, -20], [0, 0, 3, 30]]
        let file = try ImageFile.open(folder.write(nifti.encoded, "a.nii"))
        #expect(file.geometry.spacingMM == [Double(Float(0.7)), Double(Float(0.7)), 3])
        #expect(file.geometry.originMM == [10, 20, 30])
        #expect(file.geometry.xAxis == [-1, 0, 0])
        #expect(file.storedType == .int16)
        #expect(try values(file) == (0..<24).map(Double.init))
        let zipped = try ImageFile.open(folder.write(gzip(nifti.encoded), "a.nii.gz"))
        #expect(try values(zipped) == (0..<24).map(Double.init))
    }

    @Test func `A NIfTI slope makes single-precision values`() throws {
        let folder = try Folder()
        var nifti = NIfTIFile()
        nifti.slope = Double(Float(0.1))
        nifti.intercept = -1
        let file = try ImageFile.open(folder.write(nifti.encoded, "a.nii"))
        #expect(file.storedType == .float32)
        #expect(try values(file)[3] == Double(Float(3 * Double(Float(0.1)) - 1)))
    }

    @Test func `One slice is an image`() throws {
        let folder = try Folder()
        var nifti = NIfTIFile()
        nifti.dimensions = [3, 4, 6, 1, 1, 1, 1, 1]
        #expect(try ImageFile.open(folder.write(nifti.encoded, "a.nii")).geometry.size == Index3(x: 4, y: 6, z: 1))
    }
}
