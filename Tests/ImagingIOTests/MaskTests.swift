// Uploaded label maps: the same voxels in any axis order are taken, any other grid is refused with the difference.
import Domain
import Foundation
import Imaging
import Testing

@testable import ImagingIO

struct MaskTests {
    private let folder: Folder
    private let image = Geometry(
        size: Index3(x: 5, y: 4, z: 3), spacingMM: [0.7, 0.8, 1.25], originMM: [-31.2, 14.7, -402.1])

    init() throws { folder = try Folder() }

    private var summary: SeriesSummary {
        SeriesSummary(id: "image", modality: "CT", geometry: image, sliceThicknessMM: nil, unusable: nil)
    }

    /// Labels 1 to 60 in the image's own order.
    private var labels: LabelMap { LabelMap(geometry: image, labels: (1...60).map { UInt16($0) }) }

    private func written(_ map: LabelMap) throws -> URL {
        let url = folder.url.appendingPathComponent("mask.nii.gz")
        try NIfTIWriter.write(map, to: url)
        return url
    }

    /// The same labels stored with axes `order` (0 x, 1 y, 2 z), those in `flipped` backwards.
    private func restored(order: [Int], flipped: Set<Int>) -> LabelMap {
        let sizes = [image.size.x, image.size.y, image.size.z]
        let axes = [image.xAxis, image.yAxis, image.zAxis]
        var first = SIMD3<Double>.zero
        for axis in flipped { first[axis] = Double(sizes[axis] - 1) }
        let turned = order.map { flipped.contains($0) ? -axes[$0] : axes[$0] }
        let geometry = Geometry(
            size: Index3(x: sizes[order[0]], y: sizes[order[1]], z: sizes[order[2]]),
            spacingMM: [image.spacingMM[order[0]], image.spacingMM[order[1]], image.spacingMM[order[2]]],
            originMM: image.point(at: first), xAxis: turned[0], yAxis: turned[1], zAxis: turned[2])
        var map = LabelMap(geometry: geometry)
        for z in 0..<geometry.size.z {
            for y in 0..<geometry.size.y {
                for x in 0..<geometry.size.x {
                    let index = image.index(of: geometry.point(at: Index3(x: x, y: y, z: z))).rounded(.toNearestOrEven)
                    map[x, y, z] = labels[Int(index.x), Int(index.y), Int(index.z)]
                }
            }
        }
        return map
    }

    @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
    func `axes in any order and direction come back to the image's`(order: [Int]) throws {
        for flips in [[], [0], [1], [2], [0, 1], [0, 1, 2]] as [Set<Int>] {
            let url = try written(restored(order: order, flipped: flips))
            let read = try MaskFile.read(url, onto: image)
            #expect(read.labels == labels.labels, "flipped \(flips)")
            #expect(read.geometry == image)
            #expect(try MaskFile.inspect(url, against: summary) == Array(1...60))
        }
    }

    private func mismatch(_ edit: (inout Geometry) -> Void) throws -> FaultRecord? {
        var geometry = image
        edit(&geometry)
        let url = try written(LabelMap(geometry: geometry, labels: [UInt16](repeating: 1, count: geometry.size.count)))
        let found = fault { try MaskFile.inspect(url, against: summary) }
        #expect(fault { try MaskFile.read(url, onto: image) } == found)
        return found
    }

    @Test func `another grid is refused with what differs`() throws {
        let size = try mismatch { $0.size.x = 6 }
        #expect(size?.code == .maskGridMismatch)
        #expect(size?.detail.contains("size 6 x 4 x 3 against 5 x 4 x 3") == true)
        let spacing = try mismatch { $0.spacingMM.y = 0.9 }
        #expect(spacing?.detail.contains("spacing 0.7 x 0.9 x 1.25 against 0.7 x 0.8 x 1.25 mm") == true)
        let origin = try mismatch { $0.originMM.z += 2 }
        #expect(origin?.detail.contains("first voxel 2 mm away") == true)
        let turned = try mismatch {
            $0.xAxis = [cos(0.1), sin(0.1), 0]
            $0.yAxis = [-sin(0.1), cos(0.1), 0]
        }
        #expect(turned?.detail.contains("direction off by 5.73 degrees") == true)  // 0.1 rad
    }

    @Test func `rounding of the header is not another grid`() throws {
        #expect(try mismatch { $0.originMM += [0.004, -0.004, 0.004] } == nil)
    }

    @Test func `an empty label map is refused when it is inspected`() throws {
        let url = try written(LabelMap(geometry: image))
        #expect(fault { try MaskFile.inspect(url, against: summary) }?.code == .maskLabelAbsent)
    }

    @Test func `values that are no labels are refused`() throws {
        var probabilities = Volume(geometry: image, filledWith: 0)
        probabilities.voxels[7] = 0.4
        let url = folder.url.appendingPathComponent("p.nii.gz")
        try NIfTIWriter.write(probabilities, to: url)
        let refused = fault { try MaskFile.inspect(url, against: summary) }
        #expect(refused?.code == .parameterInvalid)
        #expect(refused?.detail.contains("0.4") == true)
    }

    @Test func `a zip with one label map is read, with two refused, and DICOM is no label map`() throws {
        let bytes = try NIfTIWriter.encode(labels)
        let one = try folder.zip([("mask.nii.gz", bytes), ("read.me", Array("text".utf8))])
        #expect(try MaskFile.read(one, onto: image).labels == labels.labels)
        let two = try folder.zip([("a.nii.gz", bytes), ("b.nii.gz", bytes)])
        #expect(fault { try MaskFile.read(two, onto: image) }?.code == .seriesAmbiguous)
        let dicom = try folder.zip(dicomFiles(smallScan()))
        #expect(fault { try MaskFile.read(dicom, onto: image) }?.code == .unrecognisedFormat)
    }
}
