// A real lumbar CT at 3 mm: our heights and density beside those of another tool's report.
import Domain
import Foundation
import Imaging
import ImagingIO
import ReferenceData
import Segmentation
import Testing

@testable import Morphometry

private let folder = ReferenceData.url("ct/lumbar-3mm")

/// The other tool's labels of whole vertebrae, and its report. Both are a model's output: agreement, not accuracy.
private let wholeLabels: [VertebralLevel: UInt16] = [.L1: 31, .L2: 30, .L3: 29, .L4: 28, .L5: 27]

struct LumbarAgreementTests {
    @Test(.enabled(if: ReferenceData.has("ct/lumbar-3mm/ct.nii.gz"), Comment(rawValue: ReferenceData.absent)))
    func `heights and density from seeds agree with the other tool's report on a real scan`() throws {
        let volume = try StudyFile.readVolume(folder.appending(path: "ct.nii.gz")).volume
        let spine = try SeededSegmentation.segment(
            volume, seeds: try seeds(in: volume.geometry), cancellation: Cancellation(), progress: { _ in })
        let report = try report()
        var differences: [Double] = []
        for vertebra in spine.vertebrae {
            let level = vertebra.level.rawValue
            let measured = try BodyMorphometry.measure(vertebra, in: volume)
            let heights = try #require(measured.heights)
            let theirs = try ["anterior", "middle", "posterior"].map {
                try #require(report["vertebrae_\(level)_height_\($0)_mm"])
            }
            differences += zip(heights.columns.all, theirs).map { abs($0 - $1) }
            let trabecular = try #require(measured.trabecularHU)
            let theirHU = try #require(report["vertebrae_\(level)_intensity"])
            print(
                "\(level): heights \(heights.columns.all) beside \(theirs) mm; HU \(trabecular.meanHU) beside \(theirHU)"
            )
            #expect(abs(trabecular.meanHU - theirHU) <= 15)
        }
        #expect(differences.count == 15)
        // One voxel is 3 mm. Their heights are those of the one section where they differ most, read on a 1.5 mm grid; ours are
        // medians over the middle half. Two of the fifteen differ by a little more than a voxel for that reason.
        #expect(differences.filter { $0 <= 3 }.count >= 13)
        #expect(differences.allSatisfy { $0 <= 3.5 })
    }

    /// Centroids of the body label inside each vertebra.
    private func seeds(in geometry: Geometry) throws -> [VertebraSeed] {
        let whole = try MaskFile.read(folder.appending(path: "labels-totalseg.nii.gz"), onto: geometry)
        let body = try MaskFile.read(folder.appending(path: "labels-body-disc.nii.gz"), onto: geometry).mask(of: 1)
        return try wholeLabels.map { level, label in
            let centre = try #require(whole.mask(of: label).intersection(body).centroidMM)
            return VertebraSeed(level: level, pointMM: centre)
        }
    }

    private func report() throws -> [String: Double] {
        struct Report: Decodable { var results: [String: Double] }
        let data = try Data(contentsOf: folder.appending(path: "spine_report.json"))
        return try JSONDecoder().decode(Report.self, from: data).results
    }
}
