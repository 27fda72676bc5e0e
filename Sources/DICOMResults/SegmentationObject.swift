// Outlined vertebrae as a DICOM segmentation (PS3.3 A.51), binary, one segment each.
import Domain
import Imaging
import ImagingIO

/// Writes the label map of an analysis on the grid of its images, frame for slice.
struct SegmentationObject {
    private let frames: SegmentFrames
    private let segments: [NamedSegment]
    private let geometry: Geometry
    private let report: Report
    private let source: SourceSeries
    private let identity: ResultIdentity

    init(_ map: LabelMap, _ segments: [NamedSegment], _ frames: SegmentFrames, of content: ResultContent) {
        self.frames = frames
        self.segments = segments
        geometry = map.geometry
        report = content.report
        source = content.source
        identity = content.identity
    }

    var file: [UInt8] {
        var data = ResultKind.segmentation.dataSet(of: source, identity)
        describe(&data)
        data.add(.segments, items: segments.map(segment))
        addDimensions(&data)
        addReferences(&data)
        data.add(.sharedGroups, items: [shared])
        let ranks = Dictionary(
            uniqueKeysWithValues: Set(frames.all.map(\.z)).sorted().enumerated().map { ($1, $0 + 1) })
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
        data.add(.contentLabel, .CS, "VERTEBRAE")
        data.add(.contentDescription, .LO, "Vertebrae. Research use only, not a medical device")
        data.add(.contentCreator, .PN, "")
        data.add(.segmentationType, .CS, "BINARY")
        data.add(.segmentsOverlap, .CS, "NO")
        data.add(.lossyCompression, .CS, "00")
        data.add(.frameOfReferenceUID, .UI, source.frameOfReferenceUID)
        data.add(.positionReference, .LO, "")
        data.add(.samplesPerPixel, word: 1)
        data.add(.photometricInterpretation, .CS, "MONOCHROME2")
        data.add(.rows, word: geometry.size.y)
        data.add(.columns, word: geometry.size.x)
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
            $0.add(.segmentAlgorithmName, .LO, "Osteon \(report.analysis.name) \(report.analysis.version)")
            $0.add(.segmentedPropertyCategory, code: .anatomicalStructure)
            $0.add(.segmentedPropertyType, code: .vertebra(segment.level))
            $0.add(.trackingID, .UT, segment.name)
            $0.add(.trackingUID, .UI, identity.uid("segment/\(segment.label)"))
            $0.add(.recommendedCIELab, words: Self.colours[segment.number % Self.colours.count])
        }
    }

    /// Colours that neighbours do not share, CIELab scaled to 16 bits (PS3.3 C.10.7.1.1); our choice.
    private static let colours = [
        [43_803, 26_565, 37_722], [37_006, 42_662, 42_405], [51_657, 30_969, 48_573], [39_321, 38_550, 20_560],
        [45_874, 24_672, 33_924], [49_151, 37_008, 39_578],
    ]

    /// Multi-frame Dimension (PS3.3 C.7.6.17): by segment, then by place.
    private func addDimensions(_ data: inout DICOMDataSet) {
        let organization = identity.uid("segmentation/dimensions")
        data.add(.dimensionOrganization, items: [.item { $0.add(.dimensionOrganizationUID, .UI, organization) }])
        let indices: [(pointer: DICOMTag, group: DICOMTag, text: String)] = [
            (.referencedSegmentNumber, .segmentIdentification, "Segment"), (.imagePosition, .planePosition, "Position"),
        ]
        data.add(
            .dimensionIndex,
            items: indices.map { index in
                .item {
                    $0.add(.dimensionOrganizationUID, .UI, organization)
                    $0.add(.dimensionIndexPointer, pointer: index.pointer)
                    $0.add(.functionalGroupPointer, pointer: index.group)
                    $0.add(.dimensionDescription, .LO, index.text)
                }
            })
    }

    /// Common Instance Reference (PS3.3 C.12.2): the images that frames were outlined in.
    private func addReferences(_ data: inout DICOMDataSet) {
        let used = Set(frames.all.map(\.z)).sorted()
        data.add(
            .referencedSeries,
            items: [
                .item { series in
                    series.add(.seriesInstanceUID, .UI, source.seriesUID)
                    series.add(
                        .referencedInstance,
                        items: used.map { z in .item { $0.add(reference: source.slices[z].object) } })
                }
            ])
    }

    /// What all frames share: pixel measures and orientation (PS3.3 C.7.6.16.2).
    private var shared: DICOMDataSet {
        .item { groups in
            groups.add(
                .pixelMeasures,
                items: [
                    .item {
                        $0.add(.pixelSpacing, .DS, numbers: [source.pixelSpacingMM.y, source.pixelSpacingMM.x])
                        $0.add(.sliceThickness, .DS, numbers: [source.sliceThicknessMM ?? geometry.spacingMM.z])
                        $0.add(.spacingBetweenSlices, .DS, numbers: [geometry.spacingMM.z])
                    }
                ])
            groups.add(
                .planeOrientation,
                items: [
                    .item {
                        let (row, column) = (source.rowAxis, source.columnAxis)
                        $0.add(
                            .imageOrientation, .DS, numbers: [row.x, row.y, row.z, column.x, column.y, column.z])
                    }
                ])
        }
    }

    private func group(of frame: SegmentFrame, segment: Int, rank: Int) -> DICOMDataSet {
        let slice = source.slices[frame.z]
        return .item { groups in
            groups.add(.derivationImage, items: [Self.derivation(from: slice.object)])
            groups.add(.frameContent, items: [.item { $0.add(.dimensionIndexValues, longWords: [segment, rank]) }])
            groups.add(
                .planePosition,
                items: [
                    .item {
                        let place = slice.positionMM
                        $0.add(.imagePosition, .DS, numbers: [place.x, place.y, place.z])
                    }
                ])
            groups.add(.segmentIdentification, items: [.item { $0.add(.referencedSegmentNumber, word: segment) }])
        }
    }

    private static func derivation(from object: ObjectReference) -> DICOMDataSet {
        .item { derivation in
            derivation.add(
                .sourceImage,
                items: [
                    .item {
                        $0.add(reference: object)
                        $0.add(.spatialLocationsPreserved, .CS, "YES")
                        $0.add(
                            .purposeOfReference,
                            code: CodedConcept("121322", "DCM", "Source Image for Image Processing Operation"))
                    }
                ])
            derivation.add(.derivationCode, code: CodedConcept("113076", "DCM", "Segmentation"))
        }
    }
}
