// Clicks with the networks' help on a real CT: no worse than the search on the same vertebrae, and refused where no body is.
import Domain
import Imaging
import ReferenceData
import Testing

@testable import Segmentation

@Suite(.enabled(if: LumbarScan.isPresent, Comment(rawValue: ReferenceData.absent)))
struct GuidedLumbarTests {
    private static func guided() throws -> GuidedSegmentation {
        GuidedSegmentation(
            locator: try ShippedNetworks.locator(), outliner: try ShippedNetworks.outliner(),
            execution: try ShippedNetworks.execution())
    }

    /// The floors are those of the search (`AutomaticLumbarTests`).
    @Test func `a click in L3, 5 mm off its middle, agrees with the reference as the search does`() throws {
        let scan = try LumbarScan()
        let centre = try #require(centroid(of: VertebralLevel.L3.labelValue, in: scan.bodies))
        let result = try Self.guided().segment(
            scan.volume, seeds: [VertebraSeed(level: .L3, pointMM: centre + [3, -3, 3])], cancellation: Cancellation(),
            progress: { _ in })
        let vertebra = try #require(result.vertebrae.first)
        #expect(result.vertebrae.count == 1 && result.isGuided && vertebra.level == .L3)
        #expect(vertebra.isWhole && vertebra.origin == .seeded)
        #expect(result.warnings.isEmpty, "\(result.warnings)")
        let value = VertebralLevel.L3.labelValue
        let body = dice(result.bodyLabelMap(on: scan.volume.geometry), scan.bodies, label: value)
        let whole = dice(result.labelMap(on: scan.volume.geometry), scan.whole, label: value)
        print("L3 from one click, Dice with the reference model: body \(body), whole \(whole)")
        #expect(body >= 0.94)
        #expect(whole >= 0.93)
    }

    @Test func `levels that skip a vertebra in name alone are warned of`() throws {
        let scan = try LumbarScan()
        let seeds = try [(VertebralLevel.L2, VertebralLevel.L2), (.L4, .L3)].map { name, place in
            VertebraSeed(level: name, pointMM: try #require(centroid(of: place.labelValue, in: scan.bodies)))
        }
        let result = try Self.guided().segment(
            scan.volume, seeds: seeds, cancellation: Cancellation(), progress: { _ in })
        #expect(result.vertebrae.map(\.level) == [.L2, .L4])
        #expect(result.warnings.contains { $0.contains("L4 is 2 below L2") && $0.contains("seen 1") })
    }

    @Test(arguments: [[-45, 0, 0], [0, 45, 0], [0, -40, 0]] as [PointMM])
    func `a click in muscle, process or gut is refused`(offset: PointMM) throws {
        let scan = try LumbarScan()
        let centre = try #require(centroid(of: VertebralLevel.L3.labelValue, in: scan.bodies))
        #expect(throws: SegmentationError.self) {
            try Self.guided().segment(
                scan.volume, seeds: [VertebraSeed(level: .L3, pointMM: centre + offset)], cancellation: Cancellation(),
                progress: { _ in })
        }
    }
}
