// The whole pipeline on a real lumbar CT, beside another model's labels and its published heights and densities.
import Analyses
import Domain
import Foundation
import Imaging
import ImagingIO
import ReferenceData
import Testing

/// Label values of `labels-totalseg` by level.
private let totalSegmentatorLabels: [(VertebralLevel, UInt16)] = [
    (.L1, 31), (.L2, 30), (.L3, 29), (.L4, 28), (.L5, 27),
]

private struct Reference {
    let ct = ReferenceData.url("ct/lumbar-3mm/ct.nii.gz")
    let whole: LabelMap
    let parts: LabelMap

    init() throws {
        let geometry = try StudyFile.readVolume(ct).volume.geometry
        whole = try MaskFile.read(ReferenceData.url("ct/lumbar-3mm/labels-totalseg.nii.gz"), onto: geometry)
        parts = try MaskFile.read(ReferenceData.url("ct/lumbar-3mm/labels-body-disc.nii.gz"), onto: geometry)
    }

    /// One seed for each level: the centroid of its body.
    var seeds: [Target] {
        let body = parts.mask(of: 1)
        return totalSegmentatorLabels.compactMap { level, label in
            whole.mask(of: label).intersection(body).centroidMM.map {
                Target(level: level, seedLPSMM: [$0.x, $0.y, $0.z])
            }
        }
    }
}

@Suite(.enabled(if: ReferenceData.has("ct/lumbar-3mm/ct.nii.gz"), Comment(rawValue: ReferenceData.absent)))
struct LumbarAcceptanceTests {
    @Test func `five seeds give five vertebrae that agree with the reference in overlap, heights and density`() throws {
        let reference = try Reference()
        let output = try Pipeline.run(reference.ct, targets: reference.seeds)
        #expect(output.report.vertebrae.map(\.level) == [.L1, .L2, .L3, .L4, .L5])

        let overlaps = totalSegmentatorLabels.map { level, label in
            dice(output.segmentation, reference.whole, label: level.labelValue, otherLabel: label)
        }
        let mean = overlaps.reduce(0, +) / 5
        print("whole vertebrae, Dice by level: \(overlaps), mean \(mean)")
        #expect(mean >= 0.86)

        let json = try JSONSerialization.jsonObject(
            with: Data(contentsOf: ReferenceData.url("ct/lumbar-3mm/spine_report.json")))
        let theirs = try #require((json as? [String: Any])?["results"] as? [String: Any])
        for report in output.report.vertebrae {
            let prefix = "vertebrae_\(report.level.rawValue)"
            for column in ["anterior", "middle", "posterior"] {
                let ours = try #require(report.measurement("\(column)FocalHeight"))
                let reference = try #require(theirs["\(prefix)_height_\(column)_mm"] as? Double)
                print("\(report.level) \(column) height: ours \(ours), theirs \(reference) mm")
                #expect(abs(ours - reference) <= 3, "one voxel is 3 mm")
            }
            let ours = try #require(report.measurement("trabecularMean"))
            let reference = try #require(theirs["\(prefix)_intensity"] as? Double)
            print("\(report.level) density: ours \(ours), theirs \(reference) HU")
            #expect(abs(ours - reference) <= 15)
        }
    }

    @Test func `an uploaded label map keeps its volumes`() throws {
        let reference = try Reference()
        let output = try Pipeline.run(
            reference.ct, mask: ReferenceData.url("ct/lumbar-3mm/labels-totalseg.nii.gz"),
            targets: totalSegmentatorLabels.map { Target(level: $0, label: Int($1)) })
        for (report, (_, label)) in zip(output.report.vertebrae, totalSegmentatorLabels) {
            let labelled = reference.whole.mask(of: label).volumeML
            print("\(report.level): reported \(report.segmentation.vertebraVolumeML), labelled \(labelled) mL")
            #expect(abs(report.segmentation.vertebraVolumeML / labelled - 1) <= 0.02)
        }
    }
}
