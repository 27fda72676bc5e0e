// The search beyond a row's ends: bodies that the border of the scan cuts.
import Domain
import Imaging
import Phantoms
import Testing

@testable import Segmentation

@Suite struct CloserLookTests {
    /// A box in a scan that ends above its middle once it is moved.
    @Test func `a moved body keeps what the scan shows of it`() throws {
        let view = VertebraView.drawn(round: .zero) { p in
            abs(p.x) < 10 && abs(p.y) < 8 && abs(p.z) < 6 ? .ownBody : .elsewhere
        }
        let scan = Geometry(
            size: Index3(x: 120, y: 120, z: 120), spacingMM: [1, 1, 1], originMM: [-60, -60, -116.25])
        let all = try #require(view.body)
        let moved = try #require(view.moved(by: [3, -6, 0.75], within: scan).body)
        // Layers of 1.5 mm at -4.5 … 4.5 come to lie at -3.75 … 5.25, the scan's last voxel ends at 3.25: five of seven are left.
        #expect(abs(moved.volumeML / all.volumeML - 5.0 / 7) < 1e-9)
        #expect(length(moved.centreMM - (all.centreMM + [3, -6, 0.75 - 1.5])) < 1e-9)
    }

    /// A generated disc of 15 mm below a fracture became a vertebra, though both neighbours saw disc there: it shifted the names below.
    @Test func `a place where both neighbours see disc is no vertebra`() {
        func seen(_ structure: VertebraView.Structure) -> VertebraView { .drawn(round: .zero) { _ in structure } }
        let place: PointMM = [0, 0, 12]
        #expect(CloserLook.isDisc(place, for: [seen(.disc), seen(.disc)]))
        #expect(!CloserLook.isDisc(place, for: [seen(.disc), seen(.otherVertebra)]))
        #expect(!CloserLook.isDisc([0, 0, 200], for: [seen(.disc), seen(.disc)]), "beyond what they see")
    }

    private static let phantom = Result { try PhantomBuilder.build(.random(seed: 3, spacingMM: [1.5, 1.5, 1.5])) }

    /// How many members a row of the second and third vertebra of a phantom gets upwards, where the scan ends in the first body, so that its lowest share is left.
    private func above(leaving share: Double) throws -> Int {
        let phantom = try Self.phantom.get()
        let size = phantom.volume.geometry.size
        let first = try #require(phantom.truth.vertebrae.first)
        let layers = (0..<size.z).filter { z in
            (0..<size.y).contains { y in
                (0..<size.x).contains { x in phantom.bodies[x, y, z] == first.level.labelValue }
            }
        }
        let lowest = try #require(layers.first)
        let top = lowest + Int((share * Double(layers.count)).rounded())
        let part = phantom.volume.cropped(from: Index3(x: 0, y: 0, z: 0), size: Index3(x: size.x, y: size.y, z: top))
        let row = SpineRow(
            members: phantom.truth.vertebrae[1...2].map { SpineRow.Member(centreMM: $0.bodyCentreLPSMM, mass: 100) })
        let completed = try CloserLook(volume: part, outliner: try ShippedNetworks.outliner()).completed(row)
        return completed.members.filter { $0.centreMM.z > row.members[0].centreMM.z + 1 }.count
    }

    /// It was lost: what was left of it was less than half of its neighbour, its middle too near to it.
    @Test(arguments: [0.4, 1]) func `a body that the border cuts is found beyond the row's end`(_ share: Double) throws
    {
        #expect(try above(leaving: share) == 1)
    }

    @Test func `where the border leaves nothing of a body none is made up`() throws {
        #expect(try above(leaving: 0) == 0)
    }
}
