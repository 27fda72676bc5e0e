// NIfTI: every encoding that is read, where the voxels lie, and what is refused.
import Domain
import Foundation
import Imaging
import Testing

@testable import ImagingIO

struct NIfTITests {
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func read(_ file: NIfTIFile, gzip: Bool = false) throws -> Volume {
        try StudyFile.readVolume(folder.file("image.bin", gzip ? file.zipped : file.encoded)).volume
    }

    private func refusal(_ edit: (inout NIfTIFile) -> Void) throws -> FaultRecord? {
        var file = NIfTIFile()
        edit(&file)
        let url = try folder.file("image.bin", file.encoded)
        let read = fault { try StudyFile.readVolume(url) }
        #expect(fault { try StudyFile.inspect(url) } == read, "inspect and readVolume disagree")
        return read
    }

    @Test(arguments: [false, true], [false, true])
    func `both versions are read in both byte orders, packed or not`(isVersion2: Bool, isBigEndian: Bool) throws {
        let file = NIfTIFile(isVersion2: isVersion2, isBigEndian: isBigEndian)
        for gzip in [false, true] {
            let volume = try read(file, gzip: gzip)
            #expect(volume.voxels == (0..<24).map { Float($0) })
            #expect(volume.geometry.size == Index3(x: 4, y: 3, z: 2))
            #expect(volume.geometry.spacingMM == [1, 2, 3])
            // RAS (-10, -20, 30) is LPS (10, 20, 30); +x of the file runs to the right, LPS -x.
            #expect(volume.geometry.originMM == [10, 20, 30])
            #expect(volume.geometry.xAxis == [-1, 0, 0])
            #expect(volume.geometry.yAxis == [0, -1, 0])
            #expect(volume.geometry.zAxis == [0, 0, 1])
        }
    }

    /// NIfTI code, bits, and 24 voxels of which the first four are -2 or 2, 3, 1 and the type's own largest or a fraction.
    static let encodings: [(code: Int, bits: Int, data: [UInt8], first: [Float])] = {
        func pack<Value: FixedWidthInteger>(_ values: [Value]) -> [UInt8] {
            (values + [Value](repeating: 0, count: 24 - values.count)).flatMap { value in
                withUnsafeBytes(of: value.littleEndian) { Array($0) }
            }
        }
        return [
            (2, 8, pack([2, 3, 1, UInt8.max]), [2, 3, 1, 255]),
            (256, 8, pack([-2, 3, 1, Int8.max]), [-2, 3, 1, 127]),
            (4, 16, pack([-2, 3, 1, Int16.max]), [-2, 3, 1, 32_767]),
            (512, 16, pack([2, 3, 1, UInt16.max]), [2, 3, 1, 65_535]),
            (8, 32, pack([-2, 3, 1, Int32(1 << 24)]), [-2, 3, 1, 16_777_216]),
            (768, 32, pack([2, 3, 1, UInt32(1 << 31)]), [2, 3, 1, 2_147_483_648]),
            (16, 32, pack([Float(-2), 3, 1, 0.5].map(\.bitPattern)), [-2, 3, 1, 0.5]),
            (64, 64, pack([-2.0, 3, 1, 0.25].map(\.bitPattern)), [-2, 3, 1, 0.25]),
        ]
    }()

    @Test(arguments: encodings.indices) func `every datatype is read`(index: Int) throws {
        let encoding = Self.encodings[index]
        let volume = try read(
            NIfTIFile(datatype: encoding.code, bitsPerVoxel: encoding.bits, data: encoding.data))
        #expect(Array(volume.voxels[..<4]) == encoding.first)
    }

    @Test func `slope and intercept are applied, and a slope of 0 means none`() throws {
        #expect(try read(NIfTIFile(slope: 2, intercept: -1_024)).voxels[3] == -1_018)
        #expect(try read(NIfTIFile(slope: 0, intercept: -1_024)).voxels[3] == 3)
        #expect(try read(NIfTIFile(slope: .nan, intercept: .nan)).voxels[3] == 3)
    }

    @Test func `the qform is taken where there is no sform`() throws {
        // b, c, d = 0, 0, 1: half a turn about z, so file +x is RAS -x = LPS +x; qfac -1 turns z round.
        let file = NIfTIFile(
            spacing: [-1, 1, 2, 3, 0, 0, 0, 0], qformCode: 1, sformCode: 0, quaternion: [0, 0, 1], offset: [5, 6, 7])
        let geometry = try read(file).geometry
        #expect(geometry.xAxis == [1, 0, 0])
        #expect(geometry.yAxis == [0, 1, 0])
        #expect(geometry.zAxis == [0, 0, -1])
        #expect(geometry.originMM == [-5, -6, 7])
    }

    @Test func `micrometres become millimetres`() throws {
        let file = NIfTIFile(
            spacing: [1, 1_000, 2_000, 3_000, 0, 0, 0, 0], units: 3,
            rows: [[1_000, 0, 0, 0], [0, 2_000, 0, 0], [0, 0, 3_000, 9_000]])
        let geometry = try read(file).geometry
        #expect(geometry.spacingMM == [1, 2, 3])
        #expect(geometry.originMM == [0, 0, 9])
    }

    @Test func `extra dimensions of one are fine`() throws {
        #expect(try read(NIfTIFile(dimensions: [5, 4, 3, 2, 1, 1, 1, 1])).voxels.count == 24)
    }

    @Test func `images that are not three-dimensional are refused`() throws {
        #expect(try refusal { $0.dimensions = [2, 4, 6, 1, 1, 1, 1, 1] }?.code == .niftiNotThreeDimensional)
        #expect(try refusal { $0.dimensions = [3, 4, 6, 1, 1, 1, 1, 1] }?.code == .niftiNotThreeDimensional)
        let refused = try refusal { $0.dimensions = [4, 2, 3, 2, 2, 1, 1, 1] }
        #expect(refused?.code == .niftiNotThreeDimensional)
        #expect(refused?.detail.contains("2 x 3 x 2 x 2") == true)
    }

    @Test func `an image with too few bytes is truncated, one with too many damaged`() throws {
        let short = try refusal { $0.data = Array($0.defaultData.dropLast(3)) }
        #expect(short?.code == .niftiTruncated)
        #expect(short?.detail.contains("22 of 24 voxels") == true)
        #expect(try refusal { $0.data = $0.defaultData + [0] }?.code == .niftiDamaged)
        #expect(try refusal { $0.dimensions[3] = 30_000 }?.code == .niftiTruncated)
    }

    @Test func `a cut gzip is truncated wherever it is cut`() throws {
        let bytes = try NIfTIFile().zipped
        for length in stride(from: 30, to: bytes.count, by: 5) {
            let url = try folder.file("cut.nii.gz", Array(bytes[..<length]))
            let code = fault { try StudyFile.inspect(url) }?.code
            // Before the whole header is there, nothing shows that it is NIfTI.
            #expect(code == .niftiTruncated || (code == .unrecognisedFormat && length < 100), "cut at \(length)")
        }
    }

    @Test func `gzip in several members is read whole`() throws {
        let file = NIfTIFile()
        let halves = [Array(file.encoded[..<380]), Array(file.encoded[380...])]
        var bytes: [UInt8] = []
        for half in halves {
            let memory = MemorySink()
            let packer = try DeflateSink(memory, wrapping: .gzip)
            try packer.write(half)
            try packer.finish()
            bytes += memory.bytes
        }
        #expect(try StudyFile.readVolume(folder.file("two.gz", bytes)).volume.voxels.last == 23)
    }

    @Test func `voxels that are not finite are counted and refused`() throws {
        let values = [Float](repeating: 1, count: 22) + [.nan, .infinity]
        let data = values.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) } }
        let some = try refusal {
            $0.datatype = 16
            $0.bitsPerVoxel = 32
            $0.data = data
        }
        #expect(some?.code == .imageNotFinite)
        #expect(some?.detail.hasPrefix("2 of 24 voxels") == true)
        let all = try refusal {
            $0.datatype = 16
            $0.bitsPerVoxel = 32
            $0.data = [UInt8](repeating: 0xFF, count: 96)
        }
        #expect(all?.detail.hasPrefix("All 24 voxels") == true)
    }

    @Test(arguments: [0, -1, 0.01, 25, .nan])
    func `absurd spacing is refused`(spacing: Double) throws {
        let code = try refusal {
            $0.spacing[2] = spacing
            $0.rows[1][1] = spacing
        }?.code
        // A negative element of the matrix is a flipped axis; only pixdim must not be absurd there.
        #expect(spacing == -1 ? code == nil : code == .niftiSpacingImplausible || code == .niftiOrientationUnusable)
    }

    @Test func `an image without orientation, or sheared, is refused`() throws {
        #expect(try refusal { $0.sformCode = 0 }?.code == .niftiOrientationUnusable)
        #expect(try refusal { $0.rows[0][1] = 0.3 }?.code == .niftiOrientationUnusable)
    }

    @Test func `a hair of shear is straightened`() throws {
        var file = NIfTIFile()
        file.rows[0][1] = 0.001  // cosine 5e-4
        let geometry = try read(file).geometry
        #expect(abs(dot(geometry.xAxis, geometry.yAxis)) < 1e-12)
        #expect(abs(dot(geometry.yAxis, geometry.zAxis)) < 1e-12)
    }

    @Test func `datatypes that are not read are named`() throws {
        let refused = try refusal {
            $0.datatype = 128
            $0.bitsPerVoxel = 24
        }
        #expect(refused?.code == .niftiDatatypeUnsupported)
        #expect(refused?.detail.contains("RGB24") == true)
        #expect(try refusal { $0.bitsPerVoxel = 8 }?.code == .niftiDamaged)
    }

    @Test func `half of a header and image pair is refused`() throws {
        #expect(try refusal { $0.magic = [0x6E, 0x69, 0x31, 0] }?.code == .niftiDamaged)
    }

    @Test func `an image beyond the limit is refused before it is read`() throws {
        #expect(try refusal { $0.dimensions = [3, 30_000, 30_000, 30_000, 1, 1, 1, 1] }?.code == .imageTooLarge)
    }

    @Test func `a file that is neither DICOM nor NIfTI is named for what it looks like`() throws {
        let text = try folder.file("t", Array("Dear radiologist, please find attached".utf8))
        let refused = fault { try StudyFile.inspect(text) }
        #expect(refused?.code == .unrecognisedFormat)
        #expect(refused?.detail.contains("text") == true)
        #expect(fault { try StudyFile.inspect(folder.file("e", [])) }?.code == .emptyBody)
    }

    @Test func `a zip of NIfTI files lists each as a series and takes the thinnest`() throws {
        let thick = NIfTIFile(
            spacing: [1, 1, 2, 5, 0, 0, 0, 0], rows: [[1, 0, 0, 0], [0, 2, 0, 0], [0, 0, 5, 0]])
        let zip = try folder.zip([
            ("thick.nii", thick.encoded), ("thin.nii.gz", NIfTIFile().zipped), ("notes.txt", Array("note".utf8)),
        ])
        let contents = try StudyFile.inspect(zip)
        #expect(contents.format == .niftiArchive)
        #expect(contents.series.map(\.id) == ["thick.nii", "thin.nii.gz"])
        #expect(contents.chosenSeries == "thin.nii.gz")
        #expect(contents.warnings.contains { $0.contains("notes.txt (text)") })
        #expect(try StudyFile.readVolume(zip, series: "thick.nii").volume.geometry.spacingMM.z == 5)
        #expect(fault { try StudyFile.readVolume(zip, series: "other") }?.code == .seriesUnknown)
    }
}
