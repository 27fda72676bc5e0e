// The cascade after its network, on phantoms whose maps are made from the truth: what no better network could mend.
import Domain
import Imaging
import Phantoms
import Testing

@testable import Segmentation

/// The maps that a perfect network would give of a phantom.
private func idealMaps(_ phantom: Phantom) -> SpineMaps {
    let geometry = LocateGrid.geometry(covering: phantom.volume.geometry)
    let labels = phantom.labels.resampled(to: geometry)
    let bodies = phantom.bodies.resampled(to: geometry)
    var probabilities = Array(
        repeating: [Float](repeating: 0, count: geometry.size.count), count: SpineClass.allCases.count)
    var offsets = Array(repeating: [Float](repeating: 0, count: geometry.size.count), count: 3)
    for i in labels.labels.indices {
        guard let level = VertebralLevel(labelValue: labels.labels[i]), let truth = phantom.truth.vertebra(level) else {
            probabilities[SpineClass.background.rawValue][i] = 1
            continue
        }
        let kind = bodies.labels[i] == 0 ? SpineClass.posterior : .body
        probabilities[kind.rawValue][i] = 1
        let size = geometry.size
        let way =
            truth.bodyCentreLPSMM
            - geometry.point(at: Index3(x: i % size.x, y: i / size.x % size.y, z: i / (size.x * size.y)))
        for axis in 0..<3 { offsets[axis][i] = Float(way[axis]) }
    }
    return SpineMaps(geometry: geometry, probabilities: probabilities, offsetsMM: offsets)
}

/// A random patient, its ideal maps, and what is found with them; made once.
private struct Case {
    let phantom: Phantom
    let maps: SpineMaps
    let found: FoundSpine

    init() throws {
        phantom = try PhantomBuilder.build(.random(seed: 3, spacingMM: [1, 1, 1]))
        maps = idealMaps(phantom)
        found = try AutomaticSegmentation.segment(
            phantom.volume, maps: maps, outliner: nil, anchor: nil, cancellation: Cancellation(), progress: { _ in })
    }

    static let shared = Result { try Case() }
}

@Suite struct IdealMapsTests {
    /// 0.973 and 0.936 were the least when this was written.
    @Test func `every vertebra of a phantom is found, none invented, and outlined`() throws {
        let patient = try Case.shared.get()
        let (phantom, found) = (patient.phantom, patient.found)
        #expect(found.vertebrae.count == phantom.truth.vertebrae.count)
        let whole = found.labelMap(on: phantom.volume.geometry)
        let bodies = found.bodyLabelMap(on: phantom.volume.geometry)
        for (vertebra, truth) in zip(found.vertebrae, phantom.truth.vertebrae) {
            #expect(length(vertebra.centreMM - truth.bodyCentreLPSMM) < 1.5, "\(truth.level)")
            let label = truth.level.labelValue
            #expect(dice(bodies, vertebra.level.labelValue, phantom.bodies, label) > 0.955, "\(truth.level)")
            #expect(dice(whole, vertebra.level.labelValue, phantom.labels, label) > 0.9, "\(truth.level)")
        }
    }

    /// Voxels that the border cuts by half are counted or not: a tenth too much was reached. Without the refinement of the edge, as it was where the
    /// network had looked, they were 1.16 to 1.18 times as large.
    @Test func `on voxels of 2 mm bodies that were looked at closely are as large as they are`() throws {
        let phantom = try PhantomBuilder.build(.random(seed: 3, spacingMM: [2, 2, 2]))
        let found = try AutomaticSegmentation.segment(
            phantom.volume, maps: idealMaps(phantom), outliner: try ShippedNetworks.outliner(), anchor: nil,
            cancellation: Cancellation(), progress: { _ in })
        // One more at each end is drawn without truth, and cut by the border.
        let known = found.vertebrae.filter { vertebra in
            phantom.truth.vertebrae.contains { length($0.bodyCentreLPSMM - vertebra.centreMM) < 4 }
        }
        try #require(known.count == phantom.truth.vertebrae.count)
        #expect(found.vertebrae.count - known.count <= 2)
        for (vertebra, truth) in zip(known, phantom.truth.vertebrae) {
            let shape = try #require(vertebra.shape, "\(truth.level)")
            let trueML = phantom.bodies.mask(of: truth.level.labelValue).volumeML
            #expect((0.95...1.14).contains(shape.volumeML(of: .body) / trueML), "\(truth.level)")
        }
    }

    @Test func `a vertebra that the scan cuts is marked, and keeps its place`() throws {
        let patient = try Case.shared.get()
        let upper = patient.phantom.truth.vertebrae[0]
        let whole = patient.phantom.volume
        // The scan ends 4 mm above the first body's centre.
        var size = whole.geometry.size
        size.z = Int(whole.geometry.index(of: upper.bodyCentreLPSMM).z) + 5
        let scan = whole.cropped(from: Index3(x: 0, y: 0, z: 0), size: size)
        var cut = patient.phantom
        cut.volume = scan
        cut.labels = cut.labels.cropped(from: Index3(x: 0, y: 0, z: 0), size: size)
        cut.bodies = cut.bodies.cropped(from: Index3(x: 0, y: 0, z: 0), size: size)
        let found = try AutomaticSegmentation.segment(
            scan, maps: idealMaps(cut), outliner: nil, anchor: nil, cancellation: Cancellation(), progress: { _ in })
        #expect(found.vertebrae.count == 5)
        let first = try #require(found.vertebrae.first)
        #expect(first.shape?.isWhole != true)
        #expect(first.review.needsReview)
        #expect(length(first.centreMM - upper.bodyCentreLPSMM) < 8)
    }

    @Test func `without anchors nothing is named, and the masks have values of their own`() throws {
        let patient = try Case.shared.get()
        #expect(patient.found.vertebrae.map(\.level.rawValue) == (1...5).map { "unknown-\($0)" })
        #expect(patient.found.namingReasons.count == 3, "sacrum, ribs and dens each say why they are silent")
        #expect(patient.found.vertebrae.allSatisfy { $0.vertebra?.level == $0.level })
        let values = Set(patient.found.labelMap(on: patient.phantom.volume.geometry).labels)
        #expect(values == [0, 101, 102, 103, 104, 105])
    }

    @Test func `one named point names them all, and one far away is refused`() throws {
        let patient = try Case.shared.get()
        let guide = SpineGuide(patient.maps)
        let row = AutomaticSegmentation.row(patient.maps, guide)
        let truth = patient.phantom.truth.vertebrae
        let anchor = VertebraSeed(level: truth[2].level, pointMM: truth[2].bodyCentreLPSMM + [3, 4, -3])
        let naming = try AutomaticSegmentation.naming(
            row, patient.maps, guide, scan: patient.phantom.volume.geometry, anchor: anchor)
        #expect(naming.names == truth.map(\.level))
        let away = VertebraSeed(level: .L1, pointMM: truth[0].bodyCentreLPSMM + [80, 0, 0])
        #expect(throws: SegmentationError.self) {
            try AutomaticSegmentation.naming(
                row, patient.maps, guide, scan: patient.phantom.volume.geometry, anchor: away)
        }
    }

    @Test func `no votes are no spine`() throws {
        let patient = try Case.shared.get()
        let count = patient.maps.geometry.size.count
        let empty = SpineMaps(
            geometry: patient.maps.geometry,
            probabilities: SpineClass.allCases.map { [Float](repeating: $0 == .background ? 1 : 0, count: count) },
            offsetsMM: patient.maps.offsetsMM)
        #expect(throws: SegmentationError.self) {
            try AutomaticSegmentation.segment(
                patient.phantom.volume, maps: empty, outliner: nil, anchor: nil, cancellation: Cancellation(),
                progress: { _ in })
        }
    }
}

/// Dice's coefficient of one label in one map and another in the other.
private func dice(_ a: LabelMap, _ label: UInt16, _ b: LabelMap, _ other: UInt16) -> Double {
    let (one, two) = (a.mask(of: label), b.mask(of: other))
    return 2 * Double(one.intersection(two).count) / Double(max(one.count + two.count, 1))
}
