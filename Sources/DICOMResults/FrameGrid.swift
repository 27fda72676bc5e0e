// Where the frames of an object lie: the functional groups of PS3.3 C.7.6.16 that tie them to the images.
import Imaging
import ImagingIO

/// A box of the images' grid; a frame is one slice of it.
struct FrameGrid {
    private let source: SourceSeries
    private let spacingMM: Double
    /// Whether frames are whole slices, pixel for pixel.
    private let isWhole: Bool
    let box: IndexBox

    /// - Parameters:
    ///   - geometry: the images' grid.
    ///   - box: nil for all of it.
    init(_ source: SourceSeries, _ geometry: Geometry, box: IndexBox? = nil) {
        self.source = source
        spacingMM = geometry.spacingMM.z
        isWhole = box == nil
        self.box = box ?? IndexBox(lower: Index3(x: 0, y: 0, z: 0), size: geometry.size)
    }

    /// What all objects say of their frames as a whole: size, frame of reference, the images that slices of the box come from.
    /// - Parameter slices: of the box, from 0.
    func describe(_ data: inout DICOMDataSet, slices: [Int]) {
        data.add(.frameOfReferenceUID, .UI, source.frameOfReferenceUID)
        data.add(.positionReference, .LO, "")
        data.add(.rows, word: box.size.y)
        data.add(.columns, word: box.size.x)
        data.add(
            .referencedSeries,
            items: [
                .item { series in
                    series.add(.seriesInstanceUID, .UI, source.seriesUID)
                    series.add(
                        .referencedInstance,
                        items: slices.map { z in .item { $0.add(reference: slice(z).object) } })
                }
            ])
    }

    /// Pixel measures and orientation, which all frames share.
    func addShared(to groups: inout DICOMDataSet) {
        groups.add(
            .pixelMeasures,
            items: [
                .item {
                    $0.add(.pixelSpacing, .DS, numbers: [source.pixelSpacingMM.y, source.pixelSpacingMM.x])
                    $0.add(.sliceThickness, .DS, numbers: [source.sliceThicknessMM ?? spacingMM])
                    $0.add(.spacingBetweenSlices, .DS, numbers: [spacingMM])
                }
            ])
        let (row, column) = (source.rowAxis, source.columnAxis)
        groups.add(
            .planeOrientation,
            items: [
                .item {
                    $0.add(.imageOrientation, .DS, numbers: [row.x, row.y, row.z, column.x, column.y, column.z])
                }
            ])
    }

    /// Where a frame lies and which image it comes from.
    /// - Parameters:
    ///   - z: slice of the box, from 0.
    ///   - derivation: what was done with the image (CID 7203).
    ///   - indices: the frame's place along each dimension of the object.
    func addFrame(_ z: Int, _ derivation: CodedConcept, indices: [Int], to groups: inout DICOMDataSet) {
        groups.add(.derivationImage, items: [.item { addDerivation(from: slice(z).object, derivation, to: &$0) }])
        groups.add(.frameContent, items: [.item { $0.add(.dimensionIndexValues, longWords: indices) }])
        let place =
            slice(z).positionMM + source.rowAxis * (Double(box.lower.x) * source.pixelSpacingMM.x)
            + source.columnAxis * (Double(box.lower.y) * source.pixelSpacingMM.y)
        groups.add(
            .planePosition, items: [.item { $0.add(.imagePosition, .DS, numbers: [place.x, place.y, place.z]) }])
    }

    private func addDerivation(
        from object: ObjectReference, _ derivation: CodedConcept, to data: inout DICOMDataSet
    ) {
        data.add(
            .sourceImage,
            items: [
                .item {
                    $0.add(reference: object)
                    if isWhole { $0.add(.spatialLocationsPreserved, .CS, "YES") }
                    $0.add(
                        .purposeOfReference,
                        code: CodedConcept("121322", "DCM", "Source Image for Image Processing Operation"))
                }
            ])
        data.add(.derivationCode, code: derivation)
    }

    private func slice(_ z: Int) -> SourceSeries.Slice { source.slices[box.lower.z + z] }
}

/// The dimensions of a multi-frame object (PS3.3 C.7.6.17).
struct FrameDimension {
    let pointer: DICOMTag
    let group: DICOMTag
    let text: String

    static let position = FrameDimension(pointer: .imagePosition, group: .planePosition, text: "Position")
    static let segment = FrameDimension(
        pointer: .referencedSegmentNumber, group: .segmentIdentification, text: "Segment")

    /// - Parameter organization: UID of the dimensions as a whole.
    static func add(_ dimensions: [FrameDimension], _ organization: String, to data: inout DICOMDataSet) {
        data.add(.dimensionOrganization, items: [.item { $0.add(.dimensionOrganizationUID, .UI, organization) }])
        data.add(
            .dimensionIndex,
            items: dimensions.map { dimension in
                .item {
                    $0.add(.dimensionOrganizationUID, .UI, organization)
                    $0.add(.dimensionIndexPointer, pointer: dimension.pointer)
                    $0.add(.functionalGroupPointer, pointer: dimension.group)
                    $0.add(.dimensionDescription, .LO, dimension.text)
                }
            })
    }
}
