// A DICOM series as a volume: order, spacing, what is left out, and what is refused.
import Domain
import Foundation
import Imaging
import Synchronization
import Testing

@testable import ImagingIO

struct DICOMSeriesTests {
    private let folder: Folder
    private let scan = smallScan()

    init() throws { folder = try Folder() }

    private func inspect(_ files: [(name: String, bytes: [UInt8])]) throws -> StudyContents {
        try StudyFile.inspect(folder.zip(files))
    }

    private func refusal(_ files: [(name: String, bytes: [UInt8])]) throws -> FaultRecord? {
        let zip = try folder.zip(files)
        return fault { try StudyFile.inspect(zip) }
    }

    /// The scan with a place of our own for each slice.
    private func placed(_ places: [PointMM], edit: (inout DICOMDataSet, Int) -> Void = { _, _ in })
        -> [(name: String, bytes: [UInt8])]
    {
        dicomFiles(smallScan(size: Index3(x: 6, y: 5, z: places.count))) { slice, z in
            slice.add(.imagePosition, .DS, numbers: [places[z].x, places[z].y, places[z].z])
            edit(&slice, z)
        }
    }

    private func heights(_ heights: [Double]) -> [PointMM] { heights.map { [0, 0, $0] } }

    @Test func `the scanner is told by manufacturer and model, as far as they are there`() throws {
        func scanner(_ edit: (inout DICOMDataSet) -> Void) throws -> String? {
            let files = dicomFiles(scan) { slice, _ in edit(&slice) }
            return try inspect(files).series.first?.scanner
        }
        #expect(try scanner { $0.add(.manufacturerModelName, .LO, "Bench 1") } == "Osteon Bench 1")
        #expect(try scanner { _ in } == "Osteon")
    }

    @Test func `a written scan is read back voxel for voxel`() throws {
        let zip = try folder.zip(dicomFiles(scan))
        let decoded = try StudyFile.readVolume(zip)
        #expect(decoded.volume.voxels == scan.voxels)
        #expect(decoded.volume.geometry == scan.geometry)
        #expect(decoded.summary == (try StudyFile.inspect(zip).series.first))
        #expect(decoded.summary.modality == "CT")
        #expect(decoded.warnings.isEmpty)
    }

    @Test func `slices are sorted by position, not by file name or instance number`() throws {
        let files = dicomFiles(scan) { slice, z in slice.add(.instanceNumber, .IS, String(9 - z)) }
        let shuffled = zip(files.reversed(), ["a", "z", "c", "b"]).map { ($1, $0.bytes) }
        let volume = try StudyFile.readVolume(folder.zip(shuffled)).volume
        #expect(volume.voxels == scan.voxels)
        #expect(volume.geometry == scan.geometry)
    }

    @Test func `a scan stored head first comes out feet first, every voxel where it was in the patient`() throws {
        var flipped = scan
        flipped.geometry.zAxis = [0, 0, -1]
        flipped.geometry.originMM = [-10, 20, 30]
        let volume = try StudyFile.readVolume(folder.zip(dicomFiles(flipped))).volume
        #expect(volume.geometry.zAxis == [0, 0, 1])
        for z in 0..<4 {
            #expect(volume[1, 2, z] == flipped[1, 2, 3 - z])
            let here = volume.geometry.point(at: Index3(x: 1, y: 2, z: z))
            #expect(length(here - flipped.geometry.point(at: Index3(x: 1, y: 2, z: 3 - z))) < 1e-9)
        }
    }

    @Test func `each slice is rescaled by its own slope and intercept`() throws {
        let files = dicomFiles(scan) { slice, z in
            guard z == 1 else { return }
            slice.add(.rescaleSlope, .DS, numbers: [2])
            slice.add(.rescaleIntercept, .DS, numbers: [0])
        }
        let volume = try StudyFile.readVolume(folder.zip(files)).volume
        #expect(volume[3, 2, 0] == scan[3, 2, 0])
        #expect(volume[3, 2, 1] == (scan[3, 2, 1] + 1_024) * 2)
    }

    @Test(arguments: [(12, 11, 1, -5), (12, 11, 0, 4_091), (12, 13, 1, -2), (16, 15, 0, 65_531), (10, 9, 1, -5)])
    func `stored bits are cut out and their sign extended`(stored: Int, high: Int, isSigned: Int, expected: Float)
        throws
    {
        let files = dicomFiles(scan) { slice, _ in
            slice.add(.bitsStored, word: stored)
            slice.add(.highBit, word: high)
            slice.add(.pixelRepresentation, word: isSigned)
            slice.add(.rescaleIntercept, .DS, numbers: [0])
            slice.add(.pixelData, .OW, (0..<30).flatMap { _ in [0xFB, 0xFF] })  // -5 in 16 bits
        }
        // High Bit 13 with 12 bits stored drops the two lowest bits: ...1111 1110 = -2.
        #expect(try StudyFile.readVolume(folder.zip(files)).volume[0, 0, 0] == expected)
    }

    @Test func `a missing slice is named with its place`() throws {
        let refused = try refusal(placed(heights([0, 2, 4, 8, 10])))
        #expect(refused?.code == .seriesSliceMissing)
        #expect(refused?.detail.contains("1 slice(s) are missing") == true)
        #expect(refused?.detail.contains("2.dcm and 3.dcm") == true)
    }

    @Test func `uneven spacing is refused, rounded positions are not`() throws {
        #expect(try refusal(placed(heights([0, 2, 4, 7, 9])))?.code == .seriesUnevenSpacing)
        // 0.625 mm rounded to a tenth, as some scanners write it
        let rounded = try inspect(placed(heights([0, 0.6, 1.3, 1.9, 2.5])))
        #expect(rounded.series[0].spacingMM[2] == 0.625)
    }

    @Test func `a repeated slice is left out with a warning`() throws {
        let files = dicomFiles(scan)
        let contents = try inspect(files + [("again.dcm", files[1].bytes)])
        #expect(contents.series[0].sizeVoxels == [6, 5, 4])
        #expect(contents.warnings.contains { $0.contains("1 repeated slice") })
    }

    @Test func `two different slices at one place are refused`() throws {
        var other = scan
        other.voxels = other.voxels.map { $0 + 1 }
        let refused = try refusal(dicomFiles(scan) + dicomFiles(other, prefix: "second-"))
        #expect(refused?.code == .seriesSliceDuplicated)
        #expect(refused?.detail.contains("0.dcm") == true)
    }

    @Test func `a tilted gantry is refused with its angle`() throws {
        let tilted = (0..<4).map { z in PointMM(0, Double(z) * 2 * 0.1763, Double(z) * 2) }  // tan 10 degrees
        let refused = try refusal(placed(tilted) { slice, _ in slice.add(DICOMTag(0x18, 0x1120), .DS, numbers: [10]) })
        #expect(refused?.code == .seriesGantryTilt)
        #expect(refused?.detail.contains("10 degrees") == true)
    }

    @Test func `localisers are left out, marked or not`() throws {
        let scout = dicomFiles(smallScan(size: Index3(x: 8, y: 8, z: 1)), prefix: "scout-") { slice, _ in
            slice.add(.imageType, .CS, "ORIGINAL\\PRIMARY\\LOCALIZER")
        }
        let unmarked = dicomFiles(smallScan(size: Index3(x: 8, y: 8, z: 1)), prefix: "view-") { slice, _ in
            slice.add(.imageOrientation, .DS, numbers: [1, 0, 0, 0, 0, -1])
        }
        let contents = try inspect(dicomFiles(scan) + scout + unmarked)
        #expect(contents.series[0].sizeVoxels == [6, 5, 4])
        #expect(contents.warnings.contains { $0.contains("1 localiser") })
        #expect(contents.warnings.contains { $0.contains("1 image(s)") && $0.contains("another orientation") })
    }

    @Test func `half axial and half coronal is refused`() throws {
        let files = dicomFiles(smallScan(size: Index3(x: 6, y: 5, z: 8))) { slice, z in
            if z % 2 == 1 { slice.add(.imageOrientation, .DS, numbers: [1, 0, 0, 0, 0, -1]) }
        }
        #expect(try refusal(files)?.code == .seriesOrientationMixed)
    }

    @Test func `mixed sizes and mixed pixel spacing are refused`() throws {
        let other = smallScan(size: Index3(x: 7, y: 5, z: 1), originMM: [-10, 20, -22])
        let refused = try refusal(dicomFiles(scan) + dicomFiles(other, prefix: "wide-"))
        #expect(refused?.code == .seriesSizesDiffer)
        #expect(refused?.subject == "wide-0.dcm")
        let spacing = dicomFiles(scan) { slice, z in
            if z == 2 { slice.add(.pixelSpacing, .DS, numbers: [0.8, 0.5]) }
        }
        #expect(try refusal(spacing)?.code == .seriesSizesDiffer)
    }

    @Test func `fewer than three slices are refused, in a zip or alone`() throws {
        let files = dicomFiles(scan)
        #expect(try refusal(Array(files[..<2]))?.code == .seriesTooFewSlices)
        let single = try folder.file("one.bin", files[0].bytes)
        #expect(fault { try StudyFile.inspect(single) }?.code == .seriesTooFewSlices)
    }

    @Test func `of two series the thinner is taken and named, and either can be asked for`() throws {
        let thick = smallScan(spacingMM: [0.5, 0.75, 5])
        let zip = try folder.zip(
            dicomFiles(thick, seed: "thick", prefix: "thick-") + dicomFiles(scan, seed: "thin", prefix: "thin-"))
        let contents = try StudyFile.inspect(zip)
        let thin = DICOMSeriesDescription(seed: "thin").seriesInstanceUID
        #expect(contents.chosenSeries == thin)
        #expect(contents.series.count == 2)
        #expect(contents.warnings.contains { $0.contains(thin) && $0.contains("thinnest") })
        #expect(try StudyFile.readVolume(zip).volume.geometry == scan.geometry)
        let named = DICOMSeriesDescription(seed: "thick").seriesInstanceUID
        #expect(try StudyFile.readVolume(zip, series: named).volume.geometry == thick.geometry)
    }

    @Test func `MR is refused for a CT service, yet can be decoded when it is named`() throws {
        let files = dicomFiles(scan) { slice, _ in slice.add(.modality, .CS, "MR") }
        let refused = try refusal(files)
        #expect(refused?.code == .modalityNotCT)
        #expect(refused?.detail.contains("of modality MR") == true)
        let decoded = try StudyFile.readVolume(folder.zip(files))
        #expect(decoded.summary.modality == "MR")
        #expect(decoded.volume.voxels == scan.voxels)
    }

    @Test func `an MR series beside a CT is listed as unusable`() throws {
        let mr = dicomFiles(scan, seed: "mr", prefix: "mr-") { slice, _ in slice.add(.modality, .CS, "MR") }
        let contents = try inspect(mr + dicomFiles(scan))
        #expect(contents.chosenSeries == DICOMSeriesDescription(seed: "test").seriesInstanceUID)
        #expect(contents.series.first { $0.modality == "MR" }?.unusable?.code == .modalityNotCT)
    }

    @Test func `colour, many frames and missing tags are refused with the file or tag`() throws {
        let colour = dicomFiles(scan) { slice, _ in
            slice.add(.samplesPerPixel, word: 3)
            slice.add(.photometricInterpretation, .CS, "RGB")
        }
        #expect(try refusal(colour)?.code == .dicomNotGreyscale)
        let frames = dicomFiles(scan) { slice, _ in slice.add(.numberOfFrames, .IS, "40") }
        #expect(try refusal(frames)?.code == .dicomMultiFrameUnsupported)
        for (tag, name) in [
            (DICOMTag.imagePosition, "(0020,0032)"), (.imageOrientation, "(0020,0037)"), (.pixelSpacing, "(0028,0030)"),
            (.rescaleIntercept, "(0028,1052)"),
        ] {
            let refused = try refusal(dicomFiles(scan) { slice, _ in slice.add(tag, .DS, "") })
            #expect(refused?.code == .dicomTagMissing)
            #expect(refused?.subject == name)
        }
    }

    @Test func `objects without pixels are passed over beside images and refused alone`() throws {
        let plan = dicomFiles(scan, prefix: "plan-") { slice, _ in
            slice.add(.rows, .US, [UInt8]())
            slice.add(.pixelData, .OW, [UInt8]())
        }
        let contents = try inspect(dicomFiles(scan) + [plan[0], ("DICOMDIR.txt", Array("hello".utf8))])
        #expect(contents.warnings.contains { $0.contains("plan-0.dcm") })
        #expect(contents.warnings.contains { $0.contains("DICOMDIR.txt (text)") })
        let refused = try refusal(plan)
        #expect(refused?.code == .dicomWithoutPixels)
        #expect(refused?.subject == "plan-0.dcm")
    }

    @Test func `an image without its pixel data, or with too little, is refused at inspection`() throws {
        let none = dicomFiles(scan) { slice, z in if z == 1 { slice.add(.pixelData, .OW, [UInt8]()) } }
        #expect([.dicomWithoutPixels, .dicomDamaged].contains(try refusal(none)?.code))
        let short = dicomFiles(scan) { slice, z in
            if z == 1 { slice.add(.pixelData, .OW, [UInt8](repeating: 0, count: 58)) }
        }
        let refused = try refusal(short)
        #expect(refused?.code == .dicomDamaged)
        #expect(refused?.subject == "1.dcm")
    }

    @Test func `a file cut short is refused by name`() throws {
        var files = dicomFiles(scan)
        files[2].bytes.removeLast(20)
        let refused = try refusal(files)
        #expect(refused?.code == .dicomDamaged)
        #expect(refused?.subject == "2.dcm")
    }

    @Test func `images without a series UID are taken as one series, with a warning`() throws {
        let contents = try inspect(dicomFiles(scan) { slice, _ in slice.add(.seriesInstanceUID, .UI, "") })
        #expect(contents.series[0].sizeVoxels == [6, 5, 4])
        #expect(contents.warnings.contains { $0.contains("(0020,000E)") })
    }

    @Test func `lossy compression and values that are not HU are said`() throws {
        let contents = try inspect(
            dicomFiles(scan) { slice, _ in
                slice.add(.lossyCompression, .CS, "01")
                slice.add(.rescaleType, .LO, "ED")
            })
        #expect(contents.warnings.contains { $0.contains("(0028,2110)") })
        #expect(contents.warnings.contains { $0.contains("is ED, not HU") })
    }

    @Test func `several threads read at once`() throws {
        let zip = try folder.zip(dicomFiles(scan))
        let results = Mutex<[[Float]]>([])
        DispatchQueue.concurrentPerform(iterations: 16) { _ in
            let voxels = (try? StudyFile.readVolume(zip).volume.voxels) ?? []
            results.withLock { $0.append(voxels) }
        }
        #expect(results.withLock { $0 } == [[Float]](repeating: scan.voxels, count: 16))
    }

    @Test func `a zip of other things names them`() throws {
        let refused = try refusal([("a.pdf", Array("%PDF-1.7".utf8)), ("b.txt", Array("text".utf8))])
        #expect(refused?.code == .unrecognisedFormat)
        #expect(refused?.detail.contains("a.pdf (PDF), b.txt (text)") == true)
    }

    @Test func `items nested 20,000 deep do not overflow the stack, 100,000 are refused`() throws {
        func nested(_ depth: Int) -> [UInt8] {
            let sequence: [UInt8] = [8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255]
            let item: [UInt8] = [0xFE, 0xFF, 0, 0xE0, 255, 255, 255, 255]
            let ends: [UInt8] = [0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
            let head = DICOMDataSet(sopClass: DICOMUID.ctImageStorage, sopInstance: "2.25.1").file
            return head + (0..<depth).flatMap { _ in sequence + item } + (0..<depth).flatMap { _ in ends }
        }
        let deep = try folder.file("deep.dcm", nested(20_000))
        #expect(fault { try StudyFile.inspect(deep) }?.code == .dicomWithoutPixels)
        let deeper = try folder.file("deeper.dcm", nested(100_000))
        #expect(fault { try StudyFile.inspect(deeper) }?.detail.contains("50000") == true)
    }

    @Test func `reading stops when it is cancelled`() throws {
        let cancellation = Cancellation()
        cancellation.cancel()
        let zip = try folder.zip(dicomFiles(scan))
        #expect(fault { try StudyFile.readVolume(zip, cancellation: cancellation) }?.code == .jobCancelled)
    }

    @Test func `progress rises to one`() throws {
        var parts: [Double] = []
        _ = try StudyFile.readVolume(folder.zip(dicomFiles(scan))) { parts.append($0) }
        #expect(parts == parts.sorted())
        #expect(parts.last == 1)
    }
}
