// Objects for the PACS, made of a tiny series whose every voxel is known.
import Domain
import Foundation
import Imaging
import ImagingIO
import Testing

@testable import DICOMResults

@Suite struct ResultObjectTests {
    /// L1 in the first two voxels of slice 0 and the last of slice 2; 101, a vertebra without a level, in one voxel of slice 1.
    private var map: LabelMap {
        var map = LabelMap(geometry: Geometry(size: SampleSeries.size, spacingMM: [1, 1, 2]))
        map[0, 0, 0] = 20
        map[1, 0, 0] = 20
        map[4, 3, 2] = 20
        map[2, 1, 1] = 101
        return map
    }

    private func report() -> Report {
        var report = Report(
            analysis: AnalysisName(name: "segment", version: "1.0"),
            study: StudyReference(id: "s", inputSHA256: "", series: "1", modality: "CT"),
            image: ImageFacts(sizeVoxels: [5, 4, 3], spacingMM: [1, 1, 2], sliceThicknessMM: nil, warnings: []),
            standardisation: [], radiomics: nil, vertebrae: [], omissions: [],
            provenance: Provenance(
                software: "osteon", version: "0", settings: [:], models: [], createdAt: Date(timeIntervalSince1970: 0),
                timingsMS: []))
        report.spine = SpineSection(
            vertebrae: [
                SpineVertebra(
                    name: "unknown-1", level: nil, levelConfidence: 0, labelValue: 101, bodyCentreLPSMM: [0, 0, 0],
                    bodyVolumeML: 12.5, vertebraVolumeML: nil, isWhole: nil, frame: nil, score: 0.5,
                    verdict: "needs-review", reasons: ["small"])
            ], anchors: [], notes: [])
        return report
    }

    private func files(_ map: LabelMap, seed: String = "job") throws -> ResultContent.Files {
        let identity = ResultIdentity(seed: seed, date: Date(timeIntervalSince1970: 1_750_000_000))
        return try #require(
            ResultContent(report: report(), segmentation: map, source: SampleSeries.source(), identity: identity)
        ).encode()
    }

    @Test func `frames are packed bit by bit without a gap, slices that a segment does not touch left out`() {
        let frames = SegmentFrames(map)
        #expect(frames.all.map { [Int($0.label), $0.z] } == [[20, 0], [20, 2], [101, 1]])
        // 20 bits a frame: bits 0 and 1, then 20 + 19, then 40 + 7.
        #expect(frames.pixels() == [0b11, 0, 0, 0, 0b1000_0000, 0b1000_0000, 0, 0])
        #expect(frames.labels == [20, 101])
    }

    @Test func `the objects belong to the images' study, say research use, and have series of their own`() throws {
        let source = try SampleSeries.source()
        let files = try files(map)
        for (bytes, modality) in [(files.segmentation, "SEG"), (files.report, "SR"), (files.summary, "OT")] {
            let header = try SampleSeries.header(try #require(bytes))
            #expect(header.studyUID == source.studyUID)
            #expect(header.seriesUID != source.seriesUID)
            #expect(header.metadata.contains("RESEARCH USE ONLY"))
            #expect(header.seriesAttributes.contains("\"\(modality)\""))
            #expect(header.studyAttributes.contains("MÜLLER^ÄNNE"))
        }
    }

    @Test func `made again they are the same bytes; another job's are other objects`() throws {
        let first = try files(map)
        let second = try files(map)
        #expect(first.segmentation == second.segmentation && first.report == second.report)
        #expect(first.summary == second.summary)
        let other = try files(map, seed: "another")
        let uids = try [
            first.segmentation, first.report, first.summary, other.segmentation, other.report, other.summary,
        ].map {
            try SampleSeries.header(try #require($0)).sopUID
        }
        #expect(Set(uids).count == 6)
    }

    @Test func `segments are coded by level, and one without a level is a vertebra`() throws {
        let text = try SampleSeries.header(try #require(files(map).segmentation)).metadata
        for code in ["66794005", "51282000", "unknown-1", "121322", "113076"] {
            #expect(text.contains(code), "\(code)")
        }
        #expect(text.contains("\"unknown-1, needs review\"") && text.contains("\"L1\""))
        let report = try SampleSeries.header(try #require(files(map).report)).metadata
        for code in ["needs-review; small", "12.5", "126000", "not a medical device"] {
            #expect(report.contains(code), "\(code)")
        }
    }

    @Test func `nothing outlined makes a summary alone, and a map on another grid nothing`() throws {
        let empty = try files(LabelMap(geometry: map.geometry))
        #expect(empty.segmentation == nil && empty.report == nil && empty.summary != nil)
        let other = LabelMap(geometry: Geometry(size: Index3(x: 5, y: 4, z: 2), spacingMM: [1, 1, 2]))
        let identity = ResultIdentity(seed: "job", date: Date())
        #expect(
            ResultContent(report: report(), segmentation: other, source: try SampleSeries.source(), identity: identity)
                == nil)
    }

    @Test func `codes of Osteon's own have at most 16 characters and stay apart`() {
        let names = ["anteriorFocalHeight", "anteriorFocalHeigh2", "anterior", "simulatedLeakage-TypeIV"]
        let values = names.map { CodedConcept.own($0, "x").value }
        #expect(values.allSatisfy { $0.utf8.count <= 16 })
        #expect(Set(values).count == names.count)
        #expect(values[2] == "anterior")
    }
}
