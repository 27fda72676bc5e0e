// The uppermost vertebrae by the shape of C2: bodies drawn by hand as the outlining network would see them.
import Domain
import Imaging
import Testing

@testable import Segmentation

/// A view in which a box of the given half extents is surely body, and another on top of it.
private func view(_ centre: PointMM, halfMM: SIMD3<Double>, dens: SIMD3<Double>? = nil) -> VertebraView {
    .drawn(round: centre) { p in
        let isBody = abs(p.x) <= halfMM.x && abs(p.y) <= halfMM.y && abs(p.z) <= halfMM.z
        let isDens = dens.map { abs(p.x) <= $0.x && abs(p.y) <= $0.y && p.z >= 0 && p.z <= halfMM.z + $0.z } ?? false
        return isBody || isDens ? .ownBody : .elsewhere
    }
}

@Suite struct DensAnchorTests {
    private static let scan = Geometry(
        size: Index3(x: 200, y: 200, z: 200), spacingMM: [1, 1, 1], originMM: [-100, -100, -100])
    /// C1, C2, C3 and C4, 17 mm apart.
    private static let row = SpineRow(
        members: [35, 18, 0, -17].map { SpineRow.Member(centreMM: [0, 0, $0], mass: 10) }, sacrumMM: nil)
    private static let plain: SIMD3<Double> = [9.5, 7.5, 6.5]

    private static func views(dens: SIMD3<Double>?) -> [VertebraView] {
        [
            view([0, 0, 35], halfMM: [0, 0, 0]), view([0, 0, 18], halfMM: plain, dens: dens),
            view([0, 0, 0], halfMM: plain), view([0, 0, -17], halfMM: plain),
        ]
    }

    @Test func `a body that stands up below a ring without one is C2, its dens as long as a body is high`() throws {
        let reading = try DensAnchor(views: Self.views(dens: [5, 5, 15]), scan: Self.scan).reading(of: Self.row).get()
        #expect(reading.anchor == .dens)
        #expect(reading.level == .C2 && reading.position == 1)
        let naming = LevelNaming(positions: Self.row.positions, readings: [reading], silences: [])
        #expect(naming.names == [.C1, .C2, .C3, .C4])
        #expect(naming.confidences == [0.8, 0.8, 0.8, 0.8])
    }

    @Test func `without the ring it is the first`() throws {
        let row = Self.row.withoutFirst
        let views = Array(Self.views(dens: [5, 5, 15]).dropFirst())
        let reading = try DensAnchor(views: views, scan: Self.scan).reading(of: row).get()
        #expect(reading.level == .C2 && reading.position == 0)
    }

    @Test func `equal bodies say nothing`() {
        let result = DensAnchor(views: Self.views(dens: nil), scan: Self.scan).reading(of: Self.row)
        #expect(throws: Silence.self) { try result.get() }
    }

    /// A border at the side makes any body narrow.
    @Test func `a body that the scan cuts says nothing`() {
        let narrow = Geometry(size: Index3(x: 20, y: 200, z: 200), spacingMM: [1, 1, 1], originMM: [-10, -100, -100])
        let result = DensAnchor(views: Self.views(dens: [5, 5, 15]), scan: narrow).reading(of: Self.row)
        #expect(throws: Silence.self) { try result.get() }
    }

    @Test func `a vertebra that is missing below says nothing`() {
        var row = Self.row
        row.members[2].missingAbove = 1
        let result = DensAnchor(views: Self.views(dens: [5, 5, 15]), scan: Self.scan).reading(of: row)
        #expect(throws: Silence.self) { try result.get() }
    }

    @Test func `no outliner, no reading`() {
        #expect(throws: Silence.self) { try DensAnchor(views: [], scan: Self.scan).reading(of: Self.row).get() }
    }
}
