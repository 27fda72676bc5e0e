// Scans that are no good for a search of the spine, with the shipped network: refused, or marked, with the reason.
import DeepFeatures
import Domain
import Foundation
import Imaging
import Phantoms
import ReferenceData
import Segmentation
import Testing

@testable import Analyses

/// What `segment` and `digital-biopsy` make of a volume that came as NIfTI.
private func run(
    _ analysis: String, _ volume: Volume, parameters: [String: ParameterValue] = [:]
) throws -> AnalysisOutput {
    let models = try InstalledModels(folder: ReferenceData.packageRoot.appendingPathComponent("deploy/models"))
    return try Pipeline.search(volume, analysis, parameters: parameters, catalog: AnalysisCatalog(models: models))
}

/// A trunk or limbs drawn from distances: HU by place in LPS, about (0, 0, 0), with noise.
private func scan(_ size: Index3, spacingMM: Double, _ hu: (PointMM) -> Float) -> Volume {
    let half = SIMD3(Double(size.x), Double(size.y), Double(size.z)) * spacingMM / 2
    let geometry = Geometry(size: size, spacingMM: SIMD3(repeating: spacingMM), originMM: -half)
    var volume = Volume(geometry: geometry, filledWith: 0)
    var state: UInt64 = 7
    for i in volume.voxels.indices {
        let place = Index3(x: i % size.x, y: i / size.x % size.y, z: i / (size.x * size.y))
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let noise = Float(state >> 40) / Float(1 << 24) * 50 - 25
        volume.voxels[i] = hu(geometry.point(at: place)) + noise
    }
    return volume
}

private func radius(_ p: PointMM, _ x: Double, _ y: Double) -> Double {
    ((p.x - x) * (p.x - x) + (p.y - y) * (p.y - y)).squareRoot()
}

/// Three vertebrae that the shipped network finds.
private func lumbar(spacingMM: SIMD3<Double>) throws -> Phantom {
    var recipe = PhantomRecipe(seed: 7, levels: [.L1, .L2, .L3])
    recipe.spacingMM = spacingMM
    return try PhantomBuilder.build(recipe)
}

private func omission(_ item: String, in report: Report) -> String? {
    report.omissions.first { $0.item == item }?.reason
}

@Suite(.serialized) struct BadScanTests {
    private static let phantom = Result { try lumbar(spacingMM: [1, 1, 1.5]) }

    /// Two thighs: skin, fat, muscle, a femur with its marrow.
    private static let legs = scan(Index3(x: 100, y: 64, z: 48), spacingMM: 3) { p in
        let r = min(radius(p, -72, 0), radius(p, 72, 0))
        return r < 8 ? -60 : r < 14 ? 1300 : r < 62 ? 55 : r < 72 ? -100 : -1000
    }
    /// A trunk of fat and muscle with a bowel's gas, no bone.
    private static let belly = scan(Index3(x: 100, y: 70, z: 40), spacingMM: 3) { p in
        let r = (p.x * p.x / 19_600 + p.y * p.y / 9_000).squareRoot()
        return length(p - [40, -30, 10]) < 25 ? -900 : r < 0.8 ? 50 : r < 1 ? -100 : -1000
    }

    @Test func `legs and a belly without bones hold no spine`() throws {
        for (analysis, volume) in [("digital-biopsy", Self.legs), ("segment", Self.belly)] {
            let error = #expect(throws: SegmentationError.self) { try run(analysis, volume) }
            #expect(error?.code == .segmentationFailed)
            #expect(error?.detail.hasPrefix("No spine was found in this scan") == true)
        }
    }

    /// An MR holds no values below zero; nor does a CT that lost its offset of 1024.
    @Test(arguments: ["segment", "digital-biopsy"])
    func `values that are no Hounsfield units are refused with their range`(analysis: String) throws {
        let phantom = try Self.phantom.get()
        var raised = phantom.volume
        for i in raised.voxels.indices { raised.voxels[i] += 1024 }
        var resonance = phantom.volume
        for i in resonance.voxels.indices { resonance.voxels[i] = max(0, 300 - abs(resonance.voxels[i])) }
        for volume in [raised, resonance] {
            let error = #expect(throws: AnalysisError.self) { try run(analysis, volume) }
            #expect(error?.code == .modalityNotCT)
            let (low, high) = (volume.voxels.min() ?? 0, volume.voxels.max() ?? 0)
            #expect(error == .notHounsfield(lowest: Double(low), highest: Double(high)))
        }
    }

    @Test func `one slice or three show no spine`() throws {
        let volume = try Self.phantom.get().volume
        for count in [1, 3] {
            var size = volume.geometry.size
            let from = Index3(x: 0, y: 0, z: size.z / 2)
            size.z = count
            let error = #expect(throws: SegmentationError.self) {
                try run("segment", volume.cropped(from: from, size: size))
            }
            #expect(error?.code == .segmentationFailed)
        }
    }

    @Test func `half a vertebra at the edge is marked cut, and the biopsy measures the others alone`() throws {
        let phantom = try Self.phantom.get()
        let lowest = try #require(phantom.truth.vertebrae.first { $0.level == .L3 })
        let centre = phantom.volume.geometry.index(of: lowest.bodyCentreLPSMM)
        var size = phantom.volume.geometry.size
        size.z -= Int(centre.z)
        let half = phantom.volume.cropped(from: Index3(x: 0, y: 0, z: Int(centre.z)), size: size)
        let spine = try #require(try run("segment", half).report.spine)
        let cut = try #require(spine.vertebrae.last)
        #expect(cut.isWhole == false)
        #expect(cut.verdict == "needs-review")
        #expect(cut.reasons.contains { $0.contains("cut by the border of the scan") })
        #expect(cut.parts == nil)
        let report = try run(
            "digital-biopsy", half,
            parameters: ["rehearsalRuns": .number(0), "radiomics": .text("none"), "deepFeatures": .text("none")]
        ).report
        #expect(!report.vertebrae.map(\.level.rawValue).contains(cut.name))
        #expect(try #require(omission(cut.name, in: report)).contains("cut by the border of the scan"))
    }

    @Test func `on slices of 5 mm parts that cannot be resolved are omitted by name`() throws {
        let output = try run("segment", try lumbar(spacingMM: [1, 1, 5]).volume)
        let spine = try #require(output.report.spine)
        let accepted = spine.vertebrae.filter { $0.verdict == "accepted" }
        try #require(!accepted.isEmpty, "\(spine.vertebrae.map(\.reasons))")
        for vertebra in accepted {
            let told = output.report.omissions.first {
                $0.item.hasPrefix(vertebra.name) && $0.item.contains("endplate")
            }
            #expect(try #require(told).reason.contains("5.0 mm"))
            #expect(vertebra.parts?.contains { $0.name.contains("endplate") } == false)
        }
        #expect(output.report.omissions.filter { $0.item.contains("disc above") }.count == accepted.count)
        #expect(output.report.image.warnings.contains { $0.contains("Slices are 5.0 mm thick") })
    }

    @Test func `a vertebra with screws is for review, and the reason is metal`() throws {
        let phantom = try Self.phantom.get()
        var volume = phantom.volume
        let body = try #require(phantom.truth.vertebrae.first { $0.level == .L2 }).bodyCentreLPSMM
        let size = volume.geometry.size
        for i in volume.voxels.indices {
            let place = volume.geometry.point(
                at: Index3(x: i % size.x, y: i / size.x % size.y, z: i / (size.x * size.y)))
            let p = place - body
            // Two screws of 6 mm from the back through the pedicles into the body, 6 mm above its middle.
            let fromAxis = ((abs(p.x) - 14) * (abs(p.x) - 14) + (p.z - 6) * (p.z - 6)).squareRoot()
            if fromAxis < 3, (-6.0...45).contains(p.y) { volume.voxels[i] = 3071 }
        }
        let spine = try #require(try run("segment", volume).report.spine)
        let nearest = try #require(
            spine.vertebrae.min { distance($0, body) < distance($1, body) })
        #expect(distance(nearest, body) < 15)
        #expect(nearest.verdict == "needs-review")
        #expect(nearest.reasons.contains { $0.contains("metal") }, "\(nearest.reasons)")
    }

    private func distance(_ vertebra: SpineVertebra, _ place: PointMM) -> Double {
        let centre = vertebra.bodyCentreLPSMM
        return length([centre[0], centre[1], centre[2]] - place)
    }
}
