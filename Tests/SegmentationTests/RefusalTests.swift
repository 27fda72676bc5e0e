// What segmentation refuses, and in which words.
import Domain
import Imaging
import Testing

@testable import Segmentation

/// A 120 mm cube at 2 mm of soft tissue, with the given value instead inside a ball about its middle.
private func cube(ball value: Float, radiusMM: Double = 20) -> Volume {
    let geometry = Geometry(size: Index3(x: 60, y: 60, z: 60), spacingMM: [2, 2, 2])
    var volume = Volume(geometry: geometry, filledWith: 40)
    for i in volume.voxels.indices {
        let p = geometry.point(at: Index3(x: i % 60, y: i / 60 % 60, z: i / 3_600))
        if length(p - middle) < radiusMM { volume.voxels[i] = value }
    }
    return volume
}

private let middle: PointMM = [59, 59, 59]

private func segment(_ volume: Volume, _ seeds: [VertebraSeed]) throws -> SpineSegmentation {
    try SeededSegmentation.segment(volume, seeds: seeds, cancellation: Cancellation(), progress: { _ in })
}

@Suite struct RefusalTests {
    @Test func `no seed at all`() {
        #expect(throws: SegmentationError.noTarget) { try segment(cube(ball: 40), []) }
    }

    @Test func `a seed outside the scan`() {
        let point: PointMM = [59, 59, 130]
        #expect(throws: SegmentationError.seedOutsideImage(.L1, pointMM: point)) {
            try segment(cube(ball: 40), [VertebraSeed(level: .L1, pointMM: point)])
        }
    }

    @Test func `a seed that is not a number`() {
        #expect(throws: SegmentationError.self) {
            try segment(cube(ball: 40), [VertebraSeed(level: .L1, pointMM: [.nan, 0, 0])])
        }
    }

    @Test func `a seed in air, and one in tissue far from bone`() {
        for (value, mean) in [(Float(-1000), -1000.0), (40, 40.0)] {
            let error = #expect(throws: SegmentationError.self) {
                try segment(cube(ball: value), [VertebraSeed(level: .L2, pointMM: middle)])
            }
            #expect(error == .seedNotInBone(.L2, meanHU: mean, peakHU: 40))
            #expect(error?.code == .seedNotInBone)
            #expect(error?.detail.contains("\(mean) HU") == true)
        }
    }

    @Test func `a bright ball is no vertebra`() {
        let error = #expect(throws: SegmentationError.self) {
            try segment(cube(ball: 300), [VertebraSeed(level: .L2, pointMM: middle)])
        }
        #expect(error?.code == .segmentationFailed)
        #expect(error?.subject == "L2")
    }

    @Test func `two seeds in one vertebra`() {
        let seeds = [
            VertebraSeed(level: .L1, pointMM: middle + [0, 0, 3]),
            VertebraSeed(level: .L2, pointMM: middle - [0, 0, 3]),
        ]
        #expect(throws: SegmentationError.seedsShareVertebra(.L1, .L2, distanceMM: 6)) {
            try segment(cube(ball: 300), seeds)
        }
    }

    @Test func `levels that are named upside down, or twice`() {
        let (low, high) = (middle - [0, 0, 15], middle + [0, 0, 15])
        #expect(throws: SegmentationError.seedsOutOfOrder(upper: .L1, lower: .L2, descentMM: -30)) {
            try segment(
                cube(ball: 300), [VertebraSeed(level: .L1, pointMM: low), VertebraSeed(level: .L2, pointMM: high)])
        }
        #expect(throws: SegmentationError.levelRepeated(.L1)) {
            try segment(
                cube(ball: 300), [VertebraSeed(level: .L1, pointMM: low), VertebraSeed(level: .L1, pointMM: high)])
        }
    }

    @Test func `a label map on another grid, without the label, or with a speck of it`() {
        let volume = cube(ball: 300)
        func divide(_ mask: LabelMap) throws -> SpineSegmentation {
            try MaskSegmentation.vertebrae(
                from: mask, volume: volume, labels: [.L3: 7], cancellation: Cancellation(), progress: { _ in })
        }
        var moved = LabelMap(geometry: volume.geometry)
        #expect(throws: SegmentationError.labelAbsent(.L3, value: 7)) { try divide(moved) }
        moved[30, 30, 30] = 7
        #expect(throws: SegmentationError.self) { try divide(moved) }
        moved.geometry.originMM += [1, 0, 0]
        #expect(throws: SegmentationError.gridMismatch(scan: volume.geometry, mask: moved.geometry)) {
            try divide(moved)
        }
    }
}
