// Outlines as a DICOM segmentation (PS3.3 A.51), binary.
import Domain
import Imaging
import ImagingIO

/// Writes a label map frame for slice, a segment for each value.
struct SegmentationObject {
    private let kind: ResultKind
    private let frames: SegmentFrames
    private let segments: [NamedSegment]
    private let grid: FrameGrid
    private let content: ResultContent

    /// - Parameters:
    ///   - kind: vertebrae or parts.
    ///   - segments: of the values that occur in the map.
    ///   - frames: of a map on `grid`'s box.
    init(
        _ kind: ResultKind, _ segments: [NamedSegment], _ frames: SegmentFrames, on grid: FrameGrid,
        of content: ResultContent
    ) {
        self.kind = kind
        self.frames = frames
        self.segments = segments
        self.grid = grid
        self.content = content
    }

    var file: [UInt8] {
        var data = kind.dataSet(of: content.source, content.identity)
        describe(&data)
        let slices = Set(frames.all.map(\.z)).sorted()
        grid.describe(&data, slices: slices)
        data.add(.segments, items: segments.map(segment))
        FrameDimension.add([.segment, .position], content.identity.uid(kind.name + "/dimensions"), to: &data)
        data.add(.sharedGroups, items: [.item(grid.addShared)])
        let ranks = Dictionary(uniqueKeysWithValues: slices.enumerated().map { ($1, $0 + 1) })
        let numbers = Dictionary(uniqueKeysWithValues: segments.map { ($0.label, $0.number) })
        data.add(
            .perFrameGroups,
            items: frames.all.map { group(of: $0, segment: numbers[$0.label] ?? 0, rank: ranks[$0.z] ?? 0) })
        data.add(.numberOfFrames, .IS, String(frames.all.count))
        data.add(.pixelData, .OB, frames.pixels())
        return data.file
    }

    /// Segmentation Image and Image Pixel (PS3.3 C.8.20.2, C.7.6.3).
    private func describe(_ data: inout DICOMDataSet) {
        data.add(.imageType, .CS, "DERIVED\\PRIMARY")
        data.add(.contentLabel, .CS, kind.contentLabel)
        data.add(.contentDescription, .LO, kind.contentDescription)
        data.add(.contentCreator, .PN, "")
        data.add(.segmentationType, .CS, "BINARY")
        data.add(.segmentsOverlap, .CS, "NO")
        data.add(.lossyCompression, .CS, "00")
        data.add(.samplesPerPixel, word: 1)
        data.add(.photometricInterpretation, .CS, "MONOCHROME2")
        data.add(.bitsAllocated, word: 1)
        data.add(.bitsStored, word: 1)
        data.add(.highBit, word: 0)
        data.add(.pixelRepresentation, word: 0)
    }

    /// Segment Description (PS3.3 C.8.20.4).
    private func segment(_ segment: NamedSegment) -> DICOMDataSet {
        .item {
            $0.add(.segmentNumber, word: segment.number)
            $0.add(.segmentLabel, .LO, segment.displayedName)
            $0.add(.segmentAlgorithmType, .CS, segment.isAutomatic ? "AUTOMATIC" : "SEMIAUTOMATIC")
            let analysis = content.report.analysis
            $0.add(.segmentAlgorithmName, .LO, "Osteon \(analysis.name) \(analysis.version)")
            $0.add(.segmentedPropertyCategory, code: .anatomicalStructure)
            $0.add(.segmentedPropertyType, code: segment.type)
            if let region = segment.region { $0.add(.anatomicRegion, code: region) }
            $0.add(.trackingID, .UT, segment.name)
            $0.add(.trackingUID, .UI, segment.trackingUID(content.identity))
            $0.add(.recommendedCIELab, words: Self.colours[segment.number % Self.colours.count])
        }
    }

    /// Colours that neighbours do not share, CIELab scaled to 16 bits (PS3.3 C.10.7.1.1); our choice.
    private static let colours = [
        [43_803, 26_565, 37_722], [37_006, 42_662, 42_405], [51_657, 30_969, 48_573], [39_321, 38_550, 20_560],
        [45_874, 24_672, 33_924], [49_151, 37_008, 39_578],
    ]

    private func group(of frame: SegmentFrame, segment: Int, rank: Int) -> DICOMDataSet {
        .item { groups in
            grid.addFrame(
                frame.z, CodedConcept("113076", "DCM", "Segmentation"), indices: [segment, rank], to: &groups)
            groups.add(.segmentIdentification, items: [.item { $0.add(.referencedSegmentNumber, word: segment) }])
        }
    }
}
